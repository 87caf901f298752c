package dev.sluice.chat;

/**
 * Tells for how long a number has not changed, by looking at it now and then: so the hot path that
 * changes it need not look at a clock. For the sweeper's thread alone.
 */
final class IdleWatch {
  private long seen = Long.MIN_VALUE;
  private long sinceMs;

  /** How long the value has been what it is, as far as was seen. A negative value is never idle. */
  long idleMs(long value, long nowMs) {
    if (value != seen || value < 0) {
      seen = value;
      sinceMs = nowMs;
    }
    return nowMs - sinceMs;
  }
}
