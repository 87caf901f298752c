package dev.sluice.loadtest.check;

import dev.sluice.loadtest.wire.Frame;

/** The rig published every token, so each is known: nothing else may come. */
final class PublishedTokens implements TokenCheck {
  private static final String TOKEN_TYPE = "finalResponse";

  private final String where;
  private final int tokens;
  private final TextCheck textCheck;
  private final FaultLog faults;

  PublishedTokens(String where, int chat, int tokens, TokenText text, FaultLog faults) {
    this.where = where;
    this.tokens = tokens;
    this.textCheck = new TextCheck(where, chat, tokens, text, faults);
    this.faults = faults;
  }

  @Override
  public int onTokens(Frame frame, StreamCheck.Arrivals arrivals) {
    if (!TOKEN_TYPE.equals(frame.type())) {
      fault("token with type " + frame.type());
    }
    if (frame.textFrom() == frame.textTo()) {
      fault("token without text");
    }
    return textCheck.onText(frame.bytes(), frame.textFrom(), frame.textTo(), arrivals);
  }

  @Override
  public void onOther(Frame frame) {
    faults.record(FaultKind.UNEXPECTED_EVENT, where, frame.event());
  }

  @Override
  public void onStartOrEnd(Frame frame) {
    String data = frame.kind() == Frame.Kind.START ? "" : "[DONE]";
    if (frame.type() != null || !frame.text().equals(data)) {
      fault(frame.event() + " with type " + frame.type() + ", data " + frame.text());
    }
  }

  @Override
  public long onOver(long excused) {
    return textCheck.onOver(excused);
  }

  @Override
  public String seen() {
    return textCheck.arrived() + " of " + tokens + " tokens";
  }

  private void fault(String what) {
    faults.record(FaultKind.FRAME_FORM, where, what);
  }
}
