package dev.sluice.loadtest.plan;

/**
 * A timetable that has been given its beginning. Any thread may read it once {@link #begin} has
 * been called.
 */
public final class Timeline {
  private final Timetable timetable;
  private volatile long beginNanos;

  /** A timeline that has not begun. */
  public Timeline(Timetable timetable) {
    this.timetable = timetable;
  }

  /**
   * Sets the moment from which all offsets count, on the clock of {@link System#nanoTime}. Call it
   * once, before all reads.
   */
  public void begin(long nanoTime) {
    beginNanos = nanoTime;
  }

  /** The events. */
  public Timetable timetable() {
    return timetable;
  }

  /** When event {@code sequence} is due, on the clock of {@link System#nanoTime}. */
  public long dueNanos(long sequence) {
    return beginNanos + timetable.offsetNanos(sequence);
  }

  /** The same for an event that is known by its chat and its index. */
  public long dueNanos(int chat, int index) {
    return beginNanos + timetable.offsetNanos(chat, index);
  }

  /** How long after the beginning a moment is. */
  public long offsetNanos(long nanoTime) {
    return nanoTime - beginNanos;
  }

  /** From when on events count for the figures. */
  public long measuredFromNanos() {
    return beginNanos + timetable.measuredFromNanos();
  }
}
