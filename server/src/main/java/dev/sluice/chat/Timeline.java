package dev.sluice.chat;

import org.jspecify.annotations.Nullable;

/**
 * What a chat's log and runs say of where something is, as of one look at them. Any thread.
 *
 * @param tail of the log, read before the runs
 */
record Timeline(long epoch, Log log, long tail, Runs runs) {
  /** Where a reader of all runs, or of that one, begins. */
  StartAt.Place place(StartAt startAt, @Nullable String runId) {
    if (startAt instanceof StartAt.After after) {
      EventId id = after.id();
      boolean known = id.epoch() == epoch && !isFuture(id);
      return known
          ? new StartAt.Place(id.offset(), null)
          : new StartAt.Place(
              currentStart(runId),
              new StartAt.Gap(id.toString(), id.epoch() == epoch ? "unknown_id" : "epoch"));
    }
    long position = startAt instanceof StartAt.Live ? tail : currentStart(runId);
    return new StartAt.Place(position, null);
  }

  /** True if a reader that has everything up to that event would wait for nothing. */
  boolean hasNothingAfter(EventId id, @Nullable String runId) {
    if (id.epoch() != epoch) {
      return false;
    }
    if (runId != null) {
      Run run = runs.find(runId);
      long end = run == null ? 0 : run.endOffset();
      return end > 0 && id.offset() >= end && !isFuture(id);
    }
    // An open run may not have begun yet.
    return log.isLastEnd(id.offset()) && !runs.hasOpen();
  }

  /**
   * The run of that event; null if the event is not of this log, or was shed and nobody can say any
   * more which of the runs it was of.
   */
  @Nullable String runAt(EventId id) {
    if (id.epoch() != epoch) {
      return null;
    }
    Stretch stretch = log.stretchAt(id.offset());
    Run shed = id.offset() < log.first() ? runs.onlyOneAt(id.offset()) : null;
    Run run = stretch == null ? shed : stretch.run();
    return run == null ? null : run.runId();
  }

  private boolean isFuture(EventId id) {
    return id.offset() > tail;
  }

  /** The offset before the first event of the run that is asked for, or of the current ones. */
  private long currentStart(@Nullable String runId) {
    if (runId != null) {
      Run run = runs.find(runId);
      return run == null || run.startOffset() == 0 ? tail : run.startOffset() - 1;
    }
    return runs.currentStart(tail);
  }
}
