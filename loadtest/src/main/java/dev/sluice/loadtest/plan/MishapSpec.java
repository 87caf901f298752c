package dev.sluice.loadtest.plan;

/**
 * What goes wrong in a run besides what {@link ReaderSpec} says, each at a time and a place that
 * are drawn.
 *
 * @param pauses how many readers stop reading, and go on
 * @param pauseMs for how long
 * @param resets how many streams are broken by a reset
 * @param halfOpens how many streams are resumed while their old connection stays open, unread
 * @param cuts how many times a publish connection is cut in the middle of a line
 */
public record MishapSpec(int pauses, int pauseMs, int resets, int halfOpens, int cuts) {
  /** Nothing of the kind. */
  public static final MishapSpec NONE = new MishapSpec(0, 0, 0, 0, 0);
}
