package dev.sluice.loadtest.check;

import dev.sluice.loadtest.wire.Frame;

/** What is demanded of the frames between {@code start} and {@code end}. */
interface TokenCheck {
  /** A frame that merges an unknown number of tokens, at least one. */
  int ANY_NUMBER = -1;

  /**
   * Judges a token frame.
   *
   * @return how many tokens stood in it, or {@link #ANY_NUMBER}
   */
  int onTokens(Frame frame, StreamCheck.Arrivals arrivals);

  /** Judges a frame that is neither start, token nor end. */
  void onOther(Frame frame);

  /** Judges what the data of {@code start} and {@code end} may be. */
  void onStartOrEnd(Frame frame);

  /**
   * No more will come.
   *
   * @param excused so many tokens may be missing
   * @return how many of these are
   */
  long onOver(long excused);

  /** What has come so far, for a message. */
  String seen();
}
