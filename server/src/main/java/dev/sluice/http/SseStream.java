package dev.sluice.http;

import dev.sluice.chat.Cursor;
import dev.sluice.chat.Cursor.Status;
import dev.sluice.chat.Wakeups;
import dev.sluice.frame.FrameFormat;
import dev.sluice.frame.Utf8Buffer;
import dev.sluice.metrics.FrameTally;
import dev.sluice.metrics.TokenFigures;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.net.InetAddress;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One open stream: the only handler of its connection, from after the response head to the close.
 *
 * <p>What happens to a slow reader: while its channel is not writable nothing is written to it;
 * what it misses stays in the log and is merged when it comes back. Only its place is kept.
 */
final class SseStream extends TimedHandler implements Cursor.Reader {
  private static final Logger LOG = LoggerFactory.getLogger(SseStream.class);
  private static final long LINGER_NANOS = TimeUnit.MILLISECONDS.toNanos(LINGER_MS);

  private final StreamLoop loop;
  private final StreamOptions options;
  private final @Nullable InetAddress address;
  private final long requestNanos;
  private @Nullable Cursor cursor;
  // Made when there is something to keep in them: a stream that only waits has none. The figures
  // begin with the first frame.
  private @Nullable TokenFigures figures;
  private @Nullable Progress progress;
  private @Nullable Pacing pacing;
  private boolean writing;
  private boolean lingering;
  private int waitingBytes;
  private long lastWriteNanos;
  // Once the client is to go to another server.
  private @Nullable LongSupplier retryMs;
  // Whom the connection goes back to once the body is complete; null if it is to be closed then.
  private @Nullable EdgePipeline lender;

  /**
   * @param address that it is counted under, or null
   * @param requestNanos when the request had been read, in the loop's time
   */
  SseStream(
      StreamLoop loop, StreamOptions options, @Nullable InetAddress address, long requestNanos) {
    this.requestNanos = requestNanos;
    this.loop = loop;
    this.options = options.shared();
    this.address = address;
  }

  /** Has the connection go back to its lender at the end of a complete body. */
  void lentBy(EdgePipeline pipeline) {
    lender = pipeline;
  }

