package dev.sluice.http;

/**
 * When each stream of a server that goes is closed, and when its client is to come again: both
 * evenly, so that whoever takes over sees no wave. Clients that heed {@code retry} arrive over the
 * window and {@code retryMs} more, one after the other; those that do not, as they were closed.
 *
 * <p>Times are in ms and count from the moment at which the first stream is closed. Pure; any
 * thread.
 */
final class DrainPlan {
  /** Few streams need not be spread as far as many: so many a second disturb nobody. */
  static final int STREAMS_PER_SECOND = 100;

  private final int streams;
  private final long spreadMs;
  private final long retryMs;

  /**
   * @param streams how many are to be closed; each has a place, from 0 on
   * @param spreadMs the longest window to close them in
   * @param retryMs the reconnection time before jitter; 0 if clients are told none
   */
  DrainPlan(int streams, long spreadMs, long retryMs) {
    this.streams = streams;
    this.spreadMs = Math.min(spreadMs, streams * 1000L / STREAMS_PER_SECOND);
    this.retryMs = retryMs;
  }

  /** How many streams are to be closed by then. */
  int dueBy(long elapsedMs) {
    if (elapsedMs >= spreadMs) {
      return streams;
    }
    return (int) (streams * elapsedMs / spreadMs) + 1;
  }

  /**
   * What the client of a stream that is closed now is told, in ms; 0 for nothing. A stream that is
   * closed late comes again at the time that was meant for it all the same, if that is not over.
   *
   * @param jitter 0 to 1: where inside the time that this client has to itself
   */
  long retryMs(int place, double jitter, long elapsedMs) {
    if (retryMs == 0) {
      return 0;
    }
    long soonestMs = Math.max(1, retryMs / 2);
    long arrivalMs = soonestMs + (long) ((spreadMs + retryMs) * (place + jitter) / streams);
    return Math.max(soonestMs, arrivalMs - elapsedMs);
  }
}
