package dev.sluice.chat;

import dev.sluice.frame.FrameFormat;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * The ordered events of one chat, numbered 1, 2, 3 … without a hole. Written inside the chat's
 * {@link Combiner}; read from any thread.
 *
 * <p>A reader takes the tail first and the segments second. The writer links a segment before the
 * tail passes it, so every entry up to that tail is either in those segments or has been shed.
 *
 * <p>What happens at the bound: when the segments would cost more than {@code maxLogBytes} of heap,
 * the oldest are dropped, whole. A reader that still needed them is told by a {@code gap} event.
 */
final class Log {
  private static final Segment[] NONE = {};
  private static final byte[] NO_PREFIX = {};
  // Eight bytes an entry, as tokens of the usual models have four or five: whichever of the two
  // runs out first leaves what is left of the other unused.
  private static final int FIRST_ENTRIES = 16;
  private static final int FIRST_BYTES = 128;
  private static final int MAX_ENTRIES = 4096;
  private static final int MAX_BYTES = 32 * 1024;

  private final long epoch;
  private final long maxLogBytes;
  private final Budget budget;

  // Made when the first reader has something to read: many logs are only awaited.
  private volatile byte[] idPrefix = NO_PREFIX;
  private volatile Segment[] segments = NONE;
  private volatile long tail;
  private long heapBytes;

  Log(long epoch, long maxLogBytes, Budget budget) {
    this.epoch = epoch;
    this.maxLogBytes = maxLogBytes;
    this.budget = budget;
  }

  long epoch() {
    return epoch;
  }

  /** What the id lines begin with. Any thread. */
  byte[] idPrefix() {
    byte[] made = idPrefix;
    if (made.length == 0) {
      // Of two threads each may make one; they are alike.
      made = FrameFormat.idPrefix(epoch);
      idPrefix = made;
    }
    return made;
  }

  /** The offset of the newest event, 0 while there is none. */
  long tail() {
    return tail;
  }

  Segment[] segments() {
    return segments;
  }

  /** The offset of the oldest event that is still here, or 1 while there is none. */
  long first() {
    Segment[] now = segments;
    return now.length == 0 ? 1 : now[0].base;
  }

  /** True if that is the newest event, and the end of a run after which none was open. */
  boolean isLastEnd(long offset) {
    Stretch newest = offset == tail ? stretchAt(offset) : null;
    return newest != null && newest.kind() == Stretch.Kind.LAST_END;
  }

  /** What the event at that offset is; null if there is none, or it was shed. */
  @Nullable Stretch stretchAt(long offset) {
    long last = tail;
    Segment[] now = segments;
    if (offset < 1 || offset > last || offset < now[0].base) {
      return null;
    }
    Segment segment = now[find(now, offset)];
    return segment.stretch((int) (offset - segment.base));
  }

  /** The index of the segment with that offset; the offset is in one of them. */
  static int find(Segment[] segments, long offset) {
    // From the end: nearly every reader is near the tail.
    int s = segments.length - 1;
    while (s > 0 && segments[s].base > offset) {
      s--;
    }
    return s;
  }

  /** Appends one entry and returns its offset. Only inside the combiner. */
  long append(Stretch stretch, byte[] source, int from, int byteCount, boolean blank) {
    Segment[] now = segments;
    Segment last = now.length == 0 ? null : now[now.length - 1];
    if (last == null || !last.hasRoom(byteCount)) {
      last = link(last, byteCount);
    }
    last.add(stretch, source, from, byteCount, blank);
    long offset = tail + 1;
    tail = offset;
    return offset;
  }

  /** Gives back what the budget was charged. Only inside the combiner, once, when the chat goes. */
  void release() {
    budget.release(heapBytes);
    heapBytes = 0;
  }

  private Segment link(@Nullable Segment last, int byteCount) {
    int entries = FIRST_ENTRIES;
    int bytes = FIRST_BYTES;
    if (last != null) {
      // Small chats stay small; long ones pay for a segment seldom.
      long share = maxLogBytes / 8;
      entries = (int) Math.min(MAX_ENTRIES, Math.max(FIRST_ENTRIES, share / Segment.ENTRY_BYTES));
      entries = Math.min(entries, last.capacityEntries() * 4);
      bytes = (int) Math.min(Math.min(MAX_BYTES, share), last.capacityBytes() * 4L);
    }
    Segment segment = new Segment(tail + 1, entries, Math.max(bytes, byteCount));
    heapBytes += segment.heapBytes();
    budget.charge(segment.heapBytes());
    Segment[] now = segments;
    int shed = 0;
    while (shed < now.length && heapBytes > maxLogBytes) {
      heapBytes -= now[shed].heapBytes();
      budget.release(now[shed].heapBytes());
      shed++;
    }
    Segment[] next = Arrays.copyOfRange(now, shed, now.length + 1);
    next[next.length - 1] = segment;
    segments = next;
    return segment;
  }
}
