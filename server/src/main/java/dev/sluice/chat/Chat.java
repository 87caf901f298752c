package dev.sluice.chat;

import dev.sluice.frame.FrameFormat;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One conversation: its log, its runs, its readers. Reached through {@link Chats}.
 *
 * <p>Everything that changes the log or the runs happens inside the {@link Combiner}; what other
 * threads may ask is volatile.
 */
public final class Chat {
  /** What a chat costs beside its log, about. */
  static final int HEAP_BYTES = 512;

  private final String chatId;
  private final long epoch;
  private final Chats chats;
  private final Combiner combiner = new Combiner();
  private final Audiences audiences = new Audiences();

  // Its own ones are made for what is published first: many chats are only awaited.
  private volatile Log log = Log.NONE;
  private volatile Runs runs = Runs.NONE;
  private volatile @Nullable RunWriter writer;

  // While nobody uses the chat; for the sweeper alone.
  private @Nullable IdleWatch idleWatch;

  private volatile boolean gone;

  Chat(String chatId, long epoch, Chats chats) {
    this.chatId = chatId;
    this.epoch = epoch;
    this.chats = chats;
  }

  public String chatId() {
    return chatId;
  }

  /** The id of the newest event; its offset is 0 while there is none. */
  public EventId lastId() {
    return new EventId(epoch, log.tail());
  }

  /** The id of the oldest event that can still be read. */
  public EventId firstId() {
    return new EventId(epoch, log.first());
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
    combiner.submit(this::stopOpenRuns);
  }

  /**
   * Runs the command once everything that was published before it, by this thread, is in the log.
   * Any thread; the command runs on this or another one and must be short.
   */
  public void afterPublished(Runnable command) {
    combiner.submit(command);
  }

  /**
   * Publishes a draft that {@link EventRules} have completed.
   *
   * @param target the run it belongs to, or null to let the draft say
   * @param renews whether the event begins the chat anew, should that be forgotten meanwhile
   */
  PublishResult publish(@Nullable Run target, EventDraft draft, boolean renews) {
    if (gone) {
      return PublishResult.CHAT_GONE;
    }
    if (chats.budget().isExhausted() && RunWriter.mayWait(target, draft)) {
      return PublishResult.OVER_BUDGET;
    }
    if (combiner.tryEnter()) {
      try {
        return gone ? PublishResult.CHAT_GONE : writer().apply(target, draft, false);
      } finally {
        combiner.exit();
      }
    }
    if (log.isHeld() && RunWriter.mayWait(target, draft)) {
      return PublishResult.PUSHED_BACK;
    }
    EventDraft copy = draft.copy();
    combiner.submit(
        () -> {
          if (!gone) {
            if (writer().apply(target, copy, true) == PublishResult.RUN_STOPPED) {
              // Its publisher was told otherwise: it will not come again.
              writer().drop(copy);
            }
          } else if (renews) {
            // Forgotten while the event waited its turn.
            chats.publish(chatId, copy);
          }
        });
    return PublishResult.ACCEPTED;
  }

  /**
   * Counts a numbered event, of a run that was stopped, as taken though it is dropped: the number
   * of its successor is the next one. Any thread; the draft stays the caller's.
   */
  public void drop(EventDraft draft) {
    if (draft.producerId() != null) {
      EventDraft copy = draft.copy();
      combiner.submit(() -> writer().drop(copy));
    }
  }

  /** How far each producer has come that numbers its events. */
  public List<ProducerState> producerStates() {
    RunWriter made = writer;
    return made == null ? List.of() : made.producers().states();
  }

  /**
   * Opens a run for a producer inside this process. If there are too many, it has ended before it
   * began.
   *
   * @param atOnce whether it starts now, or with the first event of its producer
   */
  RunPublisher startRun(String runId, boolean atOnce, OnLag onLag) {
    Run run = Run.supervised(runId);
    run.onLag(onLag);
    RunPublisher publisher = new RunPublisher(this, run);
    combiner.submit(
        () -> {
          if (gone || !writer().open(run, atOnce)) {
            run.ending(RunEnding.STOPPED);
          }
        });
    return publisher;
  }

  /**
   * Ends an open run because its producer is gone, with {@code error} and {@code end}. Does nothing
   * if no such run is open. Any thread.
   */
  public void loseProducer(String runId) {
    combiner.submit(() -> writer().loseProducer(runId));
  }

  /** The open run of that name, or for null the one that unnamed events go to; null if none is. */
  public @Nullable String openRunId(@Nullable String runId) {
    Run run = runId == null ? runs.newestOpen() : runs.find(runId);
    return run != null && run.isOpen() ? run.runId() : null;
  }

  /** How that run ended; null if it is open, or not known (any more). */
  public @Nullable RunEnding endingOf(String runId) {
    Run run = runs.find(runId);
    return run == null ? null : run.ending();
  }

  /** The run that was opened last, open or not; null if there was none. */
  public @Nullable String newestRunId() {
    Run run = runs.newest();
    return run == null ? null : run.runId();
  }

  /** True if there is, or lately was, a run of that id. */
  public boolean hasRun(String runId) {
    return runs.find(runId) != null;
  }

  /**
   * The run of that event; null if the event is not of this log, or was shed and nobody can say any
   * more which of the runs it was of.
   */
  public @Nullable String runAt(EventId id) {
    return timeline().runAt(id);
  }

  /** A sign of life from the producer of an open run, which would count as lost without. */
  public void touch(String runId) {
    Run run = runs.find(runId);
    if (run != null) {
      run.touch();
    }
  }

