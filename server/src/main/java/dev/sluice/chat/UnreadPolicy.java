package dev.sluice.chat;

/**
 * What becomes of a run when its last reader goes: nothing, or it is stopped. Only a run that was
 * read can lose its last reader; one that nobody has come to yet goes on.
 *
 * @param cancels whether the run is stopped
 * @param graceMs how long after the last reader has gone, in ms, unless one comes meanwhile; 0 for
 *     at once
 */
public record UnreadPolicy(boolean cancels, long graceMs) {
  /** The run goes on. */
  public static final UnreadPolicy CONTINUE = new UnreadPolicy(false, 0);

  /** The run is stopped at once. */
  public static final UnreadPolicy CANCEL = new UnreadPolicy(true, 0);

  /**
   * @throws IllegalArgumentException if the grace is negative
   */
  public UnreadPolicy {
    if (graceMs < 0) {
      throw new IllegalArgumentException("a run's grace without a reader must be 0 ms or more");
    }
  }

  /** The run is stopped if nobody has come back by then. */
  public static UnreadPolicy cancelAfter(long graceMs) {
    return new UnreadPolicy(true, graceMs);
  }
}
