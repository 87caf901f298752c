package dev.sluice.metrics;

import java.io.ByteArrayInputStream;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogReader;
import org.HdrHistogram.HistogramLogWriter;

/**
 * The interval logs of all distributions. What is older than the kept intervals is summed up in the
 * log's first one, so that a log always adds up to everything since the start. One thread at a
 * time.
 */
final class HistogramLogs {
  /** How many intervals with values a log keeps apart. */
  static final int KEPT_INTERVALS = 60;

  private static final double MS_PER_S = 1000;

  private final InstantSource clock;
  private final long startMs;
  private final LoopInterval earlier = new LoopInterval();
  private final LoopInterval current = new LoopInterval();
  private final double[] earlierUntilS = new double[Distribution.COUNT];
  private final List<ArrayDeque<String>> linesOf = new ArrayList<>();
  private long cutMs;

  HistogramLogs(InstantSource clock) {
    this.clock = clock;
    startMs = clock.millis();
    cutMs = startMs;
    for (int i = 0; i < Distribution.COUNT; i++) {
      linesOf.add(new ArrayDeque<>());
    }
  }

  /** Counts into the current interval. */
  void add(LoopInterval interval) {
    current.add(interval);
  }

  /** Ends the current interval. */
  void cut() {
    double fromS = secondsSinceStart(cutMs);
    cutMs = clock.millis();
    for (Distribution what : Distribution.values()) {
      if (current.has(what)) {
        ArrayDeque<String> lines = linesOf.get(what.index());
        lines.add(line(what, fromS, secondsSinceStart(cutMs), current.histogram(what)));
        if (lines.size() > KEPT_INTERVALS) {
          sumUp(what, lines.remove());
        }
      }
    }
    current.clear();
  }

  /** The log with its header, and with the interval that has not ended yet. */
  String text(Distribution what) {
    ByteArrayOutputStream header = new ByteArrayOutputStream();
    HistogramLogWriter writer = new HistogramLogWriter(header);
    writer.outputLogFormatVersion();
    writer.outputComment("[sluice " + what.pathName() + ", the largest in " + what.unit() + "]");
    writer.outputStartTime(startMs);
    writer.outputBaseTime(startMs);
    writer.outputLegend();
    writer.close();
    StringBuilder text = new StringBuilder(header.toString(StandardCharsets.UTF_8));
    if (earlier.has(what)) {
      text.append(line(what, 0, earlierUntilS[what.index()], earlier.histogram(what)));
    }
    linesOf.get(what.index()).forEach(text::append);
    if (current.has(what)) {
      double fromS = secondsSinceStart(cutMs);
      text.append(line(what, fromS, secondsSinceStart(clock.millis()), current.histogram(what)));
    }
    return text.toString();
  }

  private void sumUp(Distribution what, String line) {
    HistogramLogReader reader =
        new HistogramLogReader(new ByteArrayInputStream(line.getBytes(StandardCharsets.UTF_8)));
    if (reader.nextIntervalHistogram() instanceof Histogram oldest) {
      earlier.add(what, oldest);
      earlierUntilS[what.index()] = oldest.getEndTimeStamp() / MS_PER_S;
    }
  }

  private static String line(Distribution what, double fromS, double toS, Histogram values) {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    HistogramLogWriter writer = new HistogramLogWriter(line);
    writer.outputIntervalHistogram(fromS, toS, values, what.fileScale());
    writer.close();
    return line.toString(StandardCharsets.UTF_8);
  }

  private double secondsSinceStart(long ms) {
    return Math.max(0, ms - startMs) / MS_PER_S;
  }
}
