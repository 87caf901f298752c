package dev.sluice.loadtest.check;

import java.nio.charset.StandardCharsets;
import java.util.BitSet;
import org.jspecify.annotations.Nullable;

/**
 * Compares the text of one stream with what was published on it, as it arrives and however its
 * tokens are merged.
 *
 * <p>A token that is skipped is not lost yet: it may come later, which is {@code REORDERED}. What
 * has not come when the stream is over is {@code LOST}. Belongs to one thread at a time.
 */
final class TextCheck {

  private final String where;
  private final int chat;
  private final int tokens;
  private final TokenText text;
  private final FaultLog faults;
  private final TokenMark mark = new TokenMark();

  /** All tokens below have come, except those in {@link #missing}. */
  private int next;

  private @Nullable BitSet missing;

  TextCheck(String where, int chat, int tokens, TokenText text, FaultLog faults) {
    this.where = where;
    this.chat = chat;
    this.tokens = tokens;
    this.text = text;
    this.faults = faults;
  }

  /** Whether every token has come. */
  boolean complete() {
    return arrived() == tokens;
  }

  /** How many of the stream's tokens have come. */
  int arrived() {
    return next - (missing == null ? 0 : missing.cardinality());
  }

  /**
   * Reads the text of one frame, which holds one or more whole tokens.
   *
   * @return how many tokens stood in it, rightly or not
   */
  int onText(byte[] utf8, int from, int to, StreamCheck.Arrivals arrivals) {
    int count = 0;
    int at = from;
    while (at < to) {
      if (!mark.read(utf8, at, to)) {
        fault(FaultKind.ALTERED, "expected token " + next + ", got " + excerpt(utf8, at, to));
        at = TokenMark.next(utf8, at + 1, to);
        continue;
      }
      count++;
      if (mark.chat() != chat || mark.index() >= tokens) {
        boolean foreign = mark.chat() != chat;
        fault(
            foreign ? FaultKind.WRONG_STREAM : FaultKind.ALTERED,
            "token " + mark.index() + " of chat " + mark.chat());
        at = TokenMark.next(utf8, mark.end(), to);
        continue;
      }
      int end = text.pieceEnd(chat, mark.index(), utf8, mark.end(), to);
      if (end < 0) {
        // It counts as arrived: one change of text is one fault, not a lost token besides.
        fault(FaultKind.ALTERED, "token " + mark.index() + " came as " + excerpt(utf8, at, to));
        at = TokenMark.next(utf8, mark.end(), to);
        arrive(mark.index());
      } else {
        at = end;
        if (arrive(mark.index())) {
          arrivals.onToken(mark.index());
        }
      }
    }
    return count;
  }

  /**
   * No more text will come: whatever is missing now is lost.
   *
   * @param excused so many may be missing
   * @return how many of these are
   */
  long onOver(long excused) {
    long used = 0;
    for (int index = 0; index < tokens; index++) {
      if (index >= next || (missing != null && missing.get(index))) {
        if (used < excused) {
          used++;
        } else {
          fault(FaultKind.LOST, "token " + index);
        }
      }
    }
    return used;
  }

  /** Whether this is the first time that the token comes. */
  private boolean arrive(int index) {
    if (index == next) {
      next++;
      return true;
    }
    if (index > next) {
      if (missing == null) {
        missing = new BitSet();
      }
      missing.set(next, index);
      next = index + 1;
      return true;
    }
    if (missing != null && missing.get(index)) {
      missing.clear(index);
      fault(FaultKind.REORDERED, "token " + index + " came after token " + (next - 1));
      return true;
    }
    fault(FaultKind.DOUBLED, "token " + index);
    return false;
  }

  private void fault(FaultKind kind, String what) {
    faults.record(kind, where, what);
  }

  private static String excerpt(byte[] utf8, int from, int to) {
    String shown = new String(utf8, from, Math.min(to - from, 60), StandardCharsets.UTF_8);
    return "'" + shown.replace("\n", "\\n").replace("\r", "\\r") + "'";
  }
}
