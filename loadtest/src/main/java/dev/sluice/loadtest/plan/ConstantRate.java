package dev.sluice.loadtest.plan;

/** One event every 1/rate seconds. */
public final class ConstantRate implements ArrivalSchedule {
  private final double rateEventsPerSecond;

  /** A schedule of so many events per second, more than 0. */
  public ConstantRate(double rateEventsPerSecond) {
    if (!(rateEventsPerSecond > 0)) {
      throw new IllegalArgumentException("rate " + rateEventsPerSecond + " is not above 0");
    }
    this.rateEventsPerSecond = rateEventsPerSecond;
  }

  @Override
  public long offsetNanos(long sequence) {
    // From the number each time, not from the event before: rounding does not add up.
    return (long) (sequence * 1e9 / rateEventsPerSecond);
  }
}
