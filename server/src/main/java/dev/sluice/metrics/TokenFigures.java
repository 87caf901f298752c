package dev.sluice.metrics;

/**
 * What is told of one stream or run at its end. Made with its first frame or event, so that those
 * that wait own none. One thread at a time.
 */
public final class TokenFigures {
  private static final long NONE = -1;
  private static final double TOLD_PERCENTILE = 99;
  private static final long NANOS_PER_MS = 1_000_000;

  private final long startNanos;
  private final GapSketch gaps = new GapSketch();
  private long tokenNanos;
  private long firstTokenNanos = NONE;
  private long tokens;
  private long bytes;
  private boolean pausing;
  private boolean blocked;

  /**
   * @param startNanos when it began, in the same time as every other one that is given
   */
  public TokenFigures(long startNanos) {
    this.startNanos = startNanos;
  }

  /** Counts bytes, whatever they are. */
  public void bytes(long byteCount) {
    bytes += byteCount;
  }

  /** Counts tokens that came at that time. */
  public void tokens(int count, long nowNanos) {
    if (tokens == 0) {
      firstTokenNanos = Math.max(0, nowNanos - startNanos);
    } else if (!pausing) {
      gaps.record(nowNanos - tokenNanos);
    }
    pausing = false;
    tokenNanos = nowNanos;
    tokens += count;
  }

  /** A run is over: what follows is not a gap. */
  public void pause() {
    pausing = true;
  }

  /** Whether the client takes what comes. */
  void writable(boolean writable) {
    blocked = !writable;
  }

  StreamState state() {
    return blocked ? StreamState.BLOCKED : StreamState.LIVE;
  }

  /** How long ago the last token was, or a negative number if that is no gap. */
  long gapNanos(long nowNanos) {
    return tokens == 0 || pausing ? NONE : Math.max(0, nowNanos - tokenNanos);
  }

  /** How long it has been going on. */
  long ageNanos(long nowNanos) {
    return Math.max(0, nowNanos - startNanos);
  }

  public long tokens() {
    return tokens;
  }

  public long bytes() {
    return bytes;
  }

  /** From the start to the first token, in ms; -1 while there is none. */
  public long firstTokenMs() {
    return firstTokenNanos < 0 ? NONE : firstTokenNanos / NANOS_PER_MS;
  }

  /**
   * The 99th percentile of the gaps between tokens, in ms, rounded up to a power of two; {@code
   * Long.MAX_VALUE} from 16.4 s on, -1 while there are none.
   */
  public long p99GapMs() {
    return gaps.percentileMs(TOLD_PERCENTILE);
  }
}
