package dev.sluice.http;

import dev.sluice.chat.Lookahead;
import dev.sluice.chat.Upstream;
import dev.sluice.metrics.FrameTally;
import java.util.concurrent.TimeUnit;

/**
 * Has the tokens of one stream leave at most once per window. On the stream's event loop.
 *
 * <p>A window begins with each write that has tokens; what comes before its end waits for it, and
 * leaves together. Nothing waits for the sake of it: a token that comes later goes at once, and so
 * do the first token, every other event with all that is before it, and the first token after it.
 *
 * <p>How even that is: two writes in a row are never closer than the window, and never further
 * apart than the window or the publisher's own pause, whichever is longer (and a ms, since windows
 * end on a whole one, so that streams which were written together are so again). For if something
 * waits at the end of the window, it leaves then; if nothing does, the next write is the next token
 * itself. So a window just above the interval of the tokens makes no pairs with pauses between
 * them: writes come at the window's pace, and now and then one of them has a token more.
 */
final class Pacing {
  private static final long GRAIN_NANOS = TimeUnit.MILLISECONDS.toNanos(1);

  private final SseStream stream;
  private final StreamLoop loop;
  private final Lookahead ahead;
  private final int batchMs;
  private final int defaultMs;
  private boolean open = true;
  private boolean armed;
  private long wroteNanos;

  /**
   * @param batchMs the window; {@link Upstream#NO_BATCH_MS} for that of the flow which answers
   * @param defaultMs the window of what no flow answers
   */
  Pacing(SseStream stream, StreamLoop loop, Lookahead ahead, int batchMs, int defaultMs) {
    this.stream = stream;
    this.loop = loop;
    this.ahead = ahead;
    this.batchMs = batchMs;
    this.defaultMs = defaultMs;
  }

  /** True if what there is has to wait; the stream is called when its time has come. */
  boolean holdsBack() {
    if (open || ahead.isEmpty()) {
      return false;
    }
    int windowMs = windowMs();
    long dueNanos = wroteNanos + TimeUnit.MILLISECONDS.toNanos(windowMs);
    dueNanos += Math.floorMod(-dueNanos, GRAIN_NANOS);
    if (windowMs == 0 || loop.nowNanos() - dueNanos >= 0 || !ahead.hasOnlyTokens()) {
      return false;
    }
    if (!armed) {
      armed = true;
      loop.pace(stream, dueNanos);
    }
    return true;
  }

  /** The time that the loop was asked for has come. */
  void due() {
    armed = false;
  }

  /** Those frames have been written. */
  void wrote(FrameTally frames, long nowNanos) {
    open = frames.endsInEvent();
    wroteNanos = nowNanos;
  }

  /** There is more than one write takes: the window is not for what was due already. */
  void moreIsDue() {
    open = true;
  }

  private int windowMs() {
    if (batchMs >= 0) {
      return batchMs;
    }
    int flowsMs = ahead.batchMs();
    return flowsMs >= 0 ? flowsMs : defaultMs;
  }
}
