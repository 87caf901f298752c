package dev.sluice.chat;

import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One conversation: its log, its runs, its readers. Reached through {@link Chats}.
 *
 * <p>Everything that changes the log or the runs happens inside the {@link Combiner}; what other
 * threads may ask is volatile.
 */
public final class Chat {
  private final String chatId;
  private final Chats chats;
  private final Log log;
  private final Runs runs;
  private final RunWriter writer;
  private final Combiner combiner = new Combiner();
  private final Audiences audiences = new Audiences();
  private final IdleWatch idleWatch = new IdleWatch();

  private volatile boolean gone;

  Chat(String chatId, long epoch, Chats chats) {
    this.chatId = chatId;
    this.chats = chats;
    ChatLimits limits = chats.limits();
    log = new Log(epoch, limits.maxLogBytes(), chats.budget());
    runs = new Runs(limits.maxOpenRunsPerChat());
    writer = new RunWriter(log, runs, audiences, limits, chats.metrics());
  }

  public String chatId() {
    return chatId;
  }

  /** The id of the newest event; its offset is 0 while there is none. */
  public EventId lastId() {
    return new EventId(log.epoch(), log.tail());
  }

  /** The id of the oldest event that can still be read. */
  public EventId firstId() {
    return new EventId(log.epoch(), log.first());
  }

  /** Readers at this moment. */
  public int subscriberCount() {
    return audiences.cursorCount();
  }

  /** True once the chat was deleted or forgotten. Its log is never written again. */
  public boolean isGone() {
    return gone;
  }

  /** The runs that are open or ended lately, oldest first. */
  public List<RunState> runStates() {
    return runs.states();
  }

  /**
   * Stops the open runs: each gets {@code abort} and {@code end}, its producer is told. Any thread.
   */
  public void stop() {
    combiner.submit(writer::stopOpenRuns);
  }

  /**
   * Runs the command once everything that was published before it, by this thread, is in the log.
   * Any thread; the command runs on this or another one and must be short.
   */
  public void afterPublished(Runnable command) {
    combiner.submit(command);
  }

  PublishResult publish(EventDraft draft) {
    return publish(null, draft);
  }

  /**
   * Publishes a draft that {@link EventRules} have completed.
   *
   * @param target the run it belongs to, or null to let the draft say
   */
  PublishResult publish(@Nullable Run target, EventDraft draft) {
    if (gone) {
      return PublishResult.CHAT_GONE;
    }
    if (chats.budget().isExhausted()) {
      return PublishResult.OVER_BUDGET;
    }
    if (combiner.tryEnter()) {
      try {
        return gone ? PublishResult.CHAT_GONE : writer.apply(target, draft);
      } finally {
        combiner.exit();
      }
    }
    EventDraft copy = draft.copy();
    combiner.submit(
        () -> {
          if (!gone) {
            writer.apply(target, copy);
          } else if (target == null) {
            // Forgotten while the event waited its turn: it begins the chat anew.
            chats.publish(chatId, copy);
          }
        });
    return PublishResult.ACCEPTED;
  }

  /**
   * Opens a run for a producer inside this process. If there are too many, it has ended before it
   * began.
   */
  RunPublisher startRun(String runId) {
    Run run = new Run(runId, false);
    RunPublisher publisher = new RunPublisher(this, run);
    combiner.submit(
        () -> {
          if (gone || !writer.open(run)) {
            run.ended(RunEnding.STOPPED, 0);
          }
        });
    return publisher;
  }

  /**
   * Ends an open run because its producer is gone, with {@code error} and {@code end}. Does nothing
   * if no such run is open. Any thread.
   */
  public void loseProducer(String runId) {
    combiner.submit(() -> writer.loseProducer(runId));
  }

  /** The open run of that name, or for null the one that unnamed events go to; null if none is. */
  public @Nullable String openRunId(@Nullable String runId) {
    Run run = runId == null ? runs.newestOpen() : runs.find(runId);
    return run != null && run.isOpen() ? run.runId() : null;
  }

