package dev.sluice.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import com.sun.management.ThreadMXBean;
import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.lang.management.ManagementFactory;
import java.nio.charset.StandardCharsets;
import java.time.Instant;
import java.time.InstantSource;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogReader;
import org.junit.jupiter.api.Test;

class MetricsTest {
  private long nowMs = 1_700_000_000_000L;
  private final InstantSource clock = () -> Instant.ofEpochMilli(nowMs);
  private final Metrics metrics = new Metrics(clock);
  private final FrameTally frames = new FrameTally();
  private final TokenFigures figures = new TokenFigures(0);

  /** Counts of one flush belong together: no scrape sees some of them without the others. */
  @Test
  void aScrapeWhileLoopsCountLosesNothingAndTearsNothing() throws Exception {
    int loops = 3;
    int flushes = 200_000;
    AtomicBoolean over = new AtomicBoolean();
    Thread[] threads = new Thread[loops];
    for (int i = 0; i < loops; i++) {
      LoopMetrics loop = metrics.newLoop();
      threads[i] =
          new Thread(
              () -> {
                FrameTally mine = tally(3, 1, 10);
                TokenFigures own = new TokenFigures(0);
                for (int n = 0; n < flushes; n++) {
                  loop.flushed(mine, own, 25, 1, 5, n);
                }
              });
      threads[i].start();
    }
    Thread scraper =
        new Thread(
            () -> {
              while (!over.get()) {
                metrics.cutInterval();
              }
            });
    scraper.start();
    try {
      for (int i = 0; i < 20; i++) {
        String text = text();
        double count = value(text, "sluice_frames_total{type=\"finalResponse\"}");
        assertEquals(3 * count, value(text, "sluice_tokens_total{type=\"finalResponse\"}"), text);
        assertEquals(25 * count, value(text, "sluice_stream_bytes_total"));
        assertEquals(count, value(text, "sluice_lag_events_count"));
      }
    } finally {
      for (Thread thread : threads) {
        thread.join();
      }
      over.set(true);
      scraper.join();
    }
    assertEquals(
        (double) loops * flushes, value(text(), "sluice_frames_total{type=\"finalResponse\"}"));
    assertEquals((long) loops * flushes, sum(Distribution.LAG).getTotalCount());
  }

  @Test
  void bucketsHoldWhatWasRecordedAndTheSumIsExact() throws IOException {
    LoopMetrics loop = metrics.newLoop();
    long[] delaysNanos = {50_000, 120_000, 3_000_000, 80_000_000, 90_000_000_000L};
    long sum = 0;
    for (long delay : delaysNanos) {
      loop.delayed(delay);
      sum += delay;
    }
    String text = text();
    String bucket = "sluice_event_loop_delay_seconds_bucket{le=\"%s\"}";
    assertEquals(1, value(text, bucket.formatted("1.0E-4")));
    assertEquals(2, value(text, bucket.formatted("2.5E-4")));
    assertEquals(2, value(text, bucket.formatted("0.0025")));
    assertEquals(3, value(text, bucket.formatted("0.005")));
    assertEquals(4, value(text, bucket.formatted("0.1")));
    assertEquals(4, value(text, bucket.formatted("60.0")));
    assertEquals(5, value(text, bucket.formatted("+Inf")));
    assertEquals(sum / 1e9, value(text, "sluice_event_loop_delay_seconds_sum"), 1e-9);
  }

  @Test
  void whatIsBeyondTheBoundsCountsAsTheBound() throws IOException {
    LoopMetrics loop = metrics.newLoop();
    loop.delayed(-1);
    loop.delayed(Long.MAX_VALUE);
    assertEquals(3600, value(text(), "sluice_event_loop_delay_seconds_sum"));
  }

