package dev.sluice.loadtest.plan;

/**
 * A schedule that has been given its beginning. Any thread may read it once {@link #begin} has been
 * called.
 */
public final class Timeline {
  private final ArrivalSchedule schedule;
  private volatile long beginNanos;

  /** A timeline that has not begun. */
  public Timeline(ArrivalSchedule schedule) {
    this.schedule = schedule;
  }

  /**
   * Sets the moment at which event 0 is due, on the clock of {@link System#nanoTime}. Call it once,
   * before all reads.
   */
  public void begin(long nanoTime) {
    beginNanos = nanoTime;
  }

  /** When event {@code sequence} is due, on the clock of {@link System#nanoTime}. */
  public long dueNanos(long sequence) {
    return beginNanos + schedule.offsetNanos(sequence);
  }
}
