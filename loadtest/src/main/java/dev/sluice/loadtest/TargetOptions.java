package dev.sluice.loadtest;

import dev.sluice.loadtest.plan.Dialect;
import dev.sluice.loadtest.plan.Form;
import dev.sluice.loadtest.plan.Publish;
import dev.sluice.loadtest.target.TargetAddress;
import java.util.LinkedHashMap;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** What the load is put on. */
final class TargetOptions {
  /** The option that the URL came by. */
  private String option = "--url";

  @Option(
      names = "--url",
      paramLabel = "URL",
      defaultValue = "http://127.0.0.1:8080",
      description = "The target, on this machine only; 'echo': one in this process.")
  private String url = "";

  @Option(
      names = "--pid",
      description = {
        "The target's process: tells its memory per idle stream and CPU per token.",
        "Without it, they are what the target's /metrics tell, if it has any."
      })
  private @Nullable Long pid;

  @Option(
      names = "--dialect",
      paramLabel = "NAME|FILE",
      defaultValue = "sluice",
      description = "How to talk to it: sluice, prediction, rival, nchan, or a .yaml file.")
  private String dialect = "";

  @Option(
      names = "--subscribe-url",
      paramLabel = "PATH",
      description = "Overrides the dialect's; {chat} is filled in.")
  private @Nullable String subscribeUrl;

  @Option(
      names = "--subscribe-body",
      paramLabel = "JSON",
      description = "Ask for a stream by POST with this body; {chat} is filled in.")
  private @Nullable String subscribeBody;

  @Option(
      names = "--publish-url",
      paramLabel = "PATH",
      description = "Overrides the dialect's for this way to publish; {chat} is filled in.")
  private @Nullable String publishUrl;

  @Option(
      names = "--publish-body",
      paramLabel = "TEXT",
      description = "The same for a token's body or line; {chat}, {token}, {index} are filled in.")
  private @Nullable String publishBody;

  @Option(
      names = "--form",
      paramLabel = "contract|sse",
      description = "Check every byte by Sluice's contract, or the texts in any SSE.")
  private @Nullable Form form;

  @Option(
      names = "--text-key",
      paramLabel = "KEY",
      description = "Where the text stands in an event's JSON, as choices.0.delta.content.")
  private @Nullable String textKey;

  @Option(
      names = "--vs",
      paramLabel = "URL",
      description = {"Another target, run in turn with the first; medians and ratios are printed."})
  private @Nullable String vs;

  @Option(
      names = "--vs-dialect",
      paramLabel = "NAME|FILE",
      description = "How to talk to that one. Default: as to the first.")
  private @Nullable String vsDialect;

  @Option(names = "--vs-pid", paramLabel = "PID", description = "That one's process.")
  private @Nullable Long vsPid;

  @Option(names = "--rounds", defaultValue = "3", description = "With --vs: so many runs of each.")
  private int rounds;

  /** The other target, or null if there is none. */
  @Nullable TargetOptions other() {
    if (vs == null) {
      return null;
    }
    OptionRule.atLeast("--rounds", rounds, 1);
    TargetOptions other = new TargetOptions();
    other.option = "--vs";
    other.url = vs;
    other.pid = vsPid;
    other.dialect = vsDialect == null ? dialect : vsDialect;
    if (vsDialect == null) {
      other.subscribeUrl = subscribeUrl;
      other.subscribeBody = subscribeBody;
      other.publishUrl = publishUrl;
      other.publishBody = publishBody;
      other.form = form;
      other.textKey = textKey;
    }
    return other;
  }

  /** How many runs of each there are. */
  int rounds() {
    return rounds;
  }

  @Nullable Long pid() {
    return pid;
  }

  /** Whether the target is to be an echo in this process. */
  boolean isEcho() {
    return url.equals("echo");
  }

  /** The echo listens there. */
  void echoAt(String echoUrl) {
    url = echoUrl;
  }

  /** Reads the target's URL. */
  TargetAddress address() {
    try {
      return TargetAddress.parse(url);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(option + ": " + e.getMessage(), e);
    }
  }

  /** The dialect with what the options say otherwise. */
  Dialect dialect(Publish publish, TargetAddress address) {
    Map<String, String> overrides = new LinkedHashMap<>();
    put(overrides, "subscribe-url", subscribeUrl);
    put(overrides, "subscribe-body", subscribeBody);
    put(overrides, publish + "-url", publish.byRig() ? publishUrl : null);
    put(overrides, publish + "-token", publish.byRig() ? publishBody : null);
    put(overrides, "form", form == null ? null : form.toString());
    put(overrides, "text-key", textKey);
    return DialectFile.load(dialect, overrides, address);
  }

  private static void put(Map<String, String> values, String key, @Nullable String value) {
    if (value != null) {
      values.put(key, value);
    }
  }
}