  /** Begins to deliver; the response head has been written and this is in the pipeline. */
  void begin(Cursor newCursor) {
    cursor = newCursor;
    if (ctx != null && ctx.channel().isActive()) {
      readable();
    } else {
      end(CloseReason.CLIENT_GONE);
      loop.remove(this);
    }
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    ctx = context;
    lastWriteNanos = loop.nowNanos();
    loop.add(this);
    loop.edge().metrics().streamOpened(options.client().label());
    loop.metrics().opened();
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    countWaiting();
    end(CloseReason.CLIENT_GONE);
    loop.remove(this);
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    // What the client says before the end of this answer is not kept, nor what may follow it.
    lender = null;
    ReferenceCountUtil.release(message);
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    boolean writable = context.channel().isWritable();
    if (figures != null && cursor != null) {
      loop.metrics().writable(figures, writable);
    }
    if (writable && !writing) {
      // Not at once: this is in the middle of a flush, which would go on for as long as there is
      // more, and nothing else would happen on the loop.
      loop.eventLoop().execute(this::tryReadable);
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    if (!(cause instanceof IOException)) {
      LOG.error("stream failed", cause);
      end(CloseReason.FAILED);
    }
    context.close();
  }

  /** Writes what the log has for this stream, as far as the channel takes it. */
  @Override
  public void readable() {
    ChannelHandlerContext context = ctx;
    Cursor reading = cursor;
    if (context == null || reading == null || writing || !context.channel().isWritable()) {
      return;
    }
    boolean held = pacing != null && retryMs == null && pacing.holdsBack();
    if (held || loop.outbound().defers(reading)) {
      return;
    }
    Status status;
    // A flush that makes the channel writable again calls this method in the middle of the write.
    writing = true;
    try {
      status = write(context, reading);
    } finally {
      writing = false;
    }
    if (status == Status.AT_END && options.follow()) {
      if (figures != null) {
        // The run is over; what its next one has is no gap of this one.
        figures.pause();
      }
      status = Status.MORE;
    }
    if (status == Status.AT_END) {
      finish(context, CloseReason.COMPLETED);
    } else if (status == Status.MORE) {
      if (pacing != null) {
        pacing.moreIsDue();
      }
      reading.readAgain();
    } else if (reading.isOver()) {
      writeRetry(context, 0, true);
      finish(context, CloseReason.CHAT_GONE);
    } else if (retryMs != null) {
      leave();
    }
  }

  @Override
  public boolean isWaitedFor() {
    return true;
  }

  @Override
  public void failed(RuntimeException cause) {
    if (ctx != null) {
      exceptionCaught(ctx, cause);
    }
  }

  /** The time of a paced write has come. */
  void paced() {
    if (pacing != null) {
      pacing.due();
    }
    tryReadable();
  }

  /** The stream's place in its chat, until it has been ended, by whomever. */
  @Nullable Cursor cursor() {
    return cursor;
  }

  @Override
  boolean isBusy() {
    return cursor == null ? !lingering : cursor.lag() > 0;
  }

  /**
   * Ends the stream in favour of another server, once it has what the log has.
   *
   * @param newRetryMs asked then: when the client is to come again; 0 to leave that to it
   */
  void sendAway(LongSupplier newRetryMs) {
    retryMs = newRetryMs;
    readable();
  }

  @Override
  void leave() {
    ChannelHandlerContext context = ctx;
    LongSupplier told = retryMs;
    if (context != null && cursor != null) {
      writeRetry(context, told == null ? loop.edge().retryMs() : told.getAsLong(), true);
      finish(context, CloseReason.DRAINED);
    }
  }

  @Override
  void tick(long nowNanos) {
    ChannelHandlerContext context = ctx;
    if (context == null) {
      return;
    }
    long pendingBytes = countWaiting();
    if (lingering) {
      if (nowNanos - lastWriteNanos >= LINGER_NANOS) {
        context.close();
      }
      return;
    }
    Progress watched = Progress.of(progress, pendingBytes, loop.edge().settings(), nowNanos);
    progress = watched;
    ChannelOutboundBuffer outbound = context.channel().unsafe().outboundBuffer();
    CloseReason slowness = watched == null ? null : watched.tooSlow(outbound, cursor, nowNanos);
    if (slowness != null) {
      giveUp(context, slowness);
    } else if (cursor != null
        && nowNanos - lastWriteNanos >= loop.edge().heartbeatNanos()
        && pendingBytes == 0) {
      Utf8Buffer frame = loop.scratch();
      FrameFormat.putHeartbeat(frame);
      flush(context, loop.encode(context.alloc(), frame, options.chunked(), false), true);
    }
  }

  /**
   * Ends the stream of a client that is too slow. What it has not taken stays in the log, so it may
   * come again; the body is not completed, lest that look like the end of the answer.
   */
  private void giveUp(ChannelHandlerContext context, CloseReason reason) {
    if (cursor == null) {
      // All was written, and the last of it is not taken either.
      context.close();
      return;
    }
    end(reason);
    writeRetry(context, loop.edge().retryMs(), false);
    allWritten(context).addListener(SAY_GOODBYE);
    // Whether that has left by then or not.
    linger();
  }

  private void tryReadable() {
    try {
      readable();
    } catch (RuntimeException e) {
      failed(e);
    }
  }

  /** How many bytes wait in this channel, after telling the loop. */
  long countWaiting() {
    waitingBytes = (int) loop.outbound().count(ctx, waitingBytes);
    return waitingBytes;
  }

  /** For how long no byte has left, as far as was seen. */
  long sinceProgressNanos() {
    return loop.nowNanos() - (progress == null ? lastWriteNanos : progress.progressNanos());
  }

  /** Gives up what waits here, for the sake of the others. */
  void shed() {
    end(CloseReason.NO_ROOM);
    cut();
    // At once, so that no more streams go than have to.
    countWaiting();
  }

  private Status write(ChannelHandlerContext context, Cursor reading) {
    long lag = reading.lag();
    FrameReads reads = loop.frameReads();
    ByteBuf frames = reads.read(reading, options, figures == null, context.alloc());
    Status status = reads.status();
    if (frames != null) {
      flush(context, frames, reads.tally(), lag);
    }
    return status;
  }

  /**
   * Tells when to come again, if that is positive.
   *
   * @param last whether the body ends with it
   */
  private void writeRetry(ChannelHandlerContext context, long toldMs, boolean last) {
    Utf8Buffer frame = loop.scratch();
    if (toldMs > 0) {
      FrameFormat.putRetry(frame, toldMs);
    }
    if (!frame.isEmpty() || (last && options.chunked())) {
      flush(context, loop.encode(context.alloc(), frame, options.chunked(), last), false);
    }
  }

  private void flush(ChannelHandlerContext context, ByteBuf frames, FrameTally tally, long lag) {
    TokenFigures counted = figures;
    if (counted == null) {
      counted = new TokenFigures(requestNanos);
      if (cursor != null) {
        loop.metrics().begun();
      }
      figures = counted;
    }
    int byteCount = frames.readableBytes();
    flush(context, frames);
    Wakeups wakeups = loop.wakeups();
    long sincePublishedNanos =
        wakeups.isDelivering() ? Math.max(0, lastWriteNanos - wakeups.markedNanos()) : -1;
    loop.metrics().flushed(tally, counted, byteCount, lag, sincePublishedNanos, lastWriteNanos);
    if (pacing == null && cursor != null && options.batchMs() != 0) {
      int defaultMs = loop.edge().settings().batchMs();
      pacing = new Pacing(this, loop, cursor.lookahead(), options.batchMs(), defaultMs);
    }
    if (pacing != null) {
      pacing.wrote(tally, lastWriteNanos);
    }
  }

  /** Flushes bytes that are no frame. */
  private void flush(ChannelHandlerContext context, ByteBuf bytes, boolean heartbeat) {
    loop.metrics().wrote(bytes.readableBytes(), heartbeat);
    flush(context, bytes);
  }

  private void flush(ChannelHandlerContext context, ByteBuf bytes) {
    if (progress != null) {
      progress.wrote();
    }
    loop.wakeups().spent(bytes.readableBytes());
    context.writeAndFlush(bytes, context.voidPromise());
    lastWriteNanos = loop.nowNanos();
    countWaiting();
  }

  /** Gives the connection back, or says goodbye and leaves the client time to say it too. */
  private void finish(ChannelHandlerContext context, CloseReason reason) {
    end(reason);
    boolean goes = reason == CloseReason.DRAINED || loop.edge().admission().isDraining();
    allWritten(context)
        .addListener(
            (ChannelFuture written) -> {
              countWaiting();
              if (lender == null || goes || !written.isSuccess()) {
                SAY_GOODBYE.operationComplete(written);
                linger();
              } else {
                // The client was not told that this answer is the last one of the connection.
                loop.remove(this);
                lender.takeBack(context.pipeline(), this, loop);
              }
            });
  }

  /** Done when everything has left; to shut down before that would drop what is pending. */
  private ChannelFuture allWritten(ChannelHandlerContext context) {
    if (progress != null) {
      progress.wrote();
    }
    return context.writeAndFlush(Unpooled.EMPTY_BUFFER);
  }

  /** From now on the client has a little time to close the connection, too. */
  private void linger() {
    lingering = true;
    lastWriteNanos = loop.nowNanos();
  }

  private void end(CloseReason reason) {
    Cursor reading = cursor;
    if (reading != null) {
      cursor = null;
      reading.close();
      loop.edge().admission().release(address);
      loop.edge().metrics().streamClosed(options.client().label(), reason.label());
      loop.metrics().closed(figures);
      StreamLine.log(reading, options.client(), reason, figures, requestNanos);
    }
  }
}
