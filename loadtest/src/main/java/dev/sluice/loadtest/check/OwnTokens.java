package dev.sluice.loadtest.check;

import dev.sluice.loadtest.wire.Frame;
import java.util.Set;

/**
 * The target made the tokens, so their text is not known, nor how many a frame merges. An answer
 * has at least one token, and is not cut short by an error.
 */
final class OwnTokens implements TokenCheck {
  private static final Set<String> FAILURES = Set.of("error", "abort", "gap");

  private final String where;
  private final FaultLog faults;
  private int frames;

  OwnTokens(String where, FaultLog faults) {
    this.where = where;
    this.faults = faults;
  }

  @Override
  public int onTokens(Frame frame, StreamCheck.Arrivals arrivals) {
    if (frame.type() == null || frame.textFrom() == frame.textTo()) {
      faults.record(
          FaultKind.FRAME_FORM, where, "token with type " + frame.type() + ": " + frame.text());
    }
    arrivals.onToken(frames++);
    return ANY_NUMBER;
  }

  @Override
  public void onOther(Frame frame) {
    if (FAILURES.contains(frame.event())) {
      faults.record(FaultKind.UNEXPECTED_EVENT, where, frame.event());
    }
  }

  @Override
  public void onStartOrEnd(Frame frame) {
    // Their data is the target's own.
  }

  @Override
  public long onOver(long excused) {
    if (frames == 0) {
      faults.record(FaultKind.LOST, where, "an answer without a token");
    }
    return 0;
  }

  @Override
  public String seen() {
    return frames + " token frames";
  }
}
