package dev.sluice.chat;

import dev.sluice.metrics.FrameType;

/**
 * What lies between a cursor's place and the tail, as far as pacing has to know it. On the cursor's
 * event loop. Each event is looked at once or twice, however often is asked.
 */
public final class Lookahead {
  private final Cursor cursor;
  private long tokensThrough;
  private long foreignThrough;

  Lookahead(Cursor cursor) {
    this.cursor = cursor;
  }

  /** True if there is nothing for now. */
  public boolean isEmpty() {
    return cursor.lag() == 0;
  }

  /** True if what is still to be read holds nothing but tokens; a gap is something else, too. */
  public boolean hasOnlyTokens() {
    Log log = cursor.chat().log();
    long tail = log.tail();
    Segment[] segments = log.segments();
    long position = cursor.position();
    if (segments.length == 0 || position + 1 < segments[0].base) {
      return position >= tail;
    }
    long offset = Math.max(position, tokensThrough) + 1;
    while (offset <= tail) {
      int s = Log.find(segments, offset);
      Stretch stretch = stretchAt(segments[s], offset);
      if (stretch.frameType() == FrameType.EVENT && cursor.reads(stretch)) {
        return false;
      }
      tokensThrough = pieceEnd(segments, s, offset, tail);
      offset = tokensThrough + 1;
    }
    return true;
  }

  /**
   * The pacing window that goes with the next event, in ms: that of the flow that answers in its
   * run. Negative if that says nothing, or if there is no next event.
   */
  public int batchMs() {
    Log log = cursor.chat().log();
    long tail = log.tail();
    Segment[] segments = log.segments();
    if (segments.length == 0) {
      return Upstream.NO_BATCH_MS;
    }
    long from = Math.max(cursor.position() + 1, segments[0].base);
    long offset = Math.max(from, foreignThrough + 1);
    while (offset <= tail) {
      int s = Log.find(segments, offset);
      Stretch stretch = stretchAt(segments[s], offset);
      if (cursor.reads(stretch)) {
        return stretch.run().batchMs();
      }
      foreignThrough = pieceEnd(segments, s, offset, tail);
      offset = foreignThrough + 1;
    }
    return Upstream.NO_BATCH_MS;
  }

  private static Stretch stretchAt(Segment segment, long offset) {
    return segment.stretch((int) (offset - segment.base));
  }

  /** The last offset of the piece that this one is in. */
  private static long pieceEnd(Segment[] segments, int s, long offset, long tail) {
    Segment segment = segments[s];
    int index = (int) (offset - segment.base);
    return segment.base + segment.pieceEnd(index, Log.limit(segments, s, tail)) - 1;
  }
}
