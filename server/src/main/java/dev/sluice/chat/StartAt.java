package dev.sluice.chat;

import org.jspecify.annotations.Nullable;

/** Where a subscriber wants to begin. */
public sealed interface StartAt {
  /** At the start of the earliest run that is open, or of the newest run if none is. */
  record CurrentRun() implements StartAt {}

  /** With whatever is published from now on. */
  record Live() implements StartAt {}

  /** After that event. An id of another log counts as {@link CurrentRun}, after a {@code gap}. */
  record After(EventId id) implements StartAt {}

  /**
   * Where that is in a log.
   *
   * @param position the offset of the last event that is not wanted
   * @param gapFrom the id that the subscriber asked for, if it has to be told of a gap first
   * @param gapReason why there is a gap
   */
  record Place(long position, @Nullable String gapFrom, @Nullable String gapReason) {}
}
