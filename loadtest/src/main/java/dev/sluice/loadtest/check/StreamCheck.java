package dev.sluice.loadtest.check;

import dev.sluice.loadtest.wire.Frame;

/**
 * Judges one stream from its first frame to its end: {@code start} once and first, the text, {@code
 * end} once and last, ids of one epoch that count the events, then a completed body.
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

  private static final String TOKEN_TYPE = "finalResponse";

  private final int stream;
  private final TextCheck textCheck;
  private final FaultLog faults;
  private final int tokens;
  private long epoch = -1;
  private long lastOffset;
  private int frames;
  private boolean started;
  private boolean ended;

  /** Expects {@code tokens} tokens of {@code text} on the stream with this number. */
  public StreamCheck(int stream, int tokens, TokenText text, FaultLog faults) {
    this.stream = stream;
    this.tokens = tokens;
    this.textCheck = new TextCheck(stream, tokens, text, faults);
    this.faults = faults;
  }

  /**
   * Judges the next frame.
   *
   * @return how many tokens stood in it
   */
  public int onFrame(Frame frame, Arrivals arrivals) {
    frames++;
    if (frame.retryMs() >= 0 && frames > 1) {
      fault(FaultKind.FRAME_FORM, "retry in frame " + frames);
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
      case TOKEN -> count = onTokens(frame, arrivals);
      case END -> onEnd(frame);
      case OTHER -> fault(FaultKind.UNEXPECTED_EVENT, frame.event());
    }
    onId(frame, Math.max(1, count));
    return count;
  }

  /** The body was completed. */
  public void onCompleted() {
    if (!ended) {
      fault(FaultKind.MISSING_END, "completed after " + seen());
    }
    textCheck.onOver();
  }

  /** The connection was closed before the body was completed. */
  public void onTruncated() {
    fault(FaultKind.TRUNCATED_BODY, "closed after " + seen() + (ended ? " and end" : ""));
    textCheck.onOver();
  }

  /** The run stopped waiting; what has not come may still have been on its way. */
  public void onNotCompleted() {
    fault(FaultKind.NOT_COMPLETED, "open after " + seen() + (ended ? " and end" : ""));
  }

  private void onStart(Frame frame) {
    if (started) {
      fault(FaultKind.SECOND_START, "after " + seen());
    }
    started = true;
    if (frame.type() != null || !frame.text().isEmpty()) {
      fault(FaultKind.FRAME_FORM, "start with type " + frame.type() + ", data " + frame.text());
    }
  }

  private int onTokens(Frame frame, Arrivals arrivals) {
    if (!TOKEN_TYPE.equals(frame.type())) {
      fault(FaultKind.FRAME_FORM, "token with type " + frame.type());
    }
    if (frame.textFrom() == frame.textTo()) {
      fault(FaultKind.FRAME_FORM, "token without text");
    }
    return textCheck.onText(frame.bytes(), frame.textFrom(), frame.textTo(), arrivals);
  }

  private void onEnd(Frame frame) {
    ended = true;
    if (frame.type() != null || !frame.text().equals("[DONE]")) {
      fault(FaultKind.FRAME_FORM, "end with type " + frame.type() + ", data " + frame.text());
    }
  }

  private void onId(Frame frame, int events) {
    if (epoch >= 0 && frame.epoch() != epoch) {
      fault(FaultKind.EPOCH_CHANGED, epoch + " became " + frame.epoch());
    } else if (frame.offset() <= lastOffset) {
      fault(FaultKind.ID_NOT_INCREASING, lastOffset + " was followed by " + frame.offset());
    } else if (frame.offset() != lastOffset + events) {
      fault(
          FaultKind.ID_NOT_DENSE,
          events + " events led from offset " + lastOffset + " to " + frame.offset());
    }
    epoch = frame.epoch();
    lastOffset = frame.offset();
  }

  private String seen() {
    return textCheck.arrived() + " of " + tokens + " tokens";
  }

  private void fault(FaultKind kind, String what) {
    faults.record(kind, "stream " + stream, what);
  }
}
