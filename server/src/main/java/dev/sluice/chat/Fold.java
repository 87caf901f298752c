package dev.sluice.chat;

import dev.sluice.frame.Utf8Buffer;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;

/**
 * Lays the entries of segments together as {@link FoldedSegment}s: as few as their bounds allow.
 * One thread, once.
 */
final class Fold {
  private static final int FIELDS = 3;
  private static final int FIRST_FOLDS = 8;

  /** Beyond that, finding a token inside a fold would take too long. */
  private static final int MAX_ENTRIES = 8192;

  private final int maxBytes;
  private final List<FoldedSegment> made = new ArrayList<>(1);
  private final Utf8Buffer text;
  private final Utf8Buffer lengths;
  private final List<Stretch> stretches = new ArrayList<>(FIRST_FOLDS);
  private int[] folds = new int[FIELDS * FIRST_FOLDS];
  private long base;
  private int entries;

  /**
   * @param base the offset of the first entry that will be added
   * @param maxBytes of text in one segment, except for a single piece that is longer
   * @param expectedEntries how many there will be, about
   */
  Fold(long base, int maxBytes, int expectedBytes, int expectedEntries) {
    this.base = base;
    this.maxBytes = maxBytes;
    text = new Utf8Buffer(expectedBytes);
    lengths = new Utf8Buffer(expectedEntries);
  }

  /** True if so many entries of so many bytes can be in one segment. */
  static boolean fits(long entries, long bytes, int maxBytes) {
    return entries <= MAX_ENTRIES && bytes <= maxBytes;
  }

  /** Adds the first entries of a segment, which go on where the last one ended. */
  void add(Segment segment, int count) {
    for (int from = 0; from < count; ) {
      int to = segment.pieceEnd(from, count);
      add(segment, from, to);
      from = to;
    }
  }

  /** The segments; nothing can be added any more. */
  List<FoldedSegment> segments() {
    cut();
    return made;
  }

  private void add(Segment segment, int from, int to) {
    int start = segment.start(from);
    int byteCount = segment.end(to - 1) - start;
    if (entries > 0 && !fits(entries + to - from, text.length() + byteCount, maxBytes)) {
      cut();
    }
    Stretch stretch = segment.stretch(from);
    int last = stretches.size() - 1;
    if (last < 0 || stretches.get(last) != stretch || !stretch.isToken()) {
      mark();
      stretches.add(stretch);
    }
    text.put(segment.bytes(), start, byteCount);
    if (stretch.isToken()) {
      segment.putLengths(lengths, from, to);
    }
    entries += to - from;
  }

  /** Notes that a fold begins here, or that the last one has ended. */
  private void mark() {
    int at = FIELDS * stretches.size();
    if (at == folds.length) {
      folds = Arrays.copyOf(folds, 2 * at);
    }
    folds[at] = entries;
    folds[at + 1] = text.length();
    folds[at + 2] = lengths.length();
  }

  private void cut() {
    if (entries == 0) {
      return;
    }
    mark();
    int count = stretches.size();
    int textBytes = text.length();
    byte[] bytes = Arrays.copyOf(text.array(), textBytes + lengths.length());
    System.arraycopy(lengths.array(), 0, bytes, textBytes, lengths.length());
    int[] places = Arrays.copyOf(folds, FIELDS * (count + 1));
    for (int i = FIELDS - 1; i < places.length; i += FIELDS) {
      places[i] += textBytes;
    }
    made.add(new FoldedSegment(base, bytes, stretches.toArray(Stretch[]::new), places));
    base += entries;
    entries = 0;
    stretches.clear();
    text.truncate(0);
    lengths.truncate(0);
  }
}
