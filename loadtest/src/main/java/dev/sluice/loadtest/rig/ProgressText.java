package dev.sluice.loadtest.rig;

import dev.sluice.loadtest.measure.Measurements;
import dev.sluice.loadtest.measure.Series;
import java.util.Locale;
import org.HdrHistogram.Histogram;

/** Tells in one line how a run goes: open streams, tokens a second, latency so far. */
final class ProgressText {
  private final int streams;
  private final Measurements measurements;
  private long lastNanos = System.nanoTime();
  private long lastTokens;

  ProgressText(int streams, Measurements measurements) {
    this.streams = streams;
    this.measurements = measurements;
  }

  /** The line; the rate is that since the last call. */
  String line(String doing, int open) {
    long now = System.nanoTime();
    long tokens = measurements.tokens().sum();
    double rate = (tokens - lastTokens) * 1e9 / Math.max(1, now - lastNanos);
    lastNanos = now;
    lastTokens = tokens;
    String line = String.format(Locale.ROOT, "%s %,d/%,d open", doing, open, streams);
    if (tokens == 0) {
      return line;
    }
    Histogram latency = measurements.of(Series.LATENCY).counted();
    boolean own = latency.getTotalCount() == 0;
    Histogram shown = own ? measurements.of(Series.FIRST_TOKEN).counted() : latency;
    line += String.format(Locale.ROOT, ", %,.0f tokens/s", rate);
    if (shown.getTotalCount() == 0) {
      return line + ", warming up";
    }
    return line
        + String.format(
            Locale.ROOT,
            ", %sp50 %.2f p99 %.2f ms",
            own ? "first token " : "",
            shown.getValueAtPercentile(50) / 1e6,
            shown.getValueAtPercentile(99) / 1e6);
  }
}