  @Test
  void intervalLogsAddUpToEverythingHoweverManyIntervalsThereWere() throws IOException {
    LoopMetrics loop = metrics.newLoop();
    Random random = new Random(3);
    Histogram expected = Distribution.EVENT_LOOP_DELAY.newHistogram();
    int intervals = HistogramLogs.KEPT_INTERVALS + 25;
    for (int i = 0; i < intervals; i++) {
      for (int n = 0; n < 20; n++) {
        long delay = 1000 + (long) Math.exp(random.nextDouble() * 20);
        loop.delayed(delay);
        expected.recordValue(delay);
      }
      nowMs += 10_000;
      if (i < intervals - 1) {
        metrics.cutInterval();
      }
    }
    assertEquals(expected, sum(Distribution.EVENT_LOOP_DELAY));
    HistogramLogReader reader = reader(Distribution.EVENT_LOOP_DELAY);
    Histogram first = (Histogram) reader.nextIntervalHistogram();
    int earlier = intervals - 1 - HistogramLogs.KEPT_INTERVALS;
    assertEquals(20L * earlier, first.getTotalCount());
    assertEquals(earlier * 10_000L, first.getEndTimeStamp() - first.getStartTimeStamp());
    int lines = 1;
    while (reader.hasNext()) {
      assertEquals(20, ((Histogram) reader.nextIntervalHistogram()).getTotalCount());
      lines++;
    }
    assertEquals(1 + HistogramLogs.KEPT_INTERVALS + 1, lines);
    assertEquals(expected.getTotalCount(), metrics.valueCount(Distribution.EVENT_LOOP_DELAY));
  }

  @Test
  void percentilesAreInMs() {
    LoopMetrics loop = metrics.newLoop();
    loop.delayed(TimeUnit.MILLISECONDS.toNanos(250));
    String text = metrics.percentiles(Distribution.EVENT_LOOP_DELAY);
    Matcher first = Pattern.compile("\\n +([0-9.]+) 0\\.0+ ").matcher(text);
    assertTrue(first.find(), text);
    assertEquals(250, Double.parseDouble(first.group(1)), 2.5);
  }

  @Test
  void openMetricsIsForThoseWhoAcceptIt() throws IOException {
    String accept = "application/openmetrics-text;version=1.0.0;q=0.5,text/plain;q=0.1";
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    metrics.write(out, accept);
    assertTrue(out.toString(StandardCharsets.UTF_8).endsWith("# EOF\n"));
    assertTrue(metrics.contentType(accept).startsWith("application/openmetrics-text"));
    assertTrue(metrics.contentType(null).startsWith("text/plain"));
    for (String other : new String[] {"", "*/*", "text/plain"}) {
      assertTrue(metrics.contentType(other).startsWith("text/plain"));
    }
  }

  /** As soon as each distribution has had a value. */
  @Test
  void countingMakesNoGarbage() {
    ThreadMXBean threads =
        assertInstanceOf(ThreadMXBean.class, ManagementFactory.getThreadMXBean());
    LoopMetrics loop = metrics.newLoop();
    long me = Thread.currentThread().getId();
    long allocated = Long.MAX_VALUE;
    // The first rounds compile; a sample taken meanwhile may not be clean.
    for (int round = 0; round < 20 && allocated > 1000; round++) {
      long before = threads.getThreadAllocatedBytes(me);
      for (int n = 0; n < 100_000; n++) {
        frames.clear();
        frames.addTokens(2);
        frames.endFrame(FrameType.FINAL_RESPONSE, 80);
        loop.flushed(frames, figures, 90, 2, 1000, n);
        loop.writable(figures, n % 2 == 0);
      }
      allocated = threads.getThreadAllocatedBytes(me) - before;
    }
    assertTrue(allocated <= 1000, allocated + " bytes for 100,000 flushes");
  }

  private Histogram sum(Distribution what) {
    Histogram sum = what.newHistogram();
    HistogramLogReader reader = reader(what);
    while (reader.hasNext()) {
      sum.add((Histogram) reader.nextIntervalHistogram());
    }
    return sum;
  }

  private HistogramLogReader reader(Distribution what) {
    return new HistogramLogReader(
        new ByteArrayInputStream(metrics.intervalLog(what).getBytes(StandardCharsets.UTF_8)));
  }

  private static FrameTally tally(int tokens, int frameCount, int bytes) {
    FrameTally tally = new FrameTally();
    for (int i = 0; i < frameCount; i++) {
      tally.addTokens(tokens);
      tally.endFrame(FrameType.FINAL_RESPONSE, bytes);
    }
    return tally;
  }

  private String text() throws IOException {
    ByteArrayOutputStream out = new ByteArrayOutputStream();
    metrics.write(out);
    return out.toString(StandardCharsets.UTF_8);
  }

  private static double value(String text, String series) {
    Matcher line =
        Pattern.compile("^" + Pattern.quote(series) + " (\\S+)$", Pattern.MULTILINE).matcher(text);
    assertTrue(line.find(), () -> series + " is not in\n" + text);
    return Double.parseDouble(line.group(1));
  }
}
