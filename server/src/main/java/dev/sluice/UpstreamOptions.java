package dev.sluice;

import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of {@code serve} that say who answers for flows that are not named. */
final class UpstreamOptions {
  @Option(
      names = "--upstream-url",
      paramLabel = "VALUE",
      description =
          "OpenAI-compatible server, up to and with /v1, or a Flowise server; none: the demo.")
  @Nullable String url;

  @Option(
      names = "--upstream-kind",
      defaultValue = "openai",
      paramLabel = "VALUE",
      description =
          "What answers at --upstream-url: ${COMPLETION-CANDIDATES}." + ServeOptions.OR_DEFAULT)
  UpstreamChoice kind = UpstreamChoice.openai;

  @Option(names = "--upstream-model", paramLabel = "VALUE", description = "Model to ask for.")
  @Nullable String model;

  @Option(
      names = "--upstream-key",
      paramLabel = "VALUE",
      description = "Sent as bearer token; better given as SLUICE_UPSTREAM_KEY.")
  @Nullable String key;

  @Option(
      names = "--upstream-headers",
      split = ",",
      paramLabel = "LIST",
      description = "Further request headers, 'Name: value', by comma.")
  List<String> headers = List.of();

  @Option(
      names = "--upstream-system-prompt",
      paramLabel = "VALUE",
      description = "Put in front of every conversation.")
  @Nullable String systemPrompt;

  @Option(
      names = "--upstream-connected-to-end",
      defaultValue = "true",
      paramLabel = "VALUE",
      arity = "1",
      description =
          "false: what the model says is reasoning, not the answer." + ServeOptions.OR_DEFAULT)
  boolean connectedToEnd;

  @Option(
      names = "--upstream-connect-timeout-ms",
      defaultValue = "10000",
      paramLabel = "N",
      description = "For the connection to be made." + ServeOptions.OR_DEFAULT)
  long connectTimeoutMs;

  @Option(
      names = "--upstream-idle-timeout-ms",
      defaultValue = "120000",
      paramLabel = "N",
      description = "Silence before the call is given up." + ServeOptions.OR_DEFAULT)
  long idleTimeoutMs;
}
