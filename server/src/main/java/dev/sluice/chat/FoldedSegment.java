package dev.sluice.chat;

/**
 * A segment that nothing is added to any more, laid together: neighbouring tokens of one stretch
 * are one fold, which has one place and one stretch for all of them. Immutable.
 *
 * <p>Where a token inside a fold begins is still known to the byte, so that a reader can go on
 * after any of them: its length is kept as a number of seven bits a byte, low ones first, with the
 * lowest bit for white space alone. For a token of up to 63 bytes that is one byte. Finding a token
 * inside a fold adds up the lengths before it; a reader that is not inside one needs none of them.
 */
final class FoldedSegment extends Segment {
  /** What a fold costs beside its tokens' bytes and lengths. */
  static final int FOLD_BYTES = 3 * Integer.BYTES + 4;

  /** What a segment without folds costs: the object, the headers of its arrays, the end. */
  static final int HEADER_BYTES = 104;

  private static final int FIELDS = 3;
  private static final int TEXT = 1;
  private static final int LENGTHS = 2;
  private static final int MORE = 0x80;
  private static final int BITS = 7;

  // The text of all entries, then the lengths of all tokens, then perhaps a few unused bytes.
  private final byte[] bytes;
  private final Stretch[] stretches;

  // Of each fold: the index of its first entry, where its text and where its lengths begin. One
  // fold more, without entries, stands for the end.
  private final int[] folds;
  private final long heapBytes;

  /**
   * Takes the arrays over.
   *
   * @param folds three numbers for each fold and for the end
   */
  FoldedSegment(long base, byte[] bytes, Stretch[] stretches, int[] folds) {
    super(base);
    this.bytes = bytes;
    this.stretches = stretches;
    this.folds = folds;
    long sum = HEADER_BYTES + bytes.length + (long) stretches.length * FOLD_BYTES;
    for (Stretch stretch : stretches) {
      sum += stretch.endsRun() ? Run.HEAP_BYTES : 0;
    }
    heapBytes = sum;
  }

  @Override
  byte[] bytes() {
    return bytes;
  }

  @Override
  long heapBytes() {
    return heapBytes;
  }

  @Override
  Stretch stretch(int index) {
    return stretches[fold(index)];
  }

  @Override
  int pieceEnd(int index, int limit) {
    return Math.min(limit, first(fold(index) + 1));
  }

  @Override
  int start(int index) {
    int fold = fold(index);
    int start = textStart(fold);
    int at = lengthsStart(fold);
    for (int rest = index - first(fold); rest > 0; rest--) {
      start += number(at) >>> 1;
      at = next(at);
    }
    return start;
  }

  @Override
  int end(int index) {
    int fold = fold(index);
    return index + 1 == first(fold + 1) ? textStart(fold + 1) : start(index + 1);
  }

  @Override
  boolean isBlank(int from, int to) {
    int at = lengthsAt(from);
    for (int i = from; i < to; i++) {
      if ((bytes[at] & 1) == 0) {
        return false;
      }
      at = next(at);
    }
    return true;
  }

  @Override
  void putLengths(Fold fold, int from, int to) {
    int number = fold(from);
    int at = lengthsAt(from);
    int end = to == first(number + 1) ? lengthsStart(number + 1) : lengthsAt(to);
    fold.putLengths(bytes, at, end - at);
  }

  /** Which fold the entry is in. */
  private int fold(int index) {
    int low = 0;
    int high = stretches.length - 1;
    while (low < high) {
      int middle = (low + high + 1) >>> 1;
      if (first(middle) <= index) {
        low = middle;
      } else {
        high = middle - 1;
      }
    }
    return low;
  }

  private int first(int fold) {
    return folds[FIELDS * fold];
  }

  private int textStart(int fold) {
    return folds[FIELDS * fold + TEXT];
  }

  private int lengthsStart(int fold) {
    return folds[FIELDS * fold + LENGTHS];
  }

  private int lengthsAt(int index) {
    int fold = fold(index);
    int at = lengthsStart(fold);
    for (int rest = index - first(fold); rest > 0; rest--) {
      at = next(at);
    }
    return at;
  }

  private int number(int at) {
    int number = 0;
    for (int shift = 0; ; shift += BITS) {
      byte part = bytes[at++];
      number |= (part & (MORE - 1)) << shift;
      if (part >= 0) {
        return number;
      }
    }
  }

  private int next(int at) {
    while (bytes[at] < 0) {
      at++;
    }
    return at + 1;
  }
}
