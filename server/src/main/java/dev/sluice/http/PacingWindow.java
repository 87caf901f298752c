package dev.sluice.http;

import dev.sluice.chat.Cursor;
import java.util.concurrent.TimeUnit;

/**
 * The shortest time between two writes of tokens that a client has asked for. On the stream's event
 * loop.
 */
final class PacingWindow {
  private final long windowNanos;
  private long nextTokensNanos;
  private boolean waiting;

  PacingWindow(int batchMs, long nowNanos) {
    windowNanos = TimeUnit.MILLISECONDS.toNanos(batchMs);
    nextTokensNanos = nowNanos;
  }

  /**
   * True if there are only tokens, and they have to wait for their time; the loop then calls the
   * stream when it has come.
   */
  boolean mustWait(Cursor reading, StreamLoop loop, SseStream stream) {
    long nowNanos = loop.nowNanos();
    if (nowNanos - nextTokensNanos < 0 && reading.hasOnlyTokens()) {
      if (!waiting && reading.lag() > 0) {
        waiting = true;
        loop.pace(stream, nextTokensNanos);
      }
      return true;
    }
    if (reading.lag() > 1 || (reading.lag() == 1 && reading.hasOnlyTokens())) {
      nextTokensNanos = nowNanos + windowNanos;
    }
    return false;
  }

  /** The loop has called. */
  void waited() {
    waiting = false;
  }

  /** The next tokens need not wait. */
  void open(long nowNanos) {
    nextTokensNanos = nowNanos;
  }
}
