package dev.sluice.chat;

import dev.sluice.frame.Utf8Buffer;

/**
 * A piece of a log: entries in a row, their bytes laid side by side. An entry is never changed once
 * the log's tail has passed it.
 *
 * <p>Indexes count from the segment's first entry. A reader asks only for entries up to a tail that
 * it has read before it read the log's segments.
 */
abstract sealed class Segment permits OpenSegment, FoldedSegment {
  /** The offset of the first entry. */
  final long base;

  Segment(long base) {
    this.base = base;
  }

  /** The bytes of all entries; nobody may change them. */
  abstract byte[] bytes();

  /** What this segment costs on the heap, with the runs whose ends are in it. For the writer. */
  abstract long heapBytes();

  /** What the entry is. */
  abstract Stretch stretch(int index);

  /**
   * The index after the last of those entries that may leave as one with this one: tokens of one
   * stretch, side by side. For an entry that is no token, the next index.
   *
   * @param limit what is not looked at any more, greater than {@code index}
   */
  abstract int pieceEnd(int index, int limit);

  /** Where the entry's bytes begin. */
  abstract int start(int index);

  /** Where the entry's bytes end. */
  abstract int end(int index);

  /** Appends the bytes of entries that are one piece. */
  final void put(Utf8Buffer out, int from, int to) {
    int start = start(from);
    out.put(bytes(), start, end(to - 1) - start);
  }

  /** True if these tokens of one piece are all white space. */
  abstract boolean isBlank(int from, int to);

  /** Tells a fold the length of each token of that piece. */
  abstract void putLengths(Fold fold, int from, int to);
}
