package dev.sluice;

import dev.sluice.chat.ChatLimits;
import dev.sluice.http.HttpSettings;
import java.nio.file.Path;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Mixin;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/**
 * The options of {@code serve}. Each is also an environment variable and a key of the file given
 * with {@code --config}: {@code --chat-ttl-ms}, {@code SLUICE_CHAT_TTL_MS}, {@code chat-ttl-ms}.
 */
final class ServeOptions {
  enum BlankTokens {
    keep,
    drop
  }

  enum TransportChoice {
    auto,
    epoll,
    io_uring,
    nio
  }

  static final String OR_DEFAULT = " Default: ${DEFAULT-VALUE}.";
  static final long MAX_MS = 365L * 24 * 60 * 60 * 1000;

  @Option(
      names = "--config",
      paramLabel = "FILE",
      description = "A YAML file with these options as keys, and with named flows.")
  @Nullable Path config;

  @Option(
      names = "--host",
      defaultValue = "127.0.0.1",
      paramLabel = "VALUE",
      description = "Address to listen on." + OR_DEFAULT)
  String host = "";

  @Option(
      names = "--port",
      defaultValue = "8080",
      paramLabel = "N",
      description = "Port to listen on; 0 for any that is free." + OR_DEFAULT)
  int port;

  @Option(
      names = "--transport",
      defaultValue = "auto",
      paramLabel = "VALUE",
      description = "How to talk to the kernel: ${COMPLETION-CANDIDATES}." + OR_DEFAULT)
  TransportChoice transport = TransportChoice.auto;

  @Option(
      names = "--threads",
      defaultValue = "0",
      paramLabel = "N",
      description = "Event loops; 0 for one per processor." + OR_DEFAULT)
  int threads;

  @Option(
      names = "--wake-budget-us",
      defaultValue = "0",
      paramLabel = "N",
      description =
          "How long an event may wait under load so that event loops wake up less often; 0: not"
              + " at all."
              + OR_DEFAULT)
  long wakeBudgetUs;

  @Option(
      names = "--cors-origins",
      split = ",",
      paramLabel = "LIST",
      description = "Origins whose pages may call, by comma; * for all.")
  List<String> corsOrigins = List.of();

  @Option(
      names = "--blank-tokens",
      defaultValue = "keep",
      paramLabel = "VALUE",
      description =
          "What becomes of tokens of white space alone: ${COMPLETION-CANDIDATES}." + OR_DEFAULT)
  BlankTokens blankTokens = BlankTokens.keep;

  @Option(
      names = "--max-uri-bytes",
      defaultValue = "8192",
      paramLabel = "N",
      description = "Longest request line." + OR_DEFAULT)
  int maxUriBytes;

  @Option(
      names = "--max-header-bytes",
      defaultValue = "16384",
      paramLabel = "N",
      description = "All header fields of a request." + OR_DEFAULT)
  int maxHeaderBytes;

  @Option(
      names = "--max-body-bytes",
      defaultValue = "1048576",
      paramLabel = "N",
      description = "A request body that is one JSON document." + OR_DEFAULT)
  int maxBodyBytes;

  @Option(
      names = "--max-line-bytes",
      defaultValue = "1048576",
      paramLabel = "N",
      description = "One line of NDJSON." + OR_DEFAULT)
  int maxLineBytes;

  @Option(
      names = "--max-event-bytes",
      defaultValue = "1048576",
      paramLabel = "N",
      description = "One event." + OR_DEFAULT)
  int maxEventBytes;

  @Option(
      names = "--max-log-bytes",
      defaultValue = "16777216",
      paramLabel = "N",
      description = "Heap of one chat's log; older events are shed." + OR_DEFAULT)
  long maxLogBytes;

  @Option(
      names = "--max-total-log-bytes",
      defaultValue = "0",
      paramLabel = "N",
      description = "Heap of all logs; 0 for a quarter of the heap." + OR_DEFAULT)
  long maxTotalLogBytes;

  @Option(
      names = "--max-chats",
      defaultValue = "100000",
      paramLabel = "N",
      description = "Chats that exist at once." + OR_DEFAULT)
  int maxChats;

