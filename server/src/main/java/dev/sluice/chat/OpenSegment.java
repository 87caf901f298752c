package dev.sluice.chat;

import org.jspecify.annotations.Nullable;

/**
 * A segment that is being written, by one thread: arrays of a fixed size, filled from the front.
 * Each slot is written once, before the log's tail passes its entry, so readers need no more than
 * to have read the tail first.
 */
final class OpenSegment extends Segment {
  /** What an entry costs beside its bytes. */
  static final int ENTRY_BYTES = Integer.BYTES + 4;

  /** What a segment without entries costs: the object and the headers of its arrays. */
  static final int HEADER_BYTES = 88;

  private static final int BLANK = 1 << 31;

  private final byte[] bytes;
  private final int[] ends;
  private final @Nullable Stretch[] stretches;
  private int count;
  private int endedRuns;

  OpenSegment(long base, int entries, int byteCount) {
    super(base);
    bytes = new byte[byteCount];
    ends = new int[entries];
    stretches = new Stretch[entries];
  }

  int capacityEntries() {
    return ends.length;
  }

  int capacityBytes() {
    return bytes.length;
  }

  @Override
  long heapBytes() {
    return HEADER_BYTES
        + bytes.length
        + (long) ends.length * ENTRY_BYTES
        + (long) endedRuns * Run.HEAP_BYTES;
  }

  /** For the writer: whether one more entry fits. */
  boolean hasRoom(int byteCount) {
    return count < ends.length && bytes.length - used() >= byteCount;
  }

  /** For the writer. */
  void add(Stretch stretch, byte[] source, int from, int byteCount, boolean blank) {
    int start = used();
    System.arraycopy(source, from, bytes, start, byteCount);
    ends[count] = start + byteCount | (blank ? BLANK : 0);
    stretches[count] = stretch;
    count++;
    if (stretch.endsRun()) {
      endedRuns++;
    }
  }

  @Override
  Stretch stretch(int index) {
    Stretch stretch = stretches[index];
    if (stretch == null) {
      throw new IllegalStateException("entry " + (base + index) + " was read before its tail");
    }
    return stretch;
  }

  @Override
  int pieceEnd(int index, int limit) {
    Stretch stretch = stretch(index);
    int end = index + 1;
    if (stretch.isToken()) {
      while (end < limit && stretches[end] == stretch) {
        end++;
      }
    }
    return end;
  }

  @Override
  boolean isBlank(int from, int to) {
    for (int i = from; i < to; i++) {
      if (!isBlank(i)) {
        return false;
      }
    }
    return true;
  }

  @Override
  void putLengths(Fold fold, int from, int to) {
    int start = start(from);
    for (int i = from; i < to; i++) {
      int end = end(i);
      fold.putLength(end - start, isBlank(i));
      start = end;
    }
  }

  @Override
  byte[] bytes() {
    return bytes;
  }

  @Override
  int start(int index) {
    return index == 0 ? 0 : end(index - 1);
  }

  @Override
  int end(int index) {
    return ends[index] & ~BLANK;
  }

  private boolean isBlank(int index) {
    return ends[index] < 0;
  }

  private int used() {
    return count == 0 ? 0 : end(count - 1);
  }
}