  void listen(Run run, RunListener listener) {
    combiner.submit(() -> writer().listen(run, listener));
  }

  /** As {@link Chats#listen}; the chat may be gone. */
  void listen(@Nullable String runId, RunListener listener) {
    combiner.submit(
        () -> {
          Run run = runId == null ? runs.newestOpenOrNot() : runs.find(runId);
          if (run != null) {
            writer().listen(run, listener);
          } else if (gone) {
            listener.stopped();
          }
        });
  }

  /**
   * A publisher outside of this process writes to that open run from now on, until {@link #detach}.
   * Any thread.
   *
   * @param listener is told what happens to the run; at once, if it has been ended from outside
   */
  public void attach(String runId, RunListener listener) {
    combiner.submit(() -> writer().attach(runId, listener));
  }

  /**
   * That publisher writes no more over the connection that it had. Any thread.
   *
   * @param broken whether it was cut off: if it is the run's only one and does not come back within
   *     the grace time, the run ends as {@link #loseProducer} has it
   */
  public void detach(String runId, RunListener listener, boolean broken) {
    combiner.submit(() -> writer().detach(runId, listener, broken));
  }

  /** False while publishers have to wait for readers. Any thread. */
  boolean hasRoom() {
    PushBack pushBack = log.pushBack();
    if (pushBack != null && pushBack.mayHold()) {
      combiner.submit(pushBack::holds);
    }
    return !log.isHeld();
  }

  /**
   * Adds a reader, on the loop of {@code wakeups}.
   *
   * @return null if the chat is just being forgotten: ask {@link Chats} again
   */
  @Nullable Cursor join(
      StartAt startAt, @Nullable String run, Wakeups wakeups, Cursor.Reader reader) {
    Cursor cursor = audiences.add(this, run, timeline().place(startAt, run), wakeups, reader);
    if (cursor != null && gone) {
      cursor.close();
      return null;
    }
    return cursor;
  }

  void leave(Cursor cursor, Audience audience) {
    audiences.remove(cursor, audience);
    String only = cursor.run();
    for (Run run : runs.open()) {
      boolean wasRead = only == null || only.equals(run.runId());
      if (wasRead && audiences.readersOf(run.runId()) == 0) {
        combiner.submit(() -> writer().unread(run));
      }
    }
    if (log.tail() == 0) {
      chats.forgetIfUnused(this, 0);
    }
  }

  /** Ends the runs and then the chat itself. */
  void delete() {
    combiner.submit(
        () -> {
          if (!gone) {
            stopOpenRuns();
            gone();
            audiences.wake();
          }
        });
  }

  /**
   * Forgets the chat unless somebody uses it or its log is longer than it was when the caller saw
   * that nobody does; false if so. Never waits for another thread.
   */
  boolean forgetUnlessUsed(long seenTail) {
    if (!combiner.tryEnter()) {
      return false;
    }
    try {
      if (gone || runs.hasOpen() || log.tail() != seenTail || !audiences.closeIfEmpty()) {
        return false;
      }
      gone();
      return true;
    } finally {
      combiner.exit();
    }
  }

  /**
   * For the sweeper alone: ends runs whose producers are silent, or whose readers stay away; says
   * how long nobody used this, negative if somebody does.
   */
  long sweep(long nowMs, long runIdleTimeoutMs) {
    if (runs.hasOpen()) {
      combiner.submit(() -> writer().sweep(nowMs, runIdleTimeoutMs));
    }
    if (runs.hasOpen() || audiences.cursorCount() > 0) {
      idleWatch = null;
      return -1;
    }
    IdleWatch watch = idleWatch;
    if (watch == null) {
      watch = new IdleWatch();
      idleWatch = watch;
    }
    return watch.idleMs(log.tail(), nowMs);
  }

  /** Sheds the log's oldest events until it costs no more than that. Any thread. */
  void shedTo(long maxBytes) {
    combiner.submit(
        () -> {
          if (!gone) {
            log.shedTo(maxBytes);
          }
        });
  }

  /** Inside the combiner, once. */
  private void gone() {
    gone = true;
    log.release();
    chats.budget().charge(-HEAP_BYTES);
  }

  long epoch() {
    return epoch;
  }

  /** The log as it is now; another one once the first event is published. Any thread. */
  Log log() {
    return log;
  }

  /** What the id lines begin with. Any thread. */
  byte[] idPrefix() {
    Log now = log;
    return now == Log.NONE ? FrameFormat.idPrefix(epoch) : now.idPrefix();
  }

  Chats chats() {
    return chats;
  }

  /** Who writes to the log, which is made if need be. Only inside the combiner. */
  private RunWriter writer() {
    RunWriter made = writer;
    if (made == null) {
      ChatLimits limits = chats.limits();
      Log newLog = new Log(epoch, limits.maxLogBytes(), chats.budget());
      Runs newRuns = new Runs(limits.maxOpenRunsPerChat());
      made = new RunWriter(chatId, newLog, newRuns, audiences, chats);
      log = newLog;
      runs = newRuns;
      writer = made;
    }
    return made;
  }

  private void stopOpenRuns() {
    if (writer != null) {
      writer.stopOpenRuns();
    }
  }

  /** Where things are, as of now. Any thread. */
  Timeline timeline() {
    Log now = log;
    // The tail first: whoever sees events sees the runs that they belong to.
    long tail = now.tail();
    return new Timeline(epoch, now, tail, runs);
  }
}
