package dev.sluice.loadtest.plan;

/**
 * When the events of a run are due. A pure function of the event's number, so that neither a slow
 * target nor a slow rig can move it.
 */
public interface ArrivalSchedule {

  /**
   * Nanoseconds from the beginning of publishing to the moment at which event {@code sequence} is
   * due.
   *
   * @param sequence counts the run's events from 0; the result never decreases with it
   */
  long offsetNanos(long sequence);
}
