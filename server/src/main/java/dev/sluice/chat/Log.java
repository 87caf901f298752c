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
 * <p>Folding: when segments are full, and when the last open run has ended, what they hold is laid
 * together in {@link FoldedSegment}s, which take their place. Why a reader never notices:
 *
 * <ul>
 *   <li>A folded segment is complete before the array with it is published, by one volatile write
 *       after which it never changes. A reader that sees the array sees all of it.
 *   <li>The old array and the segments in it stay as they are. They are written no more: only the
 *       newest segment is written, and once that was folded the next event gets a new one. Whoever
 *       has the old array reads on in it, and takes the new one with its next read.
 *   <li>Both hold the very same entries under the same offsets, and a reader's place is an offset.
 *       So there is nothing to convert, and it does not matter which of them it has.
 *   <li>A reader may have read an older tail than the fold was made at. It stops at that tail, in
 *       the middle of a fold if need be, as the tokens' lengths are kept.
 * </ul>
 *
 * <p>What happens at the bound: when the segments, and the runs that ended in them, would cost more
 * than {@code maxLogBytes} of heap, the oldest are dropped, whole. The same happens when all logs
 * together are near their bound; see {@link Shedding}. A reader that still needed them is told by a
 * {@code gap} event. What {@link PushBack} still needs is not dropped: then the log is overfull, by
 * about a segment, and it is for the publishers to wait.
 */
final class Log {
  private static final Segment[] NO_SEGMENTS = {};
  private static final byte[] NO_PREFIX = {};
  // Eight bytes an entry, as tokens of the usual models have four or five: whichever of the two
  // runs out first leaves what is left of the other unused.
  private static final int FIRST_ENTRIES = 16;
  private static final int FIRST_BYTES = 128;
  private static final int MAX_ENTRIES = 4096;
  private static final int MAX_BYTES = 32 * 1024;

  /** A folded segment is folded again with what follows only if that is about as large. */
  private static final int REFOLD_RATIO = 2;

  /** What a chat has to which nothing was published yet. It stays empty. */
  static final Log NONE = new Log(0, 0, new Budget(0, () -> {}));

  private final long epoch;
  private final long maxLogBytes;
  private final Budget budget;

