package dev.sluice.loadtest.measure;

import org.HdrHistogram.Histogram;
import org.HdrHistogram.Recorder;

/**
 * One distribution of durations, in nanoseconds: 1 µs to 1 h, three significant digits. Longer ones
 * count as 1 h, negative ones as 0. Any thread may record; one thread reads.
 */
public final class Timing {
  private static final long MIN_NANOS = 1_000;
  private static final long MAX_NANOS = 3_600_000_000_000L;
  private static final int DIGITS = 3;

  private final Recorder recorder = new Recorder(MIN_NANOS, MAX_NANOS, DIGITS);
  private final Histogram total = new Histogram(MIN_NANOS, MAX_NANOS, DIGITS);

  /** Adds one duration. */
  public void record(long nanos) {
    recorder.recordValue(Math.min(Math.max(nanos, 0), MAX_NANOS));
  }

  /**
   * What was recorded since the last call, with its own start and end time; it is counted into the
   * total.
   */
  public Histogram takeInterval() {
    Histogram interval = recorder.getIntervalHistogram();
    total.add(interval);
    return interval;
  }

  /** All that was recorded until the last interval was taken. */
  public Histogram counted() {
    return total;
  }

  /** All that was recorded until now. */
  public Histogram total() {
    takeInterval();
    return total;
  }
}
