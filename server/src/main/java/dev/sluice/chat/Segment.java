package dev.sluice.chat;

import org.jspecify.annotations.Nullable;

/**
 * A fixed piece of a log: entries in a row, their bytes laid side by side. Written by one thread;
 * an entry is never changed once the log's tail has passed it, so readers need no more than to have
 * read the tail first.
 */
final class Segment {
  /** What an entry costs beside its bytes. */
  static final int ENTRY_BYTES = Integer.BYTES + 4;

  private static final int BLANK = 1 << 31;

  /** The offset of the first entry. */
  final long base;

  private final byte[] bytes;
  private final int[] ends;
  private final @Nullable Stretch[] stretches;
  private int count;

  Segment(long base, int entries, int byteCount) {
    this.base = base;
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

  /** What this segment costs on the heap, headers aside. */
  long heapBytes() {
    return bytes.length + (long) ends.length * ENTRY_BYTES;
  }

  boolean hasRoom(int byteCount) {
    return count < ends.length && bytes.length - used() >= byteCount;
  }

  void add(Stretch stretch, byte[] source, int from, int byteCount, boolean blank) {
    int start = used();
    System.arraycopy(source, from, bytes, start, byteCount);
    ends[count] = start + byteCount | (blank ? BLANK : 0);
    stretches[count] = stretch;
    count++;
  }

  /** The entry's stretch; the caller has seen a tail at or past this entry. */
  Stretch stretch(int index) {
    Stretch stretch = stretches[index];
    if (stretch == null) {
      throw new IllegalStateException("entry " + (base + index) + " was read before its tail");
    }
    return stretch;
  }

  boolean isBlank(int index) {
    return ends[index] < 0;
  }

  byte[] bytes() {
    return bytes;
  }

  int start(int index) {
    return index == 0 ? 0 : end(index - 1);
  }

  int end(int index) {
    return ends[index] & ~BLANK;
  }

  private int used() {
    return count == 0 ? 0 : end(count - 1);
  }
}
