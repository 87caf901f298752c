package dev.sluice;

import java.util.concurrent.TimeUnit;

/**
 * How many published events may be expected in a short time, after those that were seen lately: an
 * exponential average. One thread.
 */
final class WakeRate {
  /** The time in which the weight of what was seen falls to a third. */
  private static final double MEMORY_NANOS = TimeUnit.MILLISECONDS.toNanos(10);

  private double perNano;
  private long seen;
  private long seenNanos;

  /**
   * @param count how many there have been so far
   */
  WakeRate(long count, long nowNanos) {
    seen = count;
    seenNanos = nowNanos;
  }

  /** Takes note of how many there have been up to now. */
  void see(long count, long nowNanos) {
    long nanos = nowNanos - seenNanos;
    if (nanos > 0) {
      double old = Math.exp(-nanos / MEMORY_NANOS);
      perNano = perNano * old + (count - seen) / (double) nanos * (1 - old);
      seen = count;
      seenNanos = nowNanos;
    }
  }

  /** How many are to be expected within that time. */
  double expected(long nanos) {
    return perNano * nanos;
  }
}
