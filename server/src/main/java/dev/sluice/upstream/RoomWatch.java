package dev.sluice.upstream;

import dev.sluice.chat.RunPublisher;
import io.netty.channel.EventLoop;
import java.util.concurrent.TimeUnit;

/**
 * Looks for room in the chat before a producer reads on. While there is none, it looks again every
 * few ms: for readers, who are closed if they take too long; for memory, only so long. On the
 * producer's event loop.
 */
final class RoomWatch {
  private static final long AGAIN_MS = 5;

  private final RunPublisher run;
  private final EventLoop loop;
  private final long maxNanos;
  private final Runnable goOn;
  private final Runnable giveUp;
  private boolean waiting;
  private boolean closed;
  private long sinceNanos;

  /**
   * @param run from now on takes what is published in any case
   * @param maxMs how long to wait for memory, in ms
   * @param goOn called when there is room again
   * @param giveUp called when there was no memory for too long
   */
  RoomWatch(RunPublisher run, EventLoop loop, long maxMs, Runnable goOn, Runnable giveUp) {
    this.run = run;
    this.loop = loop;
    this.goOn = goOn;
    this.giveUp = giveUp;
    maxNanos = TimeUnit.MILLISECONDS.toNanos(maxMs);
    run.looksForRoom();
  }

  /** False if nothing more should be read for now; then one of the two is called later. */
  boolean hasRoom() {
    if (!waiting && !run.hasRoom()) {
      waiting = true;
      sinceNanos = loop.ticker().nanoTime();
      again();
    }
    return !waiting;
  }

  boolean isWaiting() {
    return waiting;
  }

  /** Nothing is called any more. */
  void close() {
    closed = true;
  }

  private void again() {
    loop.schedule(this::look, AGAIN_MS, TimeUnit.MILLISECONDS);
  }

  private void look() {
    if (closed) {
      return;
    }
    long nowNanos = loop.ticker().nanoTime();
    if (!run.isOverBudget()) {
      sinceNanos = nowNanos;
    }
    if (run.hasRoom()) {
      waiting = false;
      goOn.run();
    } else if (nowNanos - sinceNanos >= maxNanos) {
      giveUp.run();
    } else {
      again();
    }
  }
}
