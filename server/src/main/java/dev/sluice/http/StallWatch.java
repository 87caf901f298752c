package dev.sluice.http;

/**
 * Tells for how long nothing of what is pending has left, by looking at it now and then. Only bytes
 * that left count as progress, not that there is more to send. On the connection's event loop.
 */
final class StallWatch {
  private boolean looked;
  private int writes;
  private int writesLeft;
  private long bytesLeft;
  private long sinceNanos;

  /** There is one more write that has to leave. */
  void wrote() {
    writes++;
  }

  /**
   * For how long nothing has left, as far as was seen.
   *
   * @param pendingWrites those that have not left whole
   * @param nowBytesLeft what has left of the write that is under way
   */
  long stillNanos(int pendingWrites, long nowBytesLeft, long nowNanos) {
    // Counted from the first look on, and it may wrap around: only that it changes matters.
    int nowWritesLeft = writes - pendingWrites;
    if (!looked || nowWritesLeft != writesLeft || nowBytesLeft != bytesLeft) {
      looked = true;
      writesLeft = nowWritesLeft;
      bytesLeft = nowBytesLeft;
      sinceNanos = nowNanos;
    }
    return nowNanos - sinceNanos;
  }

  /** When something had left last, as far as was seen. */
  long progressNanos() {
    return sinceNanos;
  }
}