  /** The newest run that had begun when the log had that event; null if that is not known. */
  public @Nullable String runAt(EventId id) {
    return id.epoch() == log.epoch() ? runs.at(id.offset()) : null;
  }

  void onStop(Run run, @Nullable Runnable listener) {
    combiner.submit(
        () -> {
          RunEnding ending = run.ending();
          if (ending == null) {
            run.onStop(listener);
          } else if (listener != null && ending.isFromOutside()) {
            listener.run();
          }
        });
  }

  /**
   * Adds a reader, on the loop of {@code wakeups}.
   *
   * @return null if the chat is just being forgotten: ask {@link Chats} again
   */
  @Nullable Cursor join(
      StartAt startAt, @Nullable String run, Wakeups wakeups, Cursor.Reader reader) {
    Cursor cursor = audiences.add(this, run, place(startAt, run), wakeups, reader);
    if (gone) {
      cursor.close();
      return null;
    }
    return cursor;
  }

  /** True if a reader that has everything up to that event would wait for nothing. */
  boolean hasNothingAfter(EventId id, @Nullable String runId) {
    if (id.epoch() != log.epoch()) {
      return false;
    }
    if (runId != null) {
      Run run = runs.find(runId);
      return run != null && !run.isOpen() && id.offset() >= run.endOffset() && !isFuture(id);
    }
    // In this order: a run that opens in between has moved the tail.
    return !runs.hasOpen() && id.offset() > 0 && id.offset() == log.tail();
  }

  void leave(Cursor cursor, Audience audience) {
    audiences.remove(cursor, audience);
    if (log.tail() == 0) {
      chats.forgetIfUnused(this);
    }
  }

  /** Ends the runs and then the chat itself. */
  void delete() {
    combiner.submit(
        () -> {
          if (!gone) {
            writer.stopOpenRuns();
            gone = true;
            log.release();
            audiences.wake();
          }
        });
  }

  /** Forgets the chat unless somebody uses it; false if so. Never waits for another thread. */
  boolean forgetUnlessUsed() {
    if (!combiner.tryEnter()) {
      return false;
    }
    try {
      if (gone || runs.hasOpen() || audiences.cursorCount() > 0) {
        return false;
      }
      gone = true;
      // A reader counts itself before it looks at `gone`, so one of the two notices the other.
      if (audiences.cursorCount() > 0) {
        gone = false;
        return false;
      }
      log.release();
      return true;
    } finally {
      combiner.exit();
    }
  }

  /**
   * For the sweeper alone: ends runs whose producers are silent; says how long nobody used this.
   */
  long sweep(long nowMs, long runIdleTimeoutMs) {
    for (Run run : runs.all()) {
      if (run.isOpen() && run.idleWatch().idleMs(run.eventCount(), nowMs) >= runIdleTimeoutMs) {
        loseProducer(run.runId());
      }
    }
    boolean used = runs.hasOpen() || audiences.cursorCount() > 0;
    return idleWatch.idleMs(used ? -1 : log.tail(), nowMs);
  }

  Log log() {
    return log;
  }

  private boolean isFuture(EventId id) {
    return id.offset() > log.tail();
  }

  private StartAt.Place place(StartAt startAt, @Nullable String runId) {
    if (startAt instanceof StartAt.After after) {
      EventId id = after.id();
      boolean known = id.epoch() == log.epoch() && !isFuture(id);
      return known
          ? new StartAt.Place(id.offset(), null, null)
          : new StartAt.Place(
              currentStart(runId),
              id.toString(),
              id.epoch() == log.epoch() ? "unknown_id" : "epoch");
    }
    long position = startAt instanceof StartAt.Live ? log.tail() : currentStart(runId);
    return new StartAt.Place(position, null, null);
  }

  /** The offset before the first event of the run that is asked for, or of the current ones. */
  private long currentStart(@Nullable String runId) {
    if (runId != null) {
      Run run = runs.find(runId);
      return run == null || run.startOffset() == 0 ? log.tail() : run.startOffset() - 1;
    }
    return runs.currentStart(log.tail());
  }
}
