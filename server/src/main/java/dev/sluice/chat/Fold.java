package dev.sluice.chat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/** Lays the entries of a few segments together as one {@link FoldedSegment}. One thread, once. */
final class Fold {
  private static final int FIELDS = 3;
  private static final int FIRST_FOLDS = 8;

  /** Beyond that, finding a token inside a fold would take too long. */
  private static final int MAX_ENTRIES = 8192;

  /** A lesser part of the array may stay unused, so that it need not be copied once more. */
  private static final int UNUSED_PART = 16;

  private static final int MORE = 0x80;
  private static final int BITS = 7;

  private final long base;
  private final List<Stretch> stretches = new ArrayList<>(FIRST_FOLDS);
  // The text of all entries, and from its end on the lengths of the tokens.
  private byte[] bytes;
  private int textAt;
  private int lengthsAt;
  private int[] folds = new int[FIELDS * FIRST_FOLDS];
  private int entries;

  /**
   * @param base the offset of the first entry
   * @param textBytes what all entries have, exactly
   * @param entries how many there are; with a byte for each there is nearly always enough
   */
  private Fold(long base, int textBytes, int entries) {
    this.base = base;
    bytes = new byte[textBytes + entries];
    lengthsAt = textBytes;
  }

  /**
   * The segments with those from {@code first} on folded, into as few as the bounds allow.
   *
   * @param tail the offset of the last entry
   * @param maxBytes of text in one, except where a segment has more already
   */
  static Segment[] from(Segment[] segments, int first, long tail, int maxBytes) {
    Segment[] next = Arrays.copyOf(segments, segments.length);
    int made = first;
    for (int s = first; s < segments.length; ) {
      int end = s + 1;
      while (end < segments.length && fits(segments, s, end + 1, tail, maxBytes)) {
        end++;
      }
      long textBytes = textBytes(segments, s, end, tail);
      Fold fold = new Fold(segments[s].base, (int) textBytes, entries(segments, s, end, tail));
      for (; s < end; s++) {
        fold.add(segments[s], Log.limit(segments, s, tail));
      }
      next[made++] = fold.segment();
    }
    return Arrays.copyOf(next, made);
  }

  /** True if these segments, from one up to but not with the other, can be one. */
  static boolean fits(Segment[] segments, int from, int to, long tail, int maxBytes) {
    return entries(segments, from, to, tail) <= MAX_ENTRIES
        && textBytes(segments, from, to, tail) <= maxBytes;
  }

  /** Adds the first entries of a segment, which go on where the last one ended. */
  private void add(Segment segment, int count) {
    for (int from = 0; from < count; ) {
      int to = segment.pieceEnd(from, count);
      Stretch stretch = segment.stretch(from);
      int last = stretches.size() - 1;
      if (last < 0 || stretches.get(last) != stretch || !stretch.isToken()) {
        mark();
        stretches.add(stretch);
      }
      int start = segment.start(from);
      int byteCount = segment.end(to - 1) - start;
      System.arraycopy(segment.bytes(), start, bytes, textAt, byteCount);
      textAt += byteCount;
      if (stretch.isToken()) {
        segment.putLengths(this, from, to);
      }
      entries += to - from;
      from = to;
    }
  }

  /** Notes the length of one token; see {@link FoldedSegment}. */
  void putLength(int length, boolean blank) {
    int rest = length << 1 | (blank ? 1 : 0);
    while (rest >= MORE) {
      ensure(1);
      bytes[lengthsAt++] = (byte) (rest | MORE);
      rest >>>= BITS;
    }
    ensure(1);
    bytes[lengthsAt++] = (byte) rest;
  }

  /** Notes the lengths that another folded segment has. */
  void putLengths(byte[] source, int from, int count) {
    ensure(count);
    System.arraycopy(source, from, bytes, lengthsAt, count);
    lengthsAt += count;
  }

  /** The segment; nothing can be added any more. */
  private FoldedSegment segment() {
    mark();
    if (bytes.length - lengthsAt > lengthsAt / UNUSED_PART) {
      bytes = Arrays.copyOf(bytes, lengthsAt);
    }
    int[] places = Arrays.copyOf(folds, FIELDS * (stretches.size() + 1));
    return new FoldedSegment(base, bytes, stretches.toArray(Stretch[]::new), places);
  }

  /** Notes that a fold begins here, or that the last one has ended. */
  private void mark() {
    int at = FIELDS * stretches.size();
    if (at == folds.length) {
      folds = Arrays.copyOf(folds, 2 * at);
    }
    folds[at] = entries;
    folds[at + 1] = textAt;
    folds[at + 2] = lengthsAt;
  }

  private static int entries(Segment[] segments, int from, int to, long tail) {
    long end = to < segments.length ? segments[to].base : tail + 1;
    return (int) Math.min(Integer.MAX_VALUE, end - segments[from].base);
  }

  private static long textBytes(Segment[] segments, int from, int to, long tail) {
    long sum = 0;
    for (int s = from; s < to; s++) {
      sum += segments[s].end(Log.limit(segments, s, tail) - 1);
    }
    return sum;
  }

  private void ensure(int count) {
    if (bytes.length - lengthsAt < count) {
      bytes = Arrays.copyOf(bytes, lengthsAt + Math.max(count, lengthsAt / UNUSED_PART));
    }
  }
}
