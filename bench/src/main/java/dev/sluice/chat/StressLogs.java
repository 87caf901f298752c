package dev.sluice.chat;

import dev.sluice.frame.Utf8Buffer;
import org.jspecify.annotations.NullMarked;

/** Logs to race for, and how a cursor reads one: the tail first, the segments second. */
@NullMarked
final class StressLogs {
  private static final Budget BUDGET = new Budget(Long.MAX_VALUE, () -> {});

  private StressLogs() {}

  static Log empty() {
    return new Log(1, 1 << 20, BUDGET);
  }

  /** The text of all entries up to the tail; what is wrong about it, if anything is. */
  static String read(Log log, Utf8Buffer out, Stretch stretch) {
    long tail = log.tail();
    Segment[] segments = log.segments();
    try {
      for (long offset = 1; offset <= tail; ) {
        int s = Log.find(segments, offset);
        int index = (int) (offset - segments[s].base);
        int end = segments[s].pieceEnd(index, Log.limit(segments, s, tail));
        if (segments[s].stretch(index) != stretch) {
          return "another stretch at " + offset;
        }
        segments[s].put(out, index, end);
        offset += end - index;
      }
    } catch (RuntimeException e) {
      return e.toString();
    }
    return out.toString();
  }
}
