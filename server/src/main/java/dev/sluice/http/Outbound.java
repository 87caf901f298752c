package dev.sluice.http;

import dev.sluice.chat.Cursor;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;

/**
 * One event loop's part of what waits in outbound buffers. When the budget of all is used up,
 * nothing more is written for the moment, and those streams are closed that have bytes waiting and
 * have taken none for the longest: their clients can resume, and a log has what they missed. Only
 * the loop may call it, unless a method says otherwise.
 */
final class Outbound {
  private final StreamLoop loop;
  private final OutboundBudget budget;
  private final AtomicBoolean making = new AtomicBoolean();

  Outbound(StreamLoop loop, OutboundBudget budget) {
    this.loop = loop;
    this.budget = budget;
    budget.add(this);
  }

  /** How many bytes wait in that channel; notes the difference to those that did before. */
  long count(@Nullable ChannelHandlerContext ctx, long before) {
    ChannelOutboundBuffer buffer = ctx == null ? null : ctx.channel().unsafe().outboundBuffer();
    long now = buffer == null ? 0 : buffer.totalPendingWriteBytes();
    if (now != before) {
      budget.charge(now - before);
    }
    return now;
  }

  /** True if nothing may be written for the moment; then the reader is called again soon. */
  boolean defers(Cursor reading) {
    boolean full = budget.isExhausted();
    if (full) {
      budget.makeRoomSoon();
      reading.readAgain();
    }
    return full;
  }

  /** Any thread. */
  void makeRoomSoon() {
    if (!making.get() && making.compareAndSet(false, true)) {
      try {
        loop.eventLoop().execute(this::makeRoom);
      } catch (RejectedExecutionException e) {
        // The loop has shut down, and its streams with it.
      }
    }
  }

  private void makeRoom() {
    making.set(false);
    List<SseStream> waiting = new ArrayList<>();
    loop.forEach(
        handler -> {
          if (handler instanceof SseStream stream && stream.countWaiting() > 0) {
            waiting.add(stream);
          }
        });
    waiting.sort(Comparator.comparingLong(stream -> -stream.sinceProgressNanos()));
    for (SseStream stream : waiting) {
      if (budget.isRoomy()) {
        return;
      }
      stream.shed();
    }
  }
}
