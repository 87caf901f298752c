package dev.sluice.chat;

import dev.sluice.chat.EventDraft.DataKind;
import dev.sluice.frame.TokenType;
import dev.sluice.frame.Utf8Buffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * One conversation: its log, its runs, its readers. Reached through {@link Chats}.
 *
 * <p>Everything that changes the log or the runs happens inside the {@link Combiner}; what other
 * threads may ask is volatile.
 */
public final class Chat {
  private static final String PRODUCER_LOST = "The producer of this answer went away.";

  private final String chatId;
  private final Chats chats;
  private final Log log;
  private final Runs runs;
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
    combiner.submit(this::stopOpenRuns);
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
        return apply(target, draft);
      } finally {
        combiner.exit();
      }
    }
    EventDraft copy = draft.copy();
    combiner.submit(
        () -> {
          if (apply(target, copy) == PublishResult.CHAT_GONE && target == null) {
            // Forgotten while the event waited its turn: it begins the chat anew.
            chats.publish(chatId, copy);
          }
        });
    return PublishResult.ACCEPTED;
  }

  /** Opens a run for a producer inside this process. */
  RunPublisher startRun(String runId) {
    Run run = new Run(runId, false);
    RunPublisher publisher = new RunPublisher(this, run);
    combiner.submit(
        () -> {
          if (gone || !runs.open(run)) {
            run.ended(RunEnding.STOPPED, 0);
            return;
          }
          putStart(run);
          audiences.wake();
        });
    return publisher;
  }

  /**
   * Ends an open run because its producer is gone, with {@code error} and {@code end}. Does nothing
   * if no such run is open. Any thread.
   */
  public void loseProducer(String runId) {
    combiner.submit(
        () -> {
          Run run = runs.find(runId);
          if (run == null || !run.isOpen()) {
            return;
          }
          EventDraft error = new EventDraft().event(EventNames.ERROR).string(PRODUCER_LOST);
          error.extra(
              "detail",
              "{\"code\":\"" + RunEnding.PRODUCER_LOST.wireName() + "\",\"retryable\":true}");
          put(run, error);
          end(run, RunEnding.PRODUCER_LOST);
          audiences.wake();
        });
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
          if (run.isOpen()) {
            run.onStop(listener);
          } else if (listener != null && run.ending() == RunEnding.STOPPED) {
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
            stopOpenRuns();
            goAway();
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

  private PublishResult apply(@Nullable Run target, EventDraft draft) {
    if (gone) {
      return PublishResult.CHAT_GONE;
    }
    Run run = target;
    String name = draft.name();
    if (run == null) {
      String runId = draft.run();
      run = runId == null ? runs.newestOpen() : runs.find(runId);
      if (run == null) {
        if (name.equals(EventNames.END) || name.equals(EventNames.ABORT) || isEmptyToken(draft)) {
          return PublishResult.ACCEPTED;
        }
        Run newest = runs.newest();
        boolean afterStop = newest != null && newest.ending() == RunEnding.STOPPED;
        if (runId == null && afterStop && !name.equals(EventNames.START)) {
          return PublishResult.RUN_STOPPED;
        }
        run = runId == null ? new Run(chats.newRunId(), false) : new Run(runId, true);
        if (!runs.open(run)) {
          return PublishResult.TOO_MANY_RUNS;
        }
      }
    }
    if (!run.isOpen()) {
      return run.ending() == RunEnding.STOPPED
          ? PublishResult.RUN_STOPPED
          : name.equals(EventNames.END) ? PublishResult.ACCEPTED : PublishResult.RUN_ENDED;
    }
    if (applyTo(run, name, draft)) {
      audiences.wake();
    }
    return PublishResult.ACCEPTED;
  }

  /** Returns whether the log has grown. */
  private boolean applyTo(Run run, String name, EventDraft draft) {
    if (name.equals(EventNames.TOKEN)) {
      if (isEmptyToken(draft)) {
        return false;
      }
      putStart(run);
      TokenType type = draft.type();
      if (type == null) {
        throw new IllegalArgumentException("a token without a type: not completed by EventRules");
      }
      Utf8Buffer text = draft.data();
      Stretch stretch = run.tokenStretch(type, draft.extras());
      run.appended(log.append(stretch, text.array(), 0, text.length(), draft.isBlank()));
      chats.metrics().eventAppended();
      return true;
    }
    if (name.equals(EventNames.START)) {
      if (!run.markStarted()) {
        return false;
      }
      put(run, draft);
      return true;
    }
    if (name.equals(EventNames.AGENT_FLOW_EVENT)
        && draft.dataKind() == DataKind.STRING
        && draft.data().toString().equals("INPROGRESS")) {
      // As the first event of a run it plays the part of `start`.
      run.markStarted();
    }
    putStart(run);
    switch (name) {
      case EventNames.END -> end(run, RunEnding.COMPLETED);
      case EventNames.ERROR -> {
        put(run, draft);
        end(run, RunEnding.FAILED);
      }
      case EventNames.ABORT -> {
        put(run, draft);
        end(run, RunEnding.ABORTED);
      }
      case EventNames.METADATA -> {
        if (run.markMetadata()) {
          put(run, draft);
        }
      }
      default -> put(run, draft);
    }
    return true;
  }

  private boolean isEmptyToken(EventDraft draft) {
    return draft.name().equals(EventNames.TOKEN)
        && (draft.data().isEmpty()
            || draft.dataKind() == DataKind.NULL
            || (draft.isBlank() && chats.limits().dropBlankTokens()));
  }

  private void putStart(Run run) {
    if (run.markStarted()) {
      put(run, new EventDraft().event(EventNames.START).string(""));
    }
  }

  private long put(Run run, EventDraft draft) {
    return put(run, run.eventStretch(), draft);
  }

  private long put(Run run, Stretch stretch, EventDraft draft) {
    Utf8Buffer json = new Utf8Buffer(draft.byteCount() + 96);
    draft.putJson(json, run.runExtra());
    long offset = log.append(stretch, json.array(), 0, json.length(), false);
    run.appended(offset);
    chats.metrics().eventAppended();
    return offset;
  }

  private void end(Run run, RunEnding how) {
    EventDraft end = new EventDraft().event(EventNames.END);
    EventRules.complete(end);
    runs.close(run);
    run.ended(how, put(run, run.endStretch(!runs.hasOpen()), end));
    chats.metrics().runEnded(how.wireName());
  }

  private void stopOpenRuns() {
    for (Run run : new ArrayList<>(runs.open())) {
      Runnable listener = run.onStop();
      EventDraft abort = new EventDraft().event(EventNames.ABORT);
      EventRules.complete(abort);
      put(run, abort);
      end(run, RunEnding.STOPPED);
      if (listener != null) {
        listener.run();
      }
    }
    audiences.wake();
  }

  private void goAway() {
    gone = true;
    log.release();
    audiences.wake();
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
