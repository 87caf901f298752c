package dev.sluice.loadtest.check;

import dev.sluice.loadtest.wire.Frame;
import org.jspecify.annotations.Nullable;

/**
 * Judges one run of a stream: {@code start} once and first, the tokens, {@code end} once and last.
 * A run whose publisher may be cut can end with {@code producer_lost}; then another goes on with
 * the text.
 */
final class RunCheck {
  private final String where;
  private final @Nullable String run;
  private final TokenCheck tokenCheck;
  private final @Nullable ToldLog mayBeCut;
  private final FaultLog faults;
  private boolean started;
  private boolean lost;
  private boolean ended;

  /**
   * A run of which nothing has come.
   *
   * @param run the name that its events have to carry, or null
   * @param mayBeCut counts how often its publisher is lost; null if that is a fault
   */
  RunCheck(
      String where,
      @Nullable String run,
      @Nullable ToldLog mayBeCut,
      TokenCheck tokenCheck,
      FaultLog faults) {
    this.where = where;
    this.run = run;
    this.mayBeCut = mayBeCut;
    this.tokenCheck = tokenCheck;
    this.faults = faults;
  }

  /** The name that its events have to carry, or null. */
  @Nullable String run() {
    return run;
  }

  /** Whether {@code end} has come, and no other run follows to go on with the text. */
  boolean ended() {
    return ended;
  }

  /**
   * Judges the next frame of the run.
   *
   * @param other its event, if it is neither start, token nor end
   * @return how many tokens stood in it, or {@link TokenCheck#ANY_NUMBER}
   */
  int onFrame(Frame frame, @Nullable OtherEvent other, StreamCheck.Arrivals arrivals) {
    if (ended) {
      fault(FaultKind.AFTER_END, frame.event() + (frame.kind() == Frame.Kind.END ? " again" : ""));
    } else if (!started && frame.kind() != Frame.Kind.START) {
      fault(FaultKind.START_NOT_FIRST, "first was " + frame.event());
      started = true;
    }
    switch (frame.kind()) {
      case START -> onStart(frame);
      case TOKEN -> {
        return tokenCheck.onTokens(frame, arrivals);
      }
      case END -> onEnd(frame);
      case OTHER -> onOther(frame, other);
    }
    return 0;
  }

  /** Events of the stream were lost, and that was told; a start may have been among them. */
  void onGap() {
    started = true;
  }

  /**
   * No more will come.
   *
   * @param excused how many of the tokens may be missing because gaps told so
   * @return how many of these are
   */
  long onOver(long excused) {
    return tokenCheck.onOver(excused);
  }

  /** What has come so far, for a message. */
  String seen() {
    return tokenCheck.seen();
  }

  private void onStart(Frame frame) {
    if (started) {
      fault(FaultKind.SECOND_START, "after " + tokenCheck.seen());
    }
    started = true;
    tokenCheck.onStartOrEnd(frame);
  }

  private void onEnd(Frame frame) {
    tokenCheck.onStartOrEnd(frame);
    if (lost) {
      lost = false;
      started = false;
    } else {
      ended = true;
    }
  }

  private void onOther(Frame frame, @Nullable OtherEvent other) {
    if (mayBeCut != null && other != null && other.isProducerLost()) {
      lost = true;
      mayBeCut.producerLost();
    } else {
      tokenCheck.onOther(frame);
    }
  }

  private void fault(FaultKind kind, String what) {
    faults.record(kind, where, what);
  }
}
