package dev.sluice.chat;

import dev.sluice.chat.EventDraft.DataKind;
import dev.sluice.frame.TokenType;
import dev.sluice.frame.Utf8Buffer;
import dev.sluice.metrics.TokenFigures;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Puts events into a chat's log by the rules of runs: each has one {@code start} before its content
 * and one {@code end} after it, whatever its producer does. Only inside the chat's {@link
 * Combiner}.
 */
final class RunWriter {
  private static final Logger LOG = LoggerFactory.getLogger(RunWriter.class);
  private static final String PRODUCER_LOST = "The producer of this answer went away.";

  private final String chatId;
  private final Log log;
  private final Runs runs;
  private final Audiences audiences;
  private final Chats chats;
  private final Producers producers = new Producers();

  RunWriter(String chatId, Log log, Runs runs, Audiences audiences, Chats chats) {
    this.chatId = chatId;
    this.log = log;
    this.runs = runs;
    this.audiences = audiences;
    this.chats = chats;
  }

  /** Opens a run for a producer inside this process; false if there are too many. */
  boolean open(Run run, boolean atOnce) {
    if (!runs.open(run)) {
      return false;
    }
    opened(run);
    if (atOnce) {
      putStart(run);
      wake();
    }
    return true;
  }

  /** Ends a run whose producer is gone, unless it is over. */
  void loseProducer(String runId) {
    Run run = runs.find(runId);
    if (run == null || !run.isOpen()) {
      return;
    }
    EventDraft error = new EventDraft().event(EventNames.ERROR).string(PRODUCER_LOST);
    error.extra(
        "detail", "{\"code\":\"" + RunEnding.PRODUCER_LOST.wireName() + "\",\"retryable\":true}");
    putStart(run);
    put(run, error);
    end(run, RunEnding.PRODUCER_LOST);
    wake();
  }

  /** For the sweeper: ends runs whose producers are silent, or whose readers stay away. */
  void sweep(long nowMs, long runIdleTimeoutMs) {
    for (Run run : runs.open()) {
      boolean wasCutOff = run.orphanedMs(nowMs) >= Math.max(1, chats.limits().producerGraceMs());
      if (run.idleMs(nowMs) >= runIdleTimeoutMs || wasCutOff) {
        loseProducer(run.runId());
      } else if (run.isForsaken(nowMs) && audiences.readersOf(run.runId()) == 0) {
        stop(run);
      }
    }
  }

  /** See {@link Chat#attach}. */
  void attach(String runId, RunListener listener) {
    Run run = runs.find(runId);
    if (run != null) {
      if (run.isOpen()) {
        run.attached();
      }
      listen(run, listener);
    }
  }

  /** See {@link Chat#detach}. */
  void detach(String runId, RunListener listener, boolean broken) {
    Run run = runs.find(runId);
    if (run == null || !run.isOpen()) {
      return;
    }
    run.unlisten(listener);
    if (run.detached() && broken) {
      if (chats.limits().producerGraceMs() == 0) {
        loseProducer(runId);
      } else {
        run.orphaned(chats.clock().millis());
      }
    }
  }

  /** Has a listener told what happens to a run; at once, if it was ended from outside. */
  void listen(Run run, RunListener listener) {
    RunEnding ending = run.ending();
    if (ending == null) {
      run.listen(listener);
    } else if (ending.isFromOutside()) {
      listener.stopped();
    }
  }

  /** True if the event need not be taken while there is no room. Any thread. */
  static boolean mayWait(@Nullable Run target, EventDraft draft) {
    return !EventNames.endsRun(draft.name()) && (target == null || !target.isPatient());
  }

  /**
   * Does what the rules say with one completed draft; see {@link Chat#publish}.
   *
   * @param told whether its publisher was told already that it is taken
   */
  PublishResult apply(@Nullable Run target, EventDraft draft, boolean told) {
    PublishResult known = producers.check(draft);
    if (known != null) {
      return known;
    }
    PublishResult result = applyNew(target, draft, told);
    if (result == PublishResult.ACCEPTED) {
      producers.took(draft);
    }
    return result;
  }

  /** Counts an event as taken that is dropped, if it was the next one of its producer. */
  void drop(EventDraft draft) {
    if (producers.check(draft) == null) {
      producers.took(draft);
    }
  }

  /** How far those have come that number their events. */
  Producers producers() {
    return producers;
  }

