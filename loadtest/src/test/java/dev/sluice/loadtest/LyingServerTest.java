package dev.sluice.loadtest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.loadtest.ScriptedServer.Event;
import dev.sluice.loadtest.ScriptedServer.Script;
import dev.sluice.loadtest.measure.Series;
import dev.sluice.loadtest.report.StoredRun;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.io.UncheckedIOException;
import java.nio.file.Path;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executors;
import java.util.concurrent.ScheduledExecutorService;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.HdrHistogram.Histogram;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/**
 * The rig against a server that is right nearly always, under load: two thousand tokens, of which
 * it treats one in 250 wrongly. Each wrong one is found, and counted once.
 */
class LyingServerTest {
  private static final int STREAMS = 20;
  private static final int TOKENS = 100;
  private static final int ONE_IN = 250;
  private static final int LIES = STREAMS * TOKENS / ONE_IN;

  /** So that the last of them is a little more than one in a hundred. */
  private static final int TOKENS_ONE_DELAYED = 99;

  private static final long DELAY_MS = 2_000;

  @TempDir Path directory;

  private final StringWriter out = new StringWriter();
  private final AtomicInteger tokens = new AtomicInteger();

  @Test
  void tokensThatAreDroppedAreFound() throws Exception {
    assertEquals(1, run(lyingBy((event, server) -> {})), this::printed);
    assertEquals(Map.of("LOST", (long) LIES), faults());
  }

  @Test
  void tokensThatAreDoubledAreFound() throws Exception {
    Script doubling =
        (event, server) -> {
          ScriptedServer.HONEST.on(event, server);
          ScriptedServer.HONEST.on(event, server);
        };
    assertEquals(1, run(lyingBy(doubling)), this::printed);
    assertEquals(Map.of("DOUBLED", (long) LIES), faults());
  }

  @Test
  void tokensThatGoToAnotherStreamAreFound() throws Exception {
    Script misrouting =
        (event, server) -> server.reader((event.stream() + 1) % STREAMS).send(event);
    assertEquals(1, run(lyingBy(misrouting)), this::printed);
    assertEquals(Map.of("WRONG_STREAM", (long) LIES, "LOST", (long) LIES), faults());
  }

  @Test
  void tokensThatChangePlacesAreFound() throws Exception {
    Map<Integer, Event> held = new HashMap<>();
    AtomicInteger swaps = new AtomicInteger();
    Script swapping =
        (event, server) -> {
          synchronized (held) {
            Event before = held.remove(event.stream());
            boolean token = event.name().equals("token");
            if (before == null && token && tokens.incrementAndGet() % ONE_IN == 1) {
              held.put(event.stream(), event);
              return;
            }
            // A token that is held to the end would come after nothing: no swap.
            if (before != null && !token) {
              ScriptedServer.HONEST.on(before, server);
            }
            ScriptedServer.HONEST.on(event, server);
            if (before != null && token) {
              ScriptedServer.HONEST.on(before, server);
              swaps.incrementAndGet();
            }
          }
        };
    assertEquals(1, run(swapping), this::printed);
    assertTrue(swaps.get() > 0);
    assertEquals(Map.of("REORDERED", (long) swaps.get()), faults());
  }

  @Test
  void tokensThatAreDelayedAreInTheHistogramWithTheirWholeDelay() throws Exception {
    ScheduledExecutorService later = Executors.newSingleThreadScheduledExecutor();
    try {
      // The last token of every stream and the end behind it: a delayed token holds up the others.
      Script delaying =
          (event, server) -> {
            int index = TOKENS_ONE_DELAYED - 1;
            boolean last = event.dataJson().startsWith("<" + event.stream() + "." + index + ">");
            if (last || event.name().equals("end")) {
              later.schedule(() -> send(event, server), DELAY_MS, TimeUnit.MILLISECONDS);
            } else {
              ScriptedServer.HONEST.on(event, server);
            }
          };
      assertEquals(0, run(delaying, "--tokens=" + TOKENS_ONE_DELAYED), this::printed);
    } finally {
      later.shutdownNow();
    }
    Histogram latency = StoredRun.read("run", List.of(directory)).total(Series.LATENCY);
    long delayNanos = TimeUnit.MILLISECONDS.toNanos(DELAY_MS);
    assertEquals(STREAMS * TOKENS_ONE_DELAYED, latency.getTotalCount());
    assertEquals(
        STREAMS, latency.getCountBetweenValues(delayNanos, latency.getMaxValue()), this::printed);
    assertTrue(latency.getValueAtPercentile(99) >= delayNanos, this::printed);
    assertTrue(latency.getValueAtPercentile(98) < delayNanos, this::printed);
    assertTrue(latency.getValueAtPercentile(50) < delayNanos, this::printed);
  }

  private Script lyingBy(Script lie) {
    return (event, server) -> {
      boolean chosen = event.name().equals("token") && tokens.incrementAndGet() % ONE_IN == 0;
      (chosen ? lie : ScriptedServer.HONEST).on(event, server);
    };
  }

  private static void send(Event event, ScriptedServer server) {
    try {
      ScriptedServer.HONEST.on(event, server);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private Map<String, Long> faults() throws IOException {
    Map<String, Long> counts = new HashMap<>();
    StoredRun.read("run", List.of(directory))
        .summaries()
        .get(0)
        .path("faults")
        .properties()
        .forEach(fault -> counts.put(fault.getKey(), fault.getValue().path("count").asLong()));
    return counts;
  }

  private int run(Script script) throws IOException {
    return run(script, "--tokens=" + TOKENS);
  }

  private int run(Script script, String tokensOption) throws IOException {
    try (ScriptedServer server = new ScriptedServer(script)) {
      return Main.execute(
          new PrintWriter(out),
          new PrintWriter(out),
          "run",
          "--url=" + server.url(),
          "--streams=" + STREAMS,
          tokensOption,
          "--warm-up-tokens=0",
          "--rate=4000",
          // So that all tokens come before all ends, and none is sent to a stream that is over.
          "--connections=1",
          "--min-rate-percent=0",
          "--max-lateness-ms=1e9",
          "--settle-seconds=60",
          "--out=" + directory);
    }
  }

  private String printed() {
    return out.toString();
  }
}
