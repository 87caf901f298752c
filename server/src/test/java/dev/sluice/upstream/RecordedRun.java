package dev.sluice.upstream;

import dev.sluice.chat.Chat;
import dev.sluice.chat.ChatLimits;
import dev.sluice.chat.Chats;
import dev.sluice.chat.Cursor;
import dev.sluice.chat.Prompt;
import dev.sluice.chat.RunPublisher;
import dev.sluice.chat.StartAt;
import dev.sluice.chat.Upstream;
import dev.sluice.chat.Wakeups;
import dev.sluice.frame.Utf8Buffer;
import dev.sluice.metrics.Metrics;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A chat with one run, and a reader that notes what comes out of it. Adjacent tokens of one type
 * are noted as one, because how they are merged depends on timing.
 */
final class RecordedRun implements AutoCloseable {
  static final long DEADLINE_MS = 30_000;
  static final String CHAT_ID = "chat-1";

  private final ExecutorService loop = Executors.newSingleThreadExecutor();
  private final Metrics metrics = new Metrics();
  private final Chats chats;
  private final RunPublisher run;
  private final List<JsonNode> events = new ArrayList<>();
  private final CompletableFuture<@Nullable Void> ended = new CompletableFuture<>();
  private @Nullable Cursor cursor;

  RecordedRun() {
    this(1 << 26);
  }

  RecordedRun(long maxTotalLogBytes) {
    this(maxTotalLogBytes, true);
  }

  private RecordedRun(long maxTotalLogBytes, boolean startsAtOnce) {
    chats =
        new Chats(
            new ChatLimits(10, 4, 1 << 24, maxTotalLogBytes, 60_000, 60_000, 0, false),
            InstantSource.system(),
            metrics);
    run = Objects.requireNonNull(chats.startRun(CHAT_ID, startsAtOnce));
    CompletableFuture.runAsync(this::subscribe, loop).join();
  }

  /** A run that starts with the first event of its producer. */
  static RecordedRun thatIsBegun() {
    return new RecordedRun(1 << 26, false);
  }

  static Prompt prompt(String question) {
    String message = JsonMapper.shared().createObjectNode().put("content", question).toString();
    return new Prompt(
        question, "[{\"role\":\"user\"," + message.substring(1) + "]", "message-1", "session-1");
  }

  Metrics metrics() {
    return metrics;
  }

  RunPublisher run() {
    return run;
  }

  Chat chat() {
    return Objects.requireNonNull(chats.find(CHAT_ID));
  }

  void delete() {
    chats.delete(CHAT_ID);
  }

  /** Has the question answered and waits for the run's end. */
  List<String> answer(Upstream upstream, String question) throws Exception {
    upstream.answer(prompt(question), run);
    return awaitEnd();
  }

  /** The events of the whole run. */
  List<String> awaitEnd() throws Exception {
    ended.get(DEADLINE_MS, TimeUnit.MILLISECONDS);
    return lines();
  }

  /** Waits until an event like that has come. */
  synchronized void await(Predicate<String> like) throws InterruptedException {
    long untilNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(DEADLINE_MS);
    while (lines().stream().noneMatch(like)) {
      long restMs = TimeUnit.NANOSECONDS.toMillis(untilNanos - System.nanoTime());
      if (restMs <= 0) {
        throw new AssertionError("did not come; there are " + lines());
      }
      wait(restMs);
    }
  }

  /** The events so far, each as {@code name data}, tokens as {@code token/type text}. */
  synchronized List<String> lines() {
    List<String> lines = new ArrayList<>();
    String lastToken = null;
    for (JsonNode event : events) {
      String name = event.path("event").stringValue();
      JsonNode data = event.path("data");
      String text = data.isString() ? data.stringValue() : data.toString();
      String token = name.equals("token") ? "token/" + event.path("type").stringValue() : null;
      if (token != null && token.equals(lastToken)) {
        lines.set(lines.size() - 1, lines.get(lines.size() - 1) + text);
      } else {
        lines.add((token == null ? name : token) + " " + text);
      }
      lastToken = token;
    }
    return lines;
  }

  /** The first event of that name. */
  synchronized JsonNode event(String name) {
    return events.stream()
        .filter(event -> event.path("event").stringValue().equals(name))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no " + name + " in " + lines()));
  }

  /** The text of all tokens of that type. */
  synchronized String text(String type) {
    StringBuilder text = new StringBuilder();
    for (JsonNode event : events) {
      if (event.path("type").stringValue("").equals(type)
          && event.path("event").stringValue().equals("token")) {
        text.append(event.path("data").stringValue());
      }
    }
    return text.toString();
  }

  /** How often a call failed with that code, by the metrics. */
  boolean hasCounted(String code) throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    metrics.write(out);
    return out.toString(StandardCharsets.UTF_8)
        .contains("sluice_upstream_errors_total{code=\"" + code + "\"} 1.0");
  }

  @Override
  public void close() {
    CompletableFuture.runAsync(() -> Objects.requireNonNull(cursor).close(), loop).join();
    loop.shutdown();
  }

  private void subscribe() {
    Wakeups wakeups = new Wakeups(loop, () -> {});
    cursor = chats.subscribe(CHAT_ID, new StartAt.CurrentRun(), null, wakeups, this::readable);
    readable();
  }

  private synchronized void readable() {
    Cursor.Status status;
    do {
      Utf8Buffer out = new Utf8Buffer(1024);
      status = Objects.requireNonNull(cursor).read(out, 1 << 16, false, 0);
      for (String frame : out.toString().split("\n\n", -1)) {
        if (!frame.isEmpty()) {
          events.add(JsonMapper.shared().readTree(frame.substring("message:\ndata:".length())));
        }
      }
    } while (status == Cursor.Status.MORE);
    notifyAll();
    if (status == Cursor.Status.AT_END) {
      ended.complete(null);
    }
  }
}
