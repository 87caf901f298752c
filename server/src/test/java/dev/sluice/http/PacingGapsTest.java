package dev.sluice.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Locale;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * How evenly a paced stream is written, whatever the publisher's rhythm. On frozen time, to the ns:
 * what is measured is the pacing, not the machine. The table in {@code docs/reading.md} is what
 * comes out here.
 */
class PacingGapsTest {
  /** Pauses between tokens, in ns. */
  @FunctionalInterface
  private interface Rhythm {
    long pauseNanos(Random random, int token);
  }

  record Case(String name, int windowMs, Rhythm rhythm) {
    @Override
    public String toString() {
      return name + ", window " + windowMs;
    }
  }

  /** When writes with tokens happened, and how many tokens each had. */
  private record Played(
      List<Long> writeNanos, List<Integer> tokens, long longestPause, long longestWait) {
    long[] gaps() {
      long[] gaps = new long[writeNanos.size() - 1];
      for (int i = 0; i < gaps.length; i++) {
        gaps[i] = writeNanos.get(i + 1) - writeNanos.get(i);
      }
      Arrays.sort(gaps);
      return gaps;
    }
  }

  private static final Path PAGE = Path.of(System.getProperty("basedir", ""), "docs", "reading.md");
  private static final long MS = TimeUnit.MILLISECONDS.toNanos(1);
  private static final int TOKENS = 2000;

  private final EdgeFixture edge = new EdgeFixture();

  @AfterEach
  void close() {
    edge.close();
  }

  static Stream<Case> cases() {
    return Stream.of(
        steady(10, 50),
        steady(25, 50),
        steady(49, 50),
        steady(50, 50),
        steady(51, 50),
        steady(120, 50),
        new Case("49 ± 5 ms", 50, (random, i) -> between(random, 44, 54)),
        new Case("49 ± 20 ms", 50, (random, i) -> between(random, 29, 69)),
        new Case("by chance, 20 ms on average", 50, (random, i) -> chance(random, 20)),
        new Case("10 at once every 200 ms", 50, (random, i) -> i % 10 == 0 ? 200 * MS : 0),
        steady(49, 0));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void writesAreAsEvenAsWindowAndPublisherAllow(Case played) {
    Played result = play(played);
    long window = played.windowMs() * MS;
    long[] gaps = result.gaps();
    assertTrue(gaps[0] >= window, "two writes were " + gaps[0] + " ns apart");
    long most = Math.max(window, result.longestPause()) + MS;
    assertTrue(gaps[gaps.length - 1] <= most, gaps[gaps.length - 1] + " ns, allowed " + most);
    assertTrue(result.longestWait() <= window + MS, "waited " + result.longestWait() + " ns");
  }

  /** The known bad case: a window a little longer than the pause between two tokens. */
  @Test
  void aWindowNearTheIntervalMakesNoPairs() {
    for (int tenths = 480; tenths <= 520; tenths += 4) {
      long pauseNanos = tenths * MS / 10;
      Played result = play(new Case(tenths / 10.0 + " ms", 50, (random, i) -> pauseNanos));
      long[] gaps = result.gaps();
      assertTrue(gaps[gaps.length - 1] <= 53 * MS, "a gap of " + gaps[gaps.length - 1]);
      long single = result.tokens().stream().filter(tokens -> tokens == 1).count();
      assertTrue(single >= 0.9 * result.tokens().size(), tenths + ": " + single + " single");
      assertTrue(result.tokens().stream().allMatch(tokens -> tokens <= 2));
    }
  }

  @Test
  void withoutAWindowEachTokenLeavesAtTheMomentWhenItComes() {
    Played result = play(new Case("", 0, (random, i) -> chance(random, 20)));
    assertEquals(0, result.longestWait());
  }

  @Test
  void thePageShowsWhatComesOut() throws IOException {
    StringBuilder table = new StringBuilder();
    for (Case each : cases().toList()) {
      Played result = play(each);
      long[] gaps = result.gaps();
      int[] tokens = result.tokens().stream().mapToInt(count -> count).sorted().toArray();
      table.append(
          String.format(
              Locale.ROOT,
              "| %s | %s | %s | %s | %s | %s | %s |\n",
              each.name(),
              each.windowMs() == 0 ? "none" : each.windowMs() + " ms",
              ms(gaps[0]),
              ms(gaps[gaps.length / 2]),
              ms(gaps[gaps.length * 99 / 100]),
              ms(gaps[gaps.length - 1]),
              tokens[0] == tokens[tokens.length - 1]
                  ? String.valueOf(tokens[0])
                  : tokens[0] + " to " + tokens[tokens.length - 1]));
    }
    String page = Files.readString(PAGE);
    assertTrue(page.contains(table), () -> "the page should have\n" + table);
  }

  private Played play(Case played) {
    Random random = new Random(5);
    String chat = "c" + random.hashCode() + played.hashCode();
    Connection reader = edge.connect();
    reader.subscribe("/v1/chats/" + chat + "/stream?ids=off&batch=" + played.windowMs());
    edge.event(chat, "start");
    reader.sent();
    // On a whole ms, as windows end on one: the table is the same each time.
    for (long rest = intoMs(reader); rest > 0; rest = intoMs(reader)) {
      reader.advanceToTimer(MS - rest);
    }
    List<Long> writes = new ArrayList<>();
    List<Integer> counts = new ArrayList<>();
    List<Long> published = new ArrayList<>();
    long now = 0;
    long longestPause = 0;
    long longestWait = 0;
    int read = 0;
    for (int i = 0; read < TOKENS; i++) {
      long left = i < TOKENS ? played.rhythm().pauseNanos(random, i) : MS;
      longestPause = Math.max(longestPause, i < TOKENS ? left : 0);
      while (true) {
        int tokens = tokens(reader.sent());
        if (tokens > 0) {
          writes.add(now);
          counts.add(tokens);
          longestWait = Math.max(longestWait, now - published.get(read));
          read += tokens;
        }
        if (left == 0) {
          break;
        }
        long step = reader.advanceToTimer(left);
        now += step;
        left -= step;
      }
      if (i < TOKENS) {
        edge.token(chat, "x");
        published.add(now);
      }
    }
    assertEquals(TOKENS, read);
    reader.close();
    return new Played(writes, counts, longestPause, longestWait);
  }

  private static long intoMs(Connection reader) {
    return Math.floorMod(reader.eventLoop().ticker().nanoTime(), MS);
  }

  /** Each token is one x. */
  private static int tokens(String sent) {
    int count = 0;
    for (int at = sent.indexOf("\"data\":\""); at >= 0; at = sent.indexOf("\"data\":\"", at)) {
      at += "\"data\":\"".length();
      while (sent.charAt(at) == 'x') {
        at++;
        count++;
      }
    }
    return count;
  }

  private static Case steady(int everyMs, int windowMs) {
    return new Case(everyMs + " ms", windowMs, (random, i) -> everyMs * MS);
  }

  private static long between(Random random, int fromMs, int toMs) {
    return fromMs * MS + (long) (random.nextDouble() * (toMs - fromMs) * MS);
  }

  private static long chance(Random random, int meanMs) {
    return (long) (-Math.log(1 - random.nextDouble()) * meanMs * MS);
  }

  private static String ms(long nanos) {
    return String.format(Locale.ROOT, "%.0f", nanos / (double) MS);
  }
}
