package dev.sluice.loadtest.check;

import dev.sluice.loadtest.wire.BodyReader;
import dev.sluice.loadtest.wire.Frame;
import dev.sluice.loadtest.wire.FrameReader;
import dev.sluice.loadtest.wire.ResponseHead;
import org.jspecify.annotations.Nullable;

/** Judges a stream of Sluice's contract, to the byte. */
public final class ContractJudge implements StreamJudge, FrameReader.Sink {
  private static final int NO_CONTENT = 204;

  private final String where;
  private final StreamCheck check;
  private final FaultLog faults;
  private final Listener listener;
  private final boolean follows;
  private @Nullable FrameReader body;

  /**
   * A judge of the stream that {@code where} names.
   *
   * @param follows whether it is asked to stay for further runs: then the target does not complete
   *     its body
   */
  public ContractJudge(
      String where, StreamCheck check, boolean follows, FaultLog faults, Listener listener) {
    this.where = where;
    this.check = check;
    this.faults = faults;
    this.listener = listener;
    this.follows = follows;
  }

  @Override
  public boolean onHead(ResponseHead head) {
    if (head.status() == NO_CONTENT && check.ended()) {
      return false;
    }
    return HeadCheck.check(where, head, faults);
  }

  @Override
  public BodyReader newBody() {
    if (body != null) {
      check.onResumed();
    }
    body = new FrameReader(this);
    return body;
  }

  @Override
  public @Nullable String lastEventId() {
    return check.lastEventId();
  }

  @Override
  public boolean ended() {
    return check.ended();
  }

  @Override
  public boolean toBeClosed() {
    return follows && check.ended();
  }

  @Override
  public void onCompleted() {
    if (body != null && body.pendingBytes() > 0) {
      faults.record(FaultKind.FRAME_FORM, where, "the body ends within a frame");
    }
    check.onCompleted();
  }

  @Override
  public void onTruncated() {
    check.onTruncated();
  }

  @Override
  public void onNotCompleted() {
    check.onNotCompleted();
  }

  @Override
  public void onFrame(Frame frame) {
    listener.onFrame(check.onFrame(frame, listener));
  }

  @Override
  public void onHeartbeat() {
    listener.onHeartbeat();
  }

  @Override
  public void onFarewell(long retryMs) {
    // The body is completed after it, and that is judged: a farewell before the end of the run
    // leaves end missing.
  }
}
