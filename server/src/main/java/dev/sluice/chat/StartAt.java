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
   * @param gap what the subscriber has to be told first, if it asked for what is not there
   */
  record Place(long position, @Nullable Gap gap) {}

  /**
   * Events that a subscriber can no longer get.
   *
   * @param from the id that it asked for
   * @param reason why it cannot have what follows
   */
  record Gap(String from, String reason) {}
}