  // Made when the first reader has something to read: many logs are only awaited.
  private volatile byte[] idPrefix = NO_PREFIX;
  private volatile Segment[] segments = NO_SEGMENTS;
  private volatile long tail;
  // Written inside the combiner alone.
  private volatile long heapBytes;
  // Where what was never folded begins.
  private long foldedTo = 1;
  private volatile @Nullable PushBack pushBack;

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
    // Nearly every reader is near the tail.
    int last = segments.length - 1;
    if (segments[last].base <= offset) {
      return last;
    }
    int low = 0;
    int high = last;
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      if (segments[middle].base <= offset) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return low;
  }

  /** In the segment at {@code s}: the index after its last entry that is not past {@code tail}. */
  static int limit(Segment[] segments, int s, long tail) {
    long end = s + 1 < segments.length ? Math.min(segments[s + 1].base, tail + 1) : tail + 1;
    return (int) (end - segments[s].base);
  }

  /** Appends one entry and returns its offset. Only inside the combiner. */
  long append(Stretch stretch, byte[] source, int from, int byteCount, boolean blank) {
    Segment[] now = segments;
    OpenSegment last = now.length > 0 && now[now.length - 1] instanceof OpenSegment o ? o : null;
    if (last == null || !last.hasRoom(byteCount)) {
      last = link(last, byteCount);
    }
    last.add(stretch, source, from, byteCount, blank);
    if (stretch.endsRun()) {
      charge(Run.HEAP_BYTES);
    }
    long offset = tail + 1;
    tail = offset;
    return offset;
  }

  /**
   * How many bytes the events after that offset have, as far as they are still here. Any thread.
   */
  long bytesAfter(long offset) {
    long last = tail;
    Segment[] now = segments;
    if (offset >= last) {
      return 0;
    }
    long next = Math.max(offset + 1, now[0].base);
    long bytes = 0;
    for (int s = find(now, next); s < now.length && now[s].base <= last; s++) {
      long end = s + 1 < now.length ? Math.min(last, now[s + 1].base - 1) : last;
      bytes += now[s].end((int) (end - now[s].base)) - now[s].start((int) (next - now[s].base));
      next = end + 1;
    }
    return bytes;
  }

  /** Folds what was not folded yet. Only inside the combiner, when nothing may follow for long. */
  void fold() {
    Segment[] now = segments;
    if (foldedTo <= tail) {
      publish(folded(now, firstUnfolded(now)));
    }
  }

  /** Sheds the oldest segments beyond that cost, but not the newest one. Inside the combiner. */
  void shedTo(long maxBytes) {
    publish(segments, maxBytes);
    PushBack known = pushBack;
    if (known != null) {
      // Whoever has read on without an event that told of it is known to have, the next time.
      known.ask();
    }
  }

  /** Sheds what is too much and not needed any more. Inside the combiner. */
  void shed() {
    publish(segments);
  }

  /** What keeps needed events here; null for most logs. Any thread. */
  @Nullable PushBack pushBack() {
    return pushBack;
  }

  /** True while publishers wait for readers. Any thread. */
  boolean isHeld() {
    return heldThrough() > 0;
  }

  /** Which offset publishers wait for readers to reach; 0 if they do not wait. Any thread. */
  long heldThrough() {
    PushBack known = pushBack;
    return known == null ? 0 : known.heldThrough();
  }

  /** True if that event is not shed before every connected reader has it. Any thread. */
  boolean isProtected(long offset) {
    PushBack known = pushBack;
    return known != null && known.isProtected(offset);
  }

  /** From now on that keeps needed events here. Inside the combiner. */
  void pushBack(PushBack newPushBack) {
    pushBack = newPushBack;
  }

  /** True if it is larger than it should be, as the oldest of it is needed still. Any thread. */
  boolean isOverfull() {
    return heapBytes > maxLogBytes && segments.length > 1;
  }

  /** The last offset of what would be shed next; for a log that is overfull. */
  long oldestThrough() {
    return segments[1].base - 1;
  }

  /** What the log costs on the heap. Any thread. */
  long heapBytes() {
    return heapBytes;
  }

  /** Gives back what the budget was charged. Only inside the combiner, once, when the chat goes. */
  void release() {
    charge(-heapBytes);
  }

  private OpenSegment link(@Nullable OpenSegment last, int byteCount) {
    int entries = FIRST_ENTRIES;
    int bytes = FIRST_BYTES;
    if (last != null) {
      // Small chats stay small; long ones pay for a segment seldom.
      long share = maxLogBytes / 8;
      entries =
          (int) Math.min(MAX_ENTRIES, Math.max(FIRST_ENTRIES, share / OpenSegment.ENTRY_BYTES));
      entries = Math.min(entries, last.capacityEntries() * 4);
      bytes = (int) Math.min(maxSegmentBytes(), last.capacityBytes() * 4L);
    }
    Segment[] now = segments;
    if (last != null) {
      int unfolded = firstUnfolded(now);
      if (sumHeapBytes(now, unfolded) >= maxSegmentBytes()) {
        // All full. Should they be better off unfolded, they stay so.
        now = folded(now, unfolded);
        foldedTo = tail + 1;
      }
    }
    OpenSegment segment = new OpenSegment(tail + 1, entries, Math.max(bytes, byteCount));
    charge(segment.heapBytes());
    Segment[] next = Arrays.copyOf(now, now.length + 1);
    next[now.length] = segment;
    publish(next);
    return segment;
  }

  /** Makes these the segments, less the oldest ones that are too much. */
  private void publish(Segment[] next) {
    publish(next, maxLogBytes);
  }

  private void publish(Segment[] next, long maxBytes) {
    int shed = 0;
    while (shed < next.length - 1 && heapBytes > maxBytes && !isNeeded(next, shed)) {
      charge(-next[shed].heapBytes());
      shed++;
    }
    segments = shed == 0 ? next : Arrays.copyOfRange(next, shed, next.length);
  }

  private boolean isNeeded(Segment[] next, int s) {
    PushBack known = pushBack;
    return known != null && known.isNeeded(next[s].base, next[s + 1].base - 1);
  }

  // One thread at a time writes, so the addition to a volatile is safe.
  @SuppressWarnings("NonAtomicVolatileUpdate")
  private void charge(long bytes) {
    heapBytes = heapBytes + bytes;
    budget.charge(bytes);
  }

  /** The segments with those from {@code from} on folded, if that is less than they cost. */
  private Segment[] folded(Segment[] now, int from) {
    if (from == now.length) {
      return now;
    }
    long costs = sumHeapBytes(now, from);
    int first = from;
    // Many small runs make many small segments: they are laid together, as long as that copies
    // nothing more often than it doubles.
    while (first > 0
        && now[first - 1] instanceof FoldedSegment
        && now[first - 1].heapBytes() < costs * REFOLD_RATIO
        && Fold.fits(now, first - 1, now.length, tail, maxSegmentBytes())) {
      first--;
      costs += now[first].heapBytes();
    }
    Segment[] next = Fold.from(now, first, tail, maxSegmentBytes());
    long spared = costs - sumHeapBytes(next, first);
    if (spared <= 0) {
      return now;
    }
    charge(-spared);
    foldedTo = tail + 1;
    return next;
  }

  private int maxSegmentBytes() {
    return (int) Math.min(MAX_BYTES, maxLogBytes / 8);
  }

  private int firstUnfolded(Segment[] now) {
    int first = now.length;
    while (first > 0 && now[first - 1].base >= foldedTo) {
      first--;
    }
    return first;
  }

  private static long sumHeapBytes(Segment[] segments, int from) {
    long sum = 0;
    for (int s = from; s < segments.length; s++) {
      sum += segments[s].heapBytes();
    }
    return sum;
  }
}
