package dev.sluice.http;

import dev.sluice.chat.Cursor;
import dev.sluice.chat.Cursor.Status;
import dev.sluice.chat.SharedRead;
import dev.sluice.chat.Wakeups;
import dev.sluice.frame.FrameFormat;
import dev.sluice.frame.Utf8Buffer;
import dev.sluice.metrics.FrameTally;
import dev.sluice.metrics.StreamState;
import dev.sluice.metrics.TokenFigures;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.util.ReferenceCountUtil;
import java.io.IOException;
import java.net.InetAddress;
import java.util.concurrent.ConcurrentHashMap;
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
  /**
   * How the client wants its stream.
   *
   * @param client on whose behalf it is read
   * @param follow stay after the end of the run
   * @param ids frames carry ids
   * @param chunked the body is chunked; otherwise it ends with the connection (HTTP/1.0)
   * @param batchMs shortest time between two writes of tokens; 0 for none
   */
  record Options(ClientType client, boolean follow, boolean ids, boolean chunked, int batchMs) {
    private static final ConcurrentHashMap<Options, Options> SHARED = new ConcurrentHashMap<>();

    /** The one that all share who want the same, of which there are few without pacing. */
    Options shared() {
      if (batchMs > 0) {
        return this;
      }
      Options present = SHARED.putIfAbsent(this, this);
      return present == null ? this : present;
    }

    int dialect() {
      return (follow ? 1 : 0) | (ids ? 2 : 0) | (chunked ? 4 : 0);
    }
  }

  private static final Logger LOG = LoggerFactory.getLogger(SseStream.class);
  private static final int MAX_WRITE_BYTES = 64 * 1024;
  private static final long LINGER_NANOS = TimeUnit.MILLISECONDS.toNanos(LINGER_MS);

  private final StreamLoop loop;
  private final Options options;
  private final @Nullable InetAddress address;
  private final long requestNanos;
  private @Nullable Cursor cursor;
  // Made when there is something to keep in them: a stream that only waits has none. The figures
  // begin with the first frame.
  private @Nullable TokenFigures figures;
  private @Nullable StallWatch stallWatch;
  private final @Nullable PacingWindow pacing;
  private boolean writing;
  private boolean lingering;
  private boolean blocked;
  private int waitingBytes;
  private long lastWriteNanos;
  // Once the client is to go to another server.
  private @Nullable LongSupplier retryMs;

  /**
   * @param address that it is counted under, or null
   * @param requestNanos when the request had been read, in the loop's time
   */
  SseStream(StreamLoop loop, Options options, @Nullable InetAddress address, long requestNanos) {
    this.requestNanos = requestNanos;
    this.loop = loop;
    this.options = options.shared();
    this.address = address;
    pacing = options.batchMs() > 0 ? new PacingWindow(options.batchMs(), loop.nowNanos()) : null;
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
    loop.metrics().moved(null, StreamState.WAITING);
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    countWaiting();
    end(CloseReason.CLIENT_GONE);
    loop.remove(this);
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    // The client has nothing more to say on this connection.
    ReferenceCountUtil.release(message);
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    boolean writable = context.channel().isWritable();
    if (figures != null && cursor != null && blocked == writable) {
      StreamState before = state();
      blocked = !writable;
      loop.metrics().moved(before, state());
    }
    if (writable) {
      readable();
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
    PacingWindow window = pacing;
    boolean paced = window != null && retryMs == null && window.mustWait(reading, loop, this);
    if (paced || loop.outbound().defers(reading)) {
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
      pause();
      status = Status.MORE;
    }
    if (status == Status.AT_END) {
      finish(context, CloseReason.COMPLETED);
    } else if (status == Status.MORE) {
      if (window != null) {
        // The window is for what is newly published, not for the rest of what was due already.
        window.open(loop.nowNanos());
      }
      reading.readAgain();
    } else if (reading.isOver()) {
      writeLast(context, 0);
      finish(context, CloseReason.CHAT_GONE);
    } else if (retryMs != null) {
      leave();
    }
  }

  @Override
  public void failed(RuntimeException cause) {
    ChannelHandlerContext context = ctx;
    if (context != null) {
      exceptionCaught(context, cause);
    }
  }

  /** The time of a paced write has come. */
  void paced() {
    if (pacing != null) {
      pacing.waited();
    }
    readable();
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
   * @param newRetryMs asked at that moment: when the client is to come again; 0 to leave that to it
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
      writeLast(context, told == null ? loop.edge().retryMs() : told.getAsLong());
      finish(context, CloseReason.DRAINED);
    }
  }

  @Override
  void tick(long nowNanos) {
    ChannelHandlerContext context = ctx;
    if (context == null) {
      return;
    }
    ChannelOutboundBuffer outbound = context.channel().unsafe().outboundBuffer();
    long pendingBytes = countWaiting();
    if (pendingBytes == 0) {
      stallWatch = null;
    }
    if (lingering) {
      if (nowNanos - lastWriteNanos >= LINGER_NANOS) {
        context.close();
      }
    } else if (outbound != null && pendingBytes > 0 && isStalled(outbound, nowNanos)) {
      end(CloseReason.STALLED);
      context.close();
    } else if (cursor != null
        && nowNanos - lastWriteNanos >= loop.edge().heartbeatNanos()
        && pendingBytes == 0) {
      Utf8Buffer frame = loop.scratch();
      FrameFormat.putHeartbeat(frame);
      flush(context, loop.encode(context.alloc(), frame, options.chunked(), false), true);
    }
  }

  /** How many bytes wait in this channel, after telling the loop. */
  long countWaiting() {
    waitingBytes = (int) loop.outbound().count(ctx, waitingBytes);
    return waitingBytes;
  }

  /** For how long no byte has left, as far as was seen. */
  long sinceProgressNanos() {
    StallWatch watch = stallWatch;
    return loop.nowNanos() - (watch == null ? lastWriteNanos : watch.progressNanos());
  }

  /** Gives up what waits here, for the sake of the others. */
  void shed() {
    end(CloseReason.NO_ROOM);
    cut();
    // At once, so that no more streams go than have to.
    countWaiting();
  }

  private boolean isStalled(ChannelOutboundBuffer outbound, long nowNanos) {
    StallWatch watch = stallWatch;
    if (watch == null) {
      watch = new StallWatch();
      stallWatch = watch;
    }
    return watch.stillNanos(outbound.size(), outbound.currentProgress(), nowNanos)
        >= loop.edge().stallNanos();
  }

  private Status write(ChannelHandlerContext context, Cursor reading) {
    SharedRead shared = loop.sharedRead();
    long lag = reading.lag();
    boolean firstFrameWritten = figures != null;
    // Only within a burst: a read that was kept from before it would end at an older tail.
    boolean shareable = firstFrameWritten && loop.wakeups().isDelivering() && reading.hasCompany();
    if (shareable && reading.canFollow(shared, options.dialect())) {
      ByteBuf frames = loop.sharedFrames();
      if (frames != null) {
        flush(context, frames.retainedDuplicate(), shared.tally(), lag);
      }
      return reading.follow(shared);
    }
    Utf8Buffer scratch = loop.scratch();
    Status status;
    if (shareable) {
      status = reading.lead(shared, options.dialect(), scratch, MAX_WRITE_BYTES, options.ids());
    } else {
      long retryMs = firstFrameWritten ? 0 : loop.edge().retryMs();
      status = reading.read(scratch, MAX_WRITE_BYTES, options.ids(), retryMs);
    }
    if (scratch.isEmpty()) {
      if (shareable) {
        loop.sharedFrames(null);
      }
      return status;
    }
    boolean last = status == Status.AT_END && !options.follow();
    ByteBuf frames = loop.encode(context.alloc(), scratch, options.chunked(), last);
    if (shareable) {
      loop.sharedFrames(frames.retainedDuplicate());
    }
    flush(context, frames, loop.wakeups().tally(), lag);
    return status;
  }

  private void writeLast(ChannelHandlerContext context, long retryMs) {
    Utf8Buffer frame = loop.scratch();
    if (retryMs > 0) {
      FrameFormat.putRetry(frame, retryMs);
    }
    if (options.chunked() || !frame.isEmpty()) {
      flush(context, loop.encode(context.alloc(), frame, options.chunked(), true), false);
    }
  }

  private void flush(ChannelHandlerContext context, ByteBuf frames, FrameTally tally, long lag) {
    TokenFigures counted = figures;
    if (counted == null) {
      counted = new TokenFigures(requestNanos);
      if (cursor != null) {
        loop.metrics().moved(StreamState.WAITING, StreamState.LIVE);
      }
      figures = counted;
    }
    int byteCount = frames.readableBytes();
    flush(context, frames);
    Wakeups wakeups = loop.wakeups();
    long sincePublishedNanos =
        wakeups.isDelivering() ? Math.max(0, lastWriteNanos - wakeups.markedNanos()) : -1;
    loop.metrics().flushed(tally, counted, byteCount, lag, sincePublishedNanos, lastWriteNanos);
  }

  /** Flushes bytes that are no frame. */
  private void flush(ChannelHandlerContext context, ByteBuf bytes, boolean heartbeat) {
    loop.metrics().wrote(bytes.readableBytes(), heartbeat);
    flush(context, bytes);
  }

  private void flush(ChannelHandlerContext context, ByteBuf bytes) {
    countWrite();
    context.writeAndFlush(bytes, context.voidPromise());
    lastWriteNanos = loop.nowNanos();
    countWaiting();
  }

  private void countWrite() {
    if (stallWatch != null) {
      stallWatch.wrote();
    }
  }

  private StreamState state() {
    if (figures == null) {
      return StreamState.WAITING;
    }
    return blocked ? StreamState.BLOCKED : StreamState.LIVE;
  }

  /** The run is over; what its next one has is no gap of this one. */
  private void pause() {
    TokenFigures counted = figures;
    if (counted != null) {
      counted.pause();
    }
  }

  /**
   * Says goodbye, and leaves the client time to say it too: a reset would cost it the last bytes.
   */
  private void finish(ChannelHandlerContext context, CloseReason reason) {
    end(reason);
    countWrite();
    // Not before everything has left: shutting down drops what is still pending.
    context
        .writeAndFlush(Unpooled.EMPTY_BUFFER)
        .addListener(
            written -> {
              lastWriteNanos = loop.nowNanos();
              lingering = true;
            })
        .addListener(SAY_GOODBYE);
  }

  private void end(CloseReason reason) {
    Cursor reading = cursor;
    if (reading != null) {
      cursor = null;
      reading.close();
      loop.edge().admission().release(address);
      loop.edge().metrics().streamClosed(options.client().label(), reason.label());
      loop.metrics().moved(state(), null);
      TokenFigures told = figures == null ? new TokenFigures(requestNanos) : figures;
      StreamLine.log(reading, options.client(), reason, told);
    }
  }
}
