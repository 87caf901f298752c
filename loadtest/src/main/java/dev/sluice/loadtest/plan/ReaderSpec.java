package dev.sluice.loadtest.plan;

/**
 * How the streams are read. Which ones are slow, stalled or dropped is spread evenly over them.
 *
 * @param slowPercent so many of the streams crawl
 * @param slowBytesPerSecond how fast they read
 * @param stalledPercent so many stop reading after their first bytes, and stay
 * @param dropEveryMs how often connections are dropped and resumed; 0 for never
 * @param dropPercent how many of the brisk streams are dropped each time
 */
public record ReaderSpec(
    int slowPercent, int slowBytesPerSecond, int stalledPercent, int dropEveryMs, int dropPercent) {

  /** Everybody reads as fast as it comes. */
  public static final ReaderSpec BRISK = new ReaderSpec(0, 1, 0, 0, 0);

  /** How fast one stream is read. */
  public enum Pace {
    /** As it comes. Only these streams are measured. */
    BRISK,
    /** So slowly that it is always behind; it catches up when the others are through. */
    SLOW,
    /** Not at all after the first bytes. */
    STALLED
  }

  /** Whether nobody is slow, stalled or dropped. */
  public boolean allBrisk() {
    return slowPercent == 0 && stalledPercent == 0 && dropEveryMs == 0;
  }

  /** The pace of a stream. */
  public Pace pace(int stream) {
    // 61 has no factor in common with 100, so that any hundred neighbours hold the right share.
    int place = (int) (stream * 61L % 100);
    if (place < stalledPercent) {
      return Pace.STALLED;
    }
    return place < stalledPercent + slowPercent ? Pace.SLOW : Pace.BRISK;
  }

  /** Whether a stream is dropped in a round, which counts from 0. */
  public boolean drops(int stream, int round) {
    return (stream * 37L + round * 53L) % 100 < dropPercent;
  }
}
