package dev.sluice.metrics;

/**
 * The distribution of the gaps of one stream or run, in 32 bytes: sixteen counters of 16 bits. The
 * first counts gaps under 1 ms, each further one gaps up to twice as long, the last all from 16.4 s
 * on. One thread.
 *
 * <p>Precision: a quantile is given as the upper bound of its counter, so it is at most twice the
 * true one. When a counter is full, all are halved: from then on newer gaps weigh more than older
 * ones, and what is rarer than one in 65,536 is forgotten.
 */
final class GapSketch {
  private static final int BUCKETS = 16;
  private static final int PER_LONG = 4;
  private static final int BITS = 16;
  private static final long MASK = 0xFFFF;
  private static final long HALVED = 0x7FFF_7FFF_7FFF_7FFFL;
  private static final long NANOS_PER_MS = 1_000_000;

  private long shortest;
  private long shorter;
  private long longer;
  private long longest;

  void record(long gapNanos) {
    long ms = Math.max(0, gapNanos) / NANOS_PER_MS;
    int bucket = Math.min(BUCKETS - 1, Long.SIZE - Long.numberOfLeadingZeros(ms));
    if (count(bucket) == MASK) {
      shortest = (shortest >>> 1) & HALVED;
      shorter = (shorter >>> 1) & HALVED;
      longer = (longer >>> 1) & HALVED;
      longest = (longest >>> 1) & HALVED;
    }
    long one = 1L << (bucket % PER_LONG * BITS);
    switch (bucket / PER_LONG) {
      case 0 -> shortest += one;
      case 1 -> shorter += one;
      case 2 -> longer += one;
      default -> longest += one;
    }
  }

  /**
   * The upper bound of the counter that holds this percentile, in ms: a power of two up to 16,384,
   * {@code Long.MAX_VALUE} beyond, -1 while there are no gaps.
   */
  long percentileMs(double percentile) {
    long total = 0;
    for (int i = 0; i < BUCKETS; i++) {
      total += count(i);
    }
    if (total == 0) {
      return -1;
    }
    long rank = Math.max(1, (long) Math.ceil(total * percentile / 100));
    int bucket = 0;
    for (long seen = count(0); seen < rank; seen += count(bucket)) {
      bucket++;
    }
    return bucket == BUCKETS - 1 ? Long.MAX_VALUE : 1L << bucket;
  }

  private long count(int bucket) {
    long four =
        switch (bucket / PER_LONG) {
          case 0 -> shortest;
          case 1 -> shorter;
          case 2 -> longer;
          default -> longest;
        };
    return (four >>> (bucket % PER_LONG * BITS)) & MASK;
  }
}
