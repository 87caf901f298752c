package dev.sluice.http;

/**
 * Tells for how long nothing of what is pending has left, by looking at it now and then. Only bytes
 * that left count as progress, not that there is more to send. On the connection's event loop.
 */
final class StallWatch {
  private boolean looked;
  private int writesLeft;
  private long bytesLeft;
  private long sinceNanos;

  /**
   * For how long these numbers have been what they are, as far as was seen.
   *
   * @param nowWritesLeft the writes that have left whole; may wrap around
   * @param nowBytesLeft what has left of the write that is under way
   */
  long stillNanos(int nowWritesLeft, long nowBytesLeft, long nowNanos) {
    if (!looked || nowWritesLeft != writesLeft || nowBytesLeft != bytesLeft) {
      looked = true;
      writesLeft = nowWritesLeft;
      bytesLeft = nowBytesLeft;
      sinceNanos = nowNanos;
    }
    return nowNanos - sinceNanos;
  }
}
