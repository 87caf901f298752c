package dev.sluice.http;

import dev.sluice.chat.Cursor;
import io.netty.channel.ChannelOutboundBuffer;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Whether the client of one stream takes what there is for it. On the stream's event loop.
 *
 * <p>Only bytes that left count, not that there is more to send. A client that has taken all that
 * was handed to the channel is never late. One that takes a little now and then is not either, as
 * long as what the log still has for it is within {@code max-lag-bytes}; further behind than that
 * it has the stall timeout to come back inside, and what it takes meanwhile does not prolong that.
 * Where publishers wait for readers they keep it that far behind themselves, and it may crawl; but
 * whom they wait for just now has to be done with a write in that time. So a client that resumes
 * far behind always gets something, and one that crawls does not stay.
 */
final class Progress {
  private final long stallNanos;
  private final long maxLagBytes;
  private long writes;
  private long writesLeft;
  // Negative before the first look.
  private long bytesLeft = -1;
  private long sinceNanos;
  private long movedNanos;
  private boolean crawled;
  private long heldAt = -1;

  Progress(HttpSettings settings, long nowNanos) {
    stallNanos = TimeUnit.MILLISECONDS.toNanos(settings.stallTimeoutMs());
    maxLagBytes = settings.maxLagBytes();
    sinceNanos = nowNanos;
    movedNanos = nowNanos;
  }

  /** The one so far, or a new one; null while nothing waits to be taken. */
  static @Nullable Progress of(
      @Nullable Progress soFar, long pendingBytes, HttpSettings settings, long nowNanos) {
    if (pendingBytes == 0) {
      return null;
    }
    return soFar == null ? new Progress(settings, nowNanos) : soFar;
  }

  /** One more write was handed to the channel. */
  void wrote() {
    writes++;
  }

  /**
   * Looks at what has left since the last call.
   *
   * @param outbound what was written and has not left; null once the channel is closed
   * @param cursor null when all has been written
   * @return why the client is too slow to be kept, or null
   */
  @Nullable CloseReason tooSlow(
      @Nullable ChannelOutboundBuffer outbound, @Nullable Cursor cursor, long nowNanos) {
    // What was written whole, and what of the write that is under way.
    long nowWritesLeft = outbound == null ? writes : writes - outbound.size();
    long nowBytesLeft = outbound == null ? 0 : outbound.currentProgress();
    boolean first = bytesLeft < 0;
    boolean moved = nowWritesLeft != writesLeft || nowBytesLeft != bytesLeft;
    if (first || moved) {
      movedNanos = nowNanos;
    }
    writesLeft = nowWritesLeft;
    bytesLeft = nowBytesLeft;
    if (first
        || outbound == null
        || outbound.totalPendingWriteBytes() == 0
        || (moved && isWithinLag(cursor))) {
      sinceNanos = nowNanos;
      crawled = false;
      return null;
    }
    crawled |= moved;
    if (nowNanos - sinceNanos < stallNanos) {
      return null;
    }
    return crawled ? CloseReason.LAG_LIMIT : CloseReason.STALLED;
  }

  /** When something had left last, as far as was seen. */
  long progressNanos() {
    return movedNanos;
  }

  private boolean isWithinLag(@Nullable Cursor cursor) {
    long nowHeldAt = cursor == null ? -1 : cursor.holdsAt();
    if (nowHeldAt >= 0) {
      boolean another = nowHeldAt != heldAt;
      heldAt = nowHeldAt;
      return another;
    }
    return cursor == null
        || maxLagBytes == 0
        || cursor.lagBytes() <= maxLagBytes
        || cursor.holdsPublishers();
  }
}
