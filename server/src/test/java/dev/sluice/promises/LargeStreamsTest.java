package dev.sluice.promises;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.chat.RunPublisher;
import dev.sluice.frame.TokenType;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/**
 * Answers that are far longer than usual, and many that are long: read live, joined late, and
 * resumed, they are exact, and the memory stays inside the budget. With {@code -Dsluice.large=true}
 * there are 1,000 runs of 20,000 tokens.
 */
class LargeStreamsTest {
  private static final boolean LARGE = Boolean.getBoolean("sluice.large");
  private static final int MILLION = 1_000_000;
  private static final int RUNS = LARGE ? 1000 : 32;
  private static final int TOKENS = LARGE ? 20_000 : 4000;
  private static final int RUNS_AT_ONCE = 16;

  private final ExecutorService readers = Executors.newCachedThreadPool();

  @AfterEach
  void stopReaders() throws InterruptedException {
    readers.shutdownNow();
    assertTrue(readers.awaitTermination(30, TimeUnit.SECONDS));
  }

  /** The default of 16 MiB a log is enough for it. */
  @Test
  void oneRunOfAMillionTokens() throws Exception {
    try (TestServer server = TestServer.wish().maxLogBytes(16L << 20).start()) {
      RunPublisher run = Objects.requireNonNull(server.chats().startRun("c"));
      Future<String> live = read(EventStream.open(server.uri(), "c"));
      publish(run, 0, MILLION / 2);
      Future<String> late = read(EventStream.open(server.uri(), "c"));
      publish(run, MILLION / 2, MILLION);
      run.end();
      String text = text(MILLION);
      assertSame(text, live.get(), "live");
      assertSame(text, late.get(), "late");
      Calls calls = new Calls(server.uri());
      String epoch = calls.get("/v1/chats/c").json().path("epoch").asString();
      Random random = new Random(1);
      for (int i = 0; i < 12; i++) {
        // The event before the first token was the start.
        int tokens = i == 0 ? MILLION - 1 : random.nextInt(MILLION);
        assertSame(
            text.substring(chars(tokens)),
            read(resume(server, "c", epoch + "-" + (tokens + 1))).get(),
            "after " + tokens);
      }
      assertLogsCost(server, text.length(), MILLION);
    }
  }

  @Test
  void manyLongRuns() throws Exception {
    try (TestServer server = TestServer.start()) {
      for (int first = 0; first < RUNS; first += RUNS_AT_ONCE) {
        wave(server, first, Math.min(RUNS, first + RUNS_AT_ONCE));
      }
      assertLogsCost(server, (long) RUNS * chars(TOKENS), (long) RUNS * TOKENS);
    }
  }

  /**
   * Runs that write in turn, each with a reader from the start, a late one and one that resumes.
   */
  private void wave(TestServer server, int first, int end) throws Exception {
    List<RunPublisher> runs = new ArrayList<>();
    List<Future<String>> texts = new ArrayList<>();
    for (int i = first; i < end; i++) {
      runs.add(Objects.requireNonNull(server.chats().startRun("c" + i)));
      texts.add(read(EventStream.open(server.uri(), "c" + i)));
    }
    int piece = 100;
    for (int at = 0; at < TOKENS; at += piece) {
      for (int i = first; i < end; i++) {
        publish(runs.get(i - first), at, at + piece);
        if (at == TOKENS / 2) {
          texts.add(read(EventStream.open(server.uri(), "c" + i)));
        }
      }
    }
    runs.forEach(RunPublisher::end);
    String text = text(TOKENS);
    for (Future<String> each : texts) {
      assertSame(text, each.get(), "runs from " + first);
    }
    Random random = new Random(first);
    Calls calls = new Calls(server.uri());
    for (int i = first; i < end; i++) {
      String epoch = calls.get("/v1/chats/c" + i).json().path("epoch").asString();
      int tokens = random.nextInt(TOKENS);
      assertSame(
          text.substring(chars(tokens)),
          read(resume(server, "c" + i, epoch + "-" + (tokens + 1))).get(),
          "c" + i + " after " + tokens);
    }
  }

  private Future<String> read(EventStream stream) {
    return readers.submit(
        () -> {
          try (stream) {
            return Readers.text(stream.all(), null, "finalResponse");
          }
        });
  }

  private static EventStream resume(TestServer server, String chatId, String id)
      throws IOException {
    return EventStream.open(RawConnection.open(server.uri()), chatId, "", id, in -> in);
  }

  private static void publish(RunPublisher run, int from, int to) {
    for (int i = from; i < to; i++) {
      run.token(TokenType.FINAL_RESPONSE, token(i));
    }
  }

  /** Six characters for every token, so that it can be told where any of them is. */
  private static String token(int number) {
    return (char) ('a' + number % 26) + String.valueOf(10_000 + number % 90_000);
  }

  private static int chars(int tokens) {
    return 6 * tokens;
  }

  private static String text(int tokens) {
    StringBuilder text = new StringBuilder(chars(tokens));
    for (int i = 0; i < tokens; i++) {
      text.append(token(i));
    }
    return text.toString();
  }

  /** As a comparison of the texts, without either of them in the message. */
  private static void assertSame(String expected, String actual, String who) {
    int same = 0;
    int common = Math.min(expected.length(), actual.length());
    while (same < common && expected.charAt(same) == actual.charAt(same)) {
      same++;
    }
    String at = who + ": right up to " + same + " of " + expected.length() + " chars";
    assertTrue(same == expected.length() && same == actual.length(), at);
  }

  /** The text, a byte a token, and what logs and runs cost in any case. */
  private static void assertLogsCost(TestServer server, long text, long tokens) {
    Numbers numbers = Numbers.of(server);
    double bytes = numbers.of("sluice_log_bytes");
    assertTrue(bytes <= numbers.of("sluice_log_budget_bytes"), () -> bytes + " bytes");
    double most = text + 1.1 * tokens + 2048 * numbers.of("sluice_chats");
    assertTrue(bytes <= most, () -> bytes + " bytes for " + text + " of text");
  }
}
