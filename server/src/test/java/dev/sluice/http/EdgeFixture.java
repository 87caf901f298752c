package dev.sluice.http;

import dev.sluice.chat.ChatLimits;
import dev.sluice.chat.Chats;
import dev.sluice.chat.EventDraft;
import dev.sluice.chat.EventRules;
import dev.sluice.chat.Flows;
import dev.sluice.chat.Prompt;
import dev.sluice.chat.PublishResult;
import dev.sluice.chat.RunPublisher;
import dev.sluice.chat.Upstream;
import dev.sluice.frame.TokenType;
import dev.sluice.metrics.Metrics;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;

/**
 * The whole HTTP side without sockets: connections on frozen time, and an upstream that answers
 * when the test says so.
 */
final class EdgeFixture implements AutoCloseable {
  /** A question that the upstream was asked, and where its answer goes. */
  record Asked(Prompt prompt, RunPublisher run) {}

  static final long HEAD_TIMEOUT_MS = 1000;
  static final long BODY_TIMEOUT_MS = 2000;
  static final long LINE_TIMEOUT_MS = 3000;
  static final long IDLE_TIMEOUT_MS = 4000;
  static final long HEARTBEAT_MS = 1500;
  static final long STALL_TIMEOUT_MS = 5000;
  static final long RETRY_MS = 2000;
  static final int MAX_BODY_BYTES = 4096;
  static final int MAX_LINE_BYTES = 1024;
  static final int MAX_EVENT_BYTES = 512;
  private static final long LOG_BYTES = 8 << 20;
  static final long EPOCH = 1_700_000_000_000L;

  final List<Asked> asked = new ArrayList<>();
  final Metrics metrics = new Metrics();
  final VerbatimUpstream verbatim =
      new VerbatimUpstream((prompt, run) -> asked.add(new Asked(prompt, run)));
  final Chats chats;
  final Edge edge;

  private final StreamLoops loops;
  private final EdgePipeline pipeline;
  private final List<Connection> connections = new ArrayList<>();

  EdgeFixture() {
    this(settings(List.of(), 0, 1000, 1000), 64, 1000);
  }

  EdgeFixture(HttpSettings settings, int maxOpenRuns, int maxChats) {
    this(settings, maxOpenRuns, maxChats, Upstream.NO_BATCH_MS, LOG_BYTES);
  }

  private EdgeFixture(
      HttpSettings settings, int maxOpenRuns, int maxChats, int flowBatchMs, long maxLogBytes) {
    chats =
        new Chats(
            new ChatLimits(maxChats, maxOpenRuns, maxLogBytes, 128 << 20, 60_000, 60_000, 0, false),
            InstantSource.fixed(java.time.Instant.ofEpochMilli(EPOCH)),
            metrics);
    Upstream upstream =
        new Upstream() {
          @Override
          public void answer(Prompt prompt, RunPublisher run) {
            asked.add(new Asked(prompt, run));
          }

          @Override
          public int batchMs() {
            return flowBatchMs;
          }
        };
    edge =
        new Edge(
            settings,
            chats,
            new Flows(Map.of("known", upstream, "verbatim", verbatim), upstream),
            metrics,
            new Admission(settings),
            true,
            "test");
    loops = StreamLoops.keeping(edge);
    pipeline = new EdgePipeline(edge, loops);
  }

  /** One whose readers are paced: by the server, and by the flow that answers. */
  static EdgeFixture paced(int serverBatchMs, int flowBatchMs) {
    return new EdgeFixture(
        settings(List.of(), 0, 1000, 1000, serverBatchMs, 0), 64, 1000, flowBatchMs, LOG_BYTES);
  }

  /** One in which readers may lack so much of a log, which holds more than that. */
  static EdgeFixture maxLagBytes(long maxLagBytes) {
    return new EdgeFixture(
        settings(List.of(), 0, 1000, 1000, 0, maxLagBytes),
        64,
        1000,
        Upstream.NO_BATCH_MS,
        4 * LOG_BYTES);
  }

  static HttpSettings settings(
      List<String> corsOrigins, int perAddress, int perChat, int maxSubscribers) {
    return settings(corsOrigins, perAddress, perChat, maxSubscribers, 0, 0);
  }

  private static HttpSettings settings(
      List<String> corsOrigins,
      int perAddress,
      int perChat,
      int maxSubscribers,
      int batchMs,
      long maxLagBytes) {
    return new HttpSettings(
        512,
        1024,
        MAX_BODY_BYTES,
        MAX_LINE_BYTES,
        MAX_EVENT_BYTES,
        maxSubscribers,
        perChat,
        perAddress,
        HEAD_TIMEOUT_MS,
        BODY_TIMEOUT_MS,
        LINE_TIMEOUT_MS,
        IDLE_TIMEOUT_MS,
        HEARTBEAT_MS,
        STALL_TIMEOUT_MS,
        RETRY_MS,
        batchMs,
        maxLagBytes,
        corsOrigins);
  }

  /** A new connection with an event loop of its own. */
  Connection connect() {
    Connection connection = new Connection(pipeline);
    connections.add(connection);
    return connection;
  }

  /** A new connection whose streams belong to the loop of another one. */
  Connection connectBeside(Connection other) {
    Connection connection = new Connection();
    pipeline.addHttp(connection.pipeline(), loops.of(other.eventLoop()));
    connection.runOn(other);
    connections.add(connection);
    return connection;
  }

  StreamLoop loopOf(Connection connection) {
    return loops.of(connection.eventLoop());
  }

  /** One call over a connection of its own. */
  Answer call(String method, String path, String contentType, String body) {
    return connect().call(method, path, contentType, body);
  }

  Answer get(String path) {
    return call("GET", path, "", "");
  }

  void token(String chatId, String text) {
    publish(chatId, new EventDraft().token(TokenType.FINAL_RESPONSE, text));
  }

  void event(String chatId, String name) {
    publish(chatId, new EventDraft().event(name));
  }

  void publish(String chatId, EventDraft draft) {
    if (EventRules.complete(draft) != null
        || chats.publish(chatId, draft) != PublishResult.ACCEPTED) {
      throw new AssertionError("refused: " + draft.name());
    }
  }

  /** The numbers that the server publishes, as text. */
  String numbers() {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    try {
      metrics.write(out);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    return out.toString(StandardCharsets.UTF_8);
  }

  @Override
  public void close() {
    loops.all().forEach(StreamLoop::close);
    for (Connection connection : connections) {
      connection.finishAndReleaseAll();
    }
  }
}