  @Option(
      names = "--max-open-runs-per-chat",
      defaultValue = "64",
      paramLabel = "N",
      description = "Runs of one chat that are open at once." + OR_DEFAULT)
  int maxOpenRunsPerChat;

  @Option(
      names = "--max-subscribers",
      defaultValue = "100000",
      paramLabel = "N",
      description = "Open streams." + OR_DEFAULT)
  int maxSubscribers;

  @Option(
      names = "--max-subscribers-per-chat",
      defaultValue = "20000",
      paramLabel = "N",
      description = "Open streams of one chat." + OR_DEFAULT)
  int maxSubscribersPerChat;

  @Option(
      names = "--max-subscribers-per-address",
      defaultValue = "0",
      paramLabel = "N",
      description = "Open streams of one client address; 0 for no limit." + OR_DEFAULT)
  int maxSubscribersPerAddress;

  @Option(
      names = "--head-timeout-ms",
      defaultValue = "10000",
      paramLabel = "N",
      description = "For a request head to arrive." + OR_DEFAULT)
  long headTimeoutMs;

  @Option(
      names = "--body-timeout-ms",
      defaultValue = "30000",
      paramLabel = "N",
      description = "For a JSON body to arrive." + OR_DEFAULT)
  long bodyTimeoutMs;

  @Option(
      names = "--line-timeout-ms",
      defaultValue = "3600000",
      paramLabel = "N",
      description = "Silence on an NDJSON request." + OR_DEFAULT)
  long lineTimeoutMs;

  @Option(
      names = "--idle-timeout-ms",
      defaultValue = "75000",
      paramLabel = "N",
      description = "Silence between two requests of a connection." + OR_DEFAULT)
  long idleTimeoutMs;

  @Option(
      names = "--heartbeat-ms",
      defaultValue = "15000",
      paramLabel = "N",
      description = "Silence on a stream before a heartbeat." + OR_DEFAULT)
  long heartbeatMs;

  @Mixin ReaderOptions readers = new ReaderOptions();

  @Option(
      names = "--retry-ms",
      defaultValue = "2000",
      paramLabel = "N",
      description = "Reconnection time that clients are told, before jitter." + OR_DEFAULT)
  long retryMs;

  @Option(
      names = "--chat-ttl-ms",
      defaultValue = "600000",
      paramLabel = "N",
      description = "How long a chat that nobody uses is kept." + OR_DEFAULT)
  long chatTtlMs;

  @Option(
      names = "--run-idle-timeout-ms",
      defaultValue = "120000",
      paramLabel = "N",
      description = "Silence of a run before its producer counts as lost." + OR_DEFAULT)
  long runIdleTimeoutMs;

  @Option(
      names = "--producer-grace-ms",
      defaultValue = "5000",
      paramLabel = "N",
      description =
          "How long a run waits for a publisher whose connection broke; 0 for not at all."
              + OR_DEFAULT)
  long producerGraceMs;

  @Mixin DrainOptions drain = new DrainOptions();

  @Mixin UpstreamOptions upstream = new UpstreamOptions();

  @Mixin LastReaderOptions lastReader = new LastReaderOptions();

  @Option(
      names = "--demo-token-delay-ms",
      defaultValue = "25",
      paramLabel = "N",
      description = "Mean time between two tokens of the demo." + OR_DEFAULT)
  long demoTokenDelayMs;

