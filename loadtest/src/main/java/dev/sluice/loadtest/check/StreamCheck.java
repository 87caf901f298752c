package dev.sluice.loadtest.check;

import dev.sluice.loadtest.wire.Frame;
import org.jspecify.annotations.Nullable;

/**
 * Judges one stream of the contract from its first frame to its end: {@code start} once and first,
 * the tokens, {@code end} once and last, ids of one epoch that count the events, then a completed
 * body.
 *
 * <p>Faults go to the log that the streams of a run share; the check itself belongs to one thread
 * at a time.
 */
public final class StreamCheck {

  /** Told about each token of the stream at its first arrival. */
  public interface Arrivals {
    /** Token {@code index} of this stream has come. */
    void onToken(int index);
  }

  private final String where;
  private final TokenCheck tokenCheck;
  private final FaultLog faults;
  private long epoch = -1;
  private long lastOffset;
  private int framesOfResponse;
  private boolean started;
  private boolean ended;

  private StreamCheck(String where, TokenCheck tokenCheck, FaultLog faults) {
    this.where = where;
    this.tokenCheck = tokenCheck;
    this.faults = faults;
  }

  /**
   * Expects {@code tokens} tokens of a chat, as {@code text} has them.
   *
   * @param where names the stream in what is said about it
   */
  public static StreamCheck ofPublished(
      String where, int chat, int tokens, TokenText text, FaultLog faults) {
    return new StreamCheck(where, new PublishedTokens(where, chat, tokens, text, faults), faults);
  }

  /** Expects an answer that the target makes. */
  public static StreamCheck ofOwn(String where, FaultLog faults) {
    return new StreamCheck(where, new OwnTokens(where, faults), faults);
  }

  /** Another response follows, which goes on after {@link #lastEventId}. */
  public void onResumed() {
    framesOfResponse = 0;
  }

  /** The id of the last frame, or null if there was none. */
  public @Nullable String lastEventId() {
    return epoch < 0 ? null : epoch + "-" + lastOffset;
  }

  /** Whether {@code end} has come. */
  public boolean ended() {
    return ended;
  }

  /**
   * Judges the next frame.
   *
   * @return how many tokens stood in it; of a target's own tokens, 1 for each frame
   */
  public int onFrame(Frame frame, Arrivals arrivals) {
    framesOfResponse++;
    if (frame.retryMs() >= 0 && framesOfResponse > 1) {
      fault(FaultKind.FRAME_FORM, "retry in frame " + framesOfResponse);
    }
    if (ended) {
      fault(FaultKind.AFTER_END, frame.event() + (frame.kind() == Frame.Kind.END ? " again" : ""));
    } else if (!started && frame.kind() != Frame.Kind.START) {
      fault(FaultKind.START_NOT_FIRST, "first was " + frame.event());
      started = true;
    }
    int count = 0;
    switch (frame.kind()) {
      case START -> onStart(frame);
      case TOKEN -> count = tokenCheck.onTokens(frame, arrivals);
      case END -> onEnd(frame);
      case OTHER -> tokenCheck.onOther(frame);
    }
    if (count == TokenCheck.ANY_NUMBER) {
      count = 1;
      onId(frame, 1, Long.MAX_VALUE);
    } else {
      onId(frame, Math.max(1, count), Math.max(1, count));
    }
    return count;
  }

  /** The body was completed. */
  public void onCompleted() {
    if (!ended) {
      fault(FaultKind.MISSING_END, "completed after " + seen());
    }
    tokenCheck.onOver();
  }

  /** The connection was closed before the body was completed. */
  public void onTruncated() {
    fault(FaultKind.TRUNCATED_BODY, "closed after " + seen() + (ended ? " and end" : ""));
    tokenCheck.onOver();
  }

  /** The run stopped waiting; what has not come may still have been on its way. */
  public void onNotCompleted() {
    fault(FaultKind.NOT_COMPLETED, "open after " + seen() + (ended ? " and end" : ""));
  }

  private void onStart(Frame frame) {
    if (started) {
      fault(FaultKind.SECOND_START, "after " + tokenCheck.seen());
    }
    started = true;
    tokenCheck.onStartOrEnd(frame);
  }

  private void onEnd(Frame frame) {
    ended = true;
    tokenCheck.onStartOrEnd(frame);
  }

  private void onId(Frame frame, long least, long most) {
    long events = frame.offset() - lastOffset;
    if (epoch >= 0 && frame.epoch() != epoch) {
      fault(FaultKind.EPOCH_CHANGED, epoch + " became " + frame.epoch());
    } else if (events <= 0) {
      fault(FaultKind.ID_NOT_INCREASING, lastOffset + " was followed by " + frame.offset());
    } else if (events < least || events > most) {
      fault(
          FaultKind.ID_NOT_DENSE,
          least + " events led from offset " + lastOffset + " to " + frame.offset());
    }
    epoch = frame.epoch();
    lastOffset = frame.offset();
  }

  private String seen() {
    return tokenCheck.seen();
  }

  private void fault(FaultKind kind, String what) {
    faults.record(kind, where, what);
  }
}
