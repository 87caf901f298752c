package dev.sluice.metrics;

import org.HdrHistogram.WriterReaderPhaser;
import org.jspecify.annotations.Nullable;

/**
 * What one event loop counts. Only that loop may call it, except {@link #take}. No call waits, and
 * none makes garbage once each distribution has had its first value.
 *
 * <p>The loop counts into one of two intervals. A scrape swaps them and reads the one that is then
 * at rest, so that counts which belong together are read together. The phaser is what tells the
 * scrape that the loop has left the old one: two uncontended additions for each call here.
 */
public final class LoopMetrics {
  private final WriterReaderPhaser phaser = new WriterReaderPhaser();
  private volatile LoopInterval active = new LoopInterval();
  private LoopInterval resting = new LoopInterval();

  LoopMetrics() {}

  /**
   * Frames of one stream have been flushed.
   *
   * @param figures the stream's own, which count them too
   * @param byteCount what was handed to the channel, chunk header included
   * @param lag how many events the stream was behind before
   * @param sincePublishedNanos for how long what was written had been published; negative if that
   *     is not known
   */
  public void flushed(
      FrameTally frames,
      TokenFigures figures,
      int byteCount,
      long lag,
      long sincePublishedNanos,
      long nowNanos) {
    long entered = phaser.writerCriticalSectionEnter();
    try {
      LoopInterval counts = active;
      counts.streamBytes += byteCount;
      counts.record(Distribution.LAG, lag);
      if (sincePublishedNanos >= 0) {
        counts.record(Distribution.PUBLISH_TO_FLUSH, sincePublishedNanos);
      }
      for (int i = 0; i < frames.frameCount(); i++) {
        int type = frames.type(i);
        counts.frames[type]++;
        counts.frameBytes[type] += frames.bytes(i);
        if (frames.tokens(i) > 0) {
          counts.tokens[type] += frames.tokens(i);
          counts.record(Distribution.TOKENS_PER_FRAME, frames.tokens(i));
        }
      }
      if (frames.tokenCount() > 0) {
        if (figures.tokens() == 0) {
          counts.record(Distribution.TIME_TO_FIRST_TOKEN, figures.ageNanos(nowNanos));
        } else if (figures.gapNanos(nowNanos) >= 0) {
          counts.record(Distribution.TOKEN_GAP, figures.gapNanos(nowNanos));
        }
      }
    } finally {
      phaser.writerCriticalSectionExit(entered);
    }
    figures.bytes(frames.byteCount());
    if (frames.tokenCount() > 0) {
      figures.tokens(frames.tokenCount(), nowNanos);
    }
  }

  /** Bytes that are no frame have been handed to a channel. */
  public void wrote(int byteCount, boolean heartbeat) {
    long entered = phaser.writerCriticalSectionEnter();
    try {
      LoopInterval counts = active;
      counts.streamBytes += byteCount;
      counts.heartbeats += heartbeat ? 1 : 0;
    } finally {
      phaser.writerCriticalSectionExit(entered);
    }
  }

  /** A stream was opened. */
  public void opened() {
    moved(null, StreamState.WAITING);
  }

  /** A stream has got its first frame. */
  public void begun() {
    moved(StreamState.WAITING, StreamState.LIVE);
  }

  /** The client of a stream takes what comes, or no longer does. */
  public void writable(TokenFigures stream, boolean writable) {
    StreamState before = stream.state();
    stream.writable(writable);
    if (stream.state() != before) {
      moved(before, stream.state());
    }
  }

  /**
   * A stream was closed.
   *
   * @param stream null if it never got a frame
   */
  public void closed(@Nullable TokenFigures stream) {
    moved(stream == null ? StreamState.WAITING : stream.state(), null);
  }

  private void moved(@Nullable StreamState from, @Nullable StreamState to) {
    long entered = phaser.writerCriticalSectionEnter();
    try {
      LoopInterval counts = active;
      if (from != null) {
        counts.streams[from.index()]--;
      }
      if (to != null) {
        counts.streams[to.index()]++;
      }
    } finally {
      phaser.writerCriticalSectionExit(entered);
    }
  }

  /** The loop came so late to a timer. */
  public void delayed(long nanos) {
    long entered = phaser.writerCriticalSectionEnter();
    try {
      active.record(Distribution.EVENT_LOOP_DELAY, nanos);
    } finally {
      phaser.writerCriticalSectionExit(entered);
    }
  }

  /**
   * What was counted since the last call; the caller clears it before the next one. One thread at a
   * time, which may be any; it waits for what the loop is just counting, which is not long.
   */
  LoopInterval take() {
    phaser.readerLock();
    try {
      LoopInterval taken = active;
      active = resting;
      resting = taken;
      phaser.flipPhase();
      return taken;
    } finally {
      phaser.readerUnlock();
    }
  }
}