  /**
   * Checks the values and makes settings of them.
   *
   * @param flows what the configuration file says about named flows
   * @throws IllegalArgumentException with an option's name and what is allowed
   */
  Settings conclude(Map<String, JsonNode> flows) {
    check("--port", port, 0, 65535);
    check("--threads", threads, 0, 1024);
    check("--wake-budget-us", wakeBudgetUs, 0, 10000);
    check("--max-uri-bytes", maxUriBytes, 256, 1048576);
    check("--max-header-bytes", maxHeaderBytes, 256, 1048576);
    check("--max-body-bytes", maxBodyBytes, 1024, 1073741824);
    check("--max-line-bytes", maxLineBytes, 256, 1073741824);
    check("--max-event-bytes", maxEventBytes, 1024, 1073741824);
    check("--max-log-bytes", maxLogBytes, 4096, 1099511627776L);
    check("--max-total-log-bytes", maxTotalLogBytes, 0, 17592186044416L);
    check("--max-chats", maxChats, 1, 1073741824);
    check("--max-open-runs-per-chat", maxOpenRunsPerChat, 1, 10000);
    check("--max-subscribers", maxSubscribers, 1, 1073741824);
    check("--max-subscribers-per-chat", maxSubscribersPerChat, 1, 1073741824);
    check("--max-subscribers-per-address", maxSubscribersPerAddress, 0, 1073741824);
    check("--head-timeout-ms", headTimeoutMs, 10, MAX_MS);
    check("--body-timeout-ms", bodyTimeoutMs, 10, MAX_MS);
    check("--line-timeout-ms", lineTimeoutMs, 10, MAX_MS);
    check("--idle-timeout-ms", idleTimeoutMs, 10, MAX_MS);
    check("--heartbeat-ms", heartbeatMs, 10, MAX_MS);
    readers.check();
    check("--retry-ms", retryMs, 0, 3600000);
    check("--chat-ttl-ms", chatTtlMs, 10, MAX_MS);
    check("--run-idle-timeout-ms", runIdleTimeoutMs, 10, MAX_MS);
    check("--producer-grace-ms", producerGraceMs, 0, MAX_MS);
    check("--drain-timeout-ms", drain.timeoutMs, 0, 3600000);
    check("--drain-spread-ms", drain.spreadMs, 0, 3600000);
    check("--upstream-connect-timeout-ms", upstream.connectTimeoutMs, 10, 3600000);
    check("--upstream-idle-timeout-ms", upstream.idleTimeoutMs, 10, MAX_MS);
    check("--demo-token-delay-ms", demoTokenDelayMs, 0, 60000);
    FlowSettings flowSettings = new FlowSettings(upstream, lastReader, maxEventBytes);
    return new Settings(
        host,
        port,
        chosenTransport(),
        threads == 0 ? Runtime.getRuntime().availableProcessors() : threads,
        wakeBudgetUs,
        new HttpSettings(
            maxUriBytes,
            maxHeaderBytes,
            maxBodyBytes,
            maxLineBytes,
            maxEventBytes,
            maxSubscribers,
            maxSubscribersPerChat,
            maxSubscribersPerAddress,
            headTimeoutMs,
            bodyTimeoutMs,
            lineTimeoutMs,
            idleTimeoutMs,
            heartbeatMs,
            readers.stallTimeoutMs,
            retryMs,
            readers.batchMs,
            readers.maxLagBytes,
            corsOrigins),
        new ChatLimits(
            maxChats,
            maxOpenRunsPerChat,
            maxLogBytes,
            maxTotalLogBytes == 0 ? Runtime.getRuntime().maxMemory() / 4 : maxTotalLogBytes,
            chatTtlMs,
            runIdleTimeoutMs,
            producerGraceMs,
            blankTokens == BlankTokens.drop,
            readers.onLag()),
        flowSettings.fallback(),
        flowSettings.named(flows),
        demoTokenDelayMs,
        drain.timeoutMs,
        drain.spreadMs);
  }

  private Transport chosenTransport() {
    Transport chosen =
        switch (transport) {
          case auto -> Transport.best();
          case epoll -> Transport.EPOLL;
          case io_uring -> Transport.IO_URING;
          case nio -> Transport.NIO;
        };
    if (!chosen.isAvailable()) {
      throw new IllegalArgumentException(
          "--transport "
              + transport
              + " is not to be had on this machine; allowed are auto and nio at least");
    }
    return chosen;
  }

  static void check(String option, long value, long min, long max) {
    if (value < min || value > max) {
      throw new IllegalArgumentException(
          option + " is " + value + "; allowed is " + min + " to " + max);
    }
  }
}