  private PublishResult applyNew(@Nullable Run target, EventDraft draft, boolean told) {
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
        if (runId == null && afterStop && !EventRules.isStart(draft)) {
          // What is still under way from a producer that was not told yet.
          return PublishResult.RUN_STOPPED;
        }
        if (isHeld(target, draft, told)) {
          return PublishResult.PUSHED_BACK;
        }
        run = runId == null ? Run.unnamed(Run.newId()) : Run.named(runId);
        run.onLag(chats.limits().onLag());
        if (!runs.open(run)) {
          return PublishResult.TOO_MANY_RUNS;
        }
        opened(run);
      }
    }
    if (!run.isOpen()) {
      return run.ending() == RunEnding.STOPPED
          ? PublishResult.RUN_STOPPED
          : name.equals(EventNames.END) ? PublishResult.ACCEPTED : PublishResult.RUN_ENDED;
    }
    if (isHeld(target, draft, told)) {
      // Its producer is there, or it would not have been refused.
      run.touch();
      return PublishResult.PUSHED_BACK;
    }
    if (applyTo(run, name, draft)) {
      wake();
    }
    return PublishResult.ACCEPTED;
  }

  private boolean isHeld(@Nullable Run target, EventDraft draft, boolean told) {
    PushBack pushBack = log.pushBack();
    return pushBack != null && !told && mayWait(target, draft) && pushBack.holds();
  }

  /** Tells the readers; then, when the last open run has ended, there is time to tidy up. */
  private void wake() {
    audiences.wake();
    if (!runs.hasOpen()) {
      log.fold();
    }
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
      if (!draft.extras().isEmpty()) {
        // Its keys are its own: it is stored, and sent, as it is.
        put(run, run.wholeTokenStretch(type), draft);
        countToken(run);
        return true;
      }
      Utf8Buffer text = draft.data();
      append(run, run.tokenStretch(type), text, draft.isBlank());
      countToken(run);
      return true;
    }
    if (name.equals(EventNames.START)) {
      if (!run.markStarted()) {
        return false;
      }
      put(run, draft);
      return true;
    }
    if (EventRules.isStart(draft)) {
      run.markStarted();
    }
    putStart(run);
    switch (name) {
      case EventNames.END -> end(run, RunEnding.COMPLETED, draft);
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
    return append(run, stretch, json, false);
  }

  private long append(Run run, Stretch stretch, Utf8Buffer bytes, boolean blank) {
    long offset = log.append(stretch, bytes.array(), 0, bytes.length(), blank);
    run.appended(offset);
    chats.metrics().eventAppended();
    TokenFigures figures = run.figures();
    if (figures != null) {
      figures.bytes(bytes.length());
    }
    return offset;
  }

  private void opened(Run run) {
    run.opened(nowNanos());
    runsChanged();
    chats.metrics().runOpened();
  }

  /** A run has been opened, or has ended. */
  private void runsChanged() {
    PushBack pushBack = log.pushBack();
    if (pushBack == null && runs.arePushingBack()) {
      pushBack = new PushBack(log, runs, audiences);
      log.pushBack(pushBack);
    }
    if (pushBack != null) {
      pushBack.runsChanged();
    }
  }

  private void countToken(Run run) {
    TokenFigures figures = run.figures();
    if (figures != null) {
      if (figures.tokens() == 0) {
        chats.metrics().runAnswers();
      }
      figures.tokens(1, nowNanos());
    }
  }

  /** To a ms, which is as fine as what is told. */
  private long nowNanos() {
    return TimeUnit.MILLISECONDS.toNanos(chats.clock().millis());
  }

  private void end(Run run, RunEnding how) {
    EventDraft end = new EventDraft().event(EventNames.END);
    EventRules.complete(end);
    end(run, how, end);
  }

  private void end(Run run, RunEnding how, EventDraft end) {
    List<RunListener> listeners = run.listeners();
    // First how it ended: who reads the end looks there.
    run.ending(how);
    run.endedAt(put(run, run.endStretch(runs.open().size() == 1), end));
    runs.close(run);
    runsChanged();
    tellFigures(run, how);
    if (how.isFromOutside()) {
      tell(listeners, RunListener::stopped);
    }
  }

  private void tellFigures(Run run, RunEnding how) {
    TokenFigures figures = run.figures();
    if (figures == null) {
      return;
    }
    run.told();
    chats.metrics().runEnded(how.wireName(), figures.tokens() > 0);
    RunLine.log(chatId, run.runId(), how, figures);
  }

  /** Does what is to be done when a run's last reader has gone, unless one has come since. */
  void unread(Run run) {
    if (run.isOpen() && audiences.readersOf(run.runId()) == 0) {
      boolean atOnce = run.forsaken(chats.clock().millis());
      tell(run.listeners(), RunListener::unread);
      if (atOnce && run.isOpen()) {
        stop(run);
      }
    }
  }

  private static void tell(List<RunListener> listeners, Consumer<RunListener> what) {
    for (RunListener listener : listeners) {
      try {
        what.accept(listener);
      } catch (RuntimeException e) {
        // The others, and whoever caused it, have nothing to do with that.
        LOG.error("a listener of a run failed", e);
      }
    }
  }

  /** Stops the open runs and tells their producers. */
  void stopOpenRuns() {
    new ArrayList<>(runs.open()).forEach(this::stop);
  }

  private void stop(Run run) {
    EventDraft abort = new EventDraft().event(EventNames.ABORT);
    EventRules.complete(abort);
    putStart(run);
    put(run, abort);
    end(run, RunEnding.STOPPED);
    wake();
  }
}
