package dev.sluice.loadtest.plan;

import java.util.SplittableRandom;

/**
 * Arrivals that know nothing of each other: the time between two is exponentially distributed. The
 * same seed gives the same times. All times are kept, 8 bytes for each event.
 */
public final class PoissonArrivals implements ArrivalSchedule {
  private final long[] offsetsNanos;

  /**
   * Draws the times.
   *
   * @param events how many, at most {@link Integer#MAX_VALUE} less a few
   * @param rateEventsPerSecond the mean rate, more than 0
   */
  public PoissonArrivals(long seed, long events, double rateEventsPerSecond) {
    if (!(rateEventsPerSecond > 0)) {
      throw new IllegalArgumentException("rate " + rateEventsPerSecond + " is not above 0");
    }
    SplittableRandom random = new SplittableRandom(seed);
    offsetsNanos = new long[Math.toIntExact(events)];
    double atNanos = 0;
    for (int i = 0; i < offsetsNanos.length; i++) {
      offsetsNanos[i] = (long) atNanos;
      atNanos -= Math.log(1 - random.nextDouble()) * 1e9 / rateEventsPerSecond;
    }
  }

  @Override
  public long offsetNanos(long sequence) {
    return offsetsNanos[(int) sequence];
  }
}
