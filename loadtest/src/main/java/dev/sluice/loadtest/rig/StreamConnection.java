package dev.sluice.loadtest.rig;

import dev.sluice.loadtest.check.FaultKind;
import dev.sluice.loadtest.check.StreamJudge;
import dev.sluice.loadtest.measure.Measurements;
import dev.sluice.loadtest.plan.Mishap;
import dev.sluice.loadtest.wire.BodyReader;
import dev.sluice.loadtest.wire.HttpResponseParser;
import dev.sluice.loadtest.wire.MalformedWireException;
import dev.sluice.loadtest.wire.ResponseHead;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * One connection of a stream: asks, reads, has it judged. Belongs to the event loop of its channel.
 *
 * <p>It ends exactly once: completed, broken, dropped or given up; whatever comes later is ignored.
 */
final class StreamConnection extends ChannelInboundHandlerAdapter {
  private enum State {
    CONNECTING,
    AWAITING_HEAD,
    OPEN,
    OVER
  }

  private final Subscriber subscriber;
  private final StreamJudge judge;
  private final String request;
  private final Pacer pacer;
  private final Measurements measurements;
  private final Subscribers all;
  private final HttpResponseParser parser = new HttpResponseParser(new ResponseSink());
  private final long connectNanos = System.nanoTime();
  private State state = State.CONNECTING;
  private long requestNanos;
  private @Nullable BodyReader body;
  private @Nullable ChannelHandlerContext context;
  private int pauses;
  private boolean unread;
  private boolean abandoned;

  StreamConnection(
      Subscriber subscriber,
      StreamJudge judge,
      String request,
      Pacer pacer,
      Measurements measurements,
      Subscribers all) {
    this.subscriber = subscriber;
    this.judge = judge;
    this.request = request;
    this.pacer = pacer;
    this.measurements = measurements;
    this.all = all;
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    context = ctx;
    requestNanos = System.nanoTime();
    measurements.connect().record(requestNanos - connectNanos);
    state = State.AWAITING_HEAD;
    ctx.writeAndFlush(ByteBufUtil.writeUtf8(ctx.alloc(), request), ctx.voidPromise());
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    ByteBuf in = (ByteBuf) message;
    int readBytes = in.readableBytes();
    try {
      if (state == State.OVER) {
        return;
      }
      measurements.bytes().add(readBytes);
      parser.feed(in);
      if (state == State.OPEN && judge.toBeClosed()) {
        complete();
      }
    } catch (MalformedWireException e) {
      boolean http = e.layer() == MalformedWireException.Layer.HTTP;
      fail(http ? FaultKind.HTTP_FORM : FaultKind.FRAME_FORM, String.valueOf(e.getMessage()));
    } finally {
      in.release();
      if (state == State.OVER && !abandoned) {
        ctx.close();
      } else if (state == State.OPEN && subscriber.hasFrame()) {
        unread |= !pacer.isBrisk();
        pacer.onRead(ctx.channel(), readBytes);
      }
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    parser.onClosed();
    if (state == State.OPEN) {
      state = State.OVER;
      subscriber.onCut(unread);
    } else if (state == State.AWAITING_HEAD && !all.givingUp()) {
      fail(FaultKind.CONNECT_FAILED, "closed before the response head");
    } else if (state != State.OVER) {
      state = State.OVER;
      subscriber.onNeverOpened();
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (!(cause instanceof IOException)) {
      // A mistake in the rig itself must not look like a healthy stream.
      fail(FaultKind.HTTP_FORM, "the rig failed on it: " + cause);
    }
    ctx.close();
  }

  /** The connection could not be opened. */
  void onConnectFailed(Throwable cause) {
    if (state == State.CONNECTING) {
      if (all.rigRanOut(cause)) {
        state = State.OVER;
        subscriber.onNeverOpened();
      } else {
        fail(FaultKind.CONNECT_FAILED, String.valueOf(cause.getMessage()));
      }
    }
  }

  /**
   * Does something bad to it.
   *
   * @param pauseMs how long a {@link Mishap#PAUSE} lasts
   * @return whether it has been done: it is open, a frame has come to go on after, and there is
   *     more to come
   */
  boolean suffer(Mishap what, int pauseMs) {
    ChannelHandlerContext ctx = context;
    if (state != State.OPEN || judge.ended() || ctx == null || !subscriber.hasFrame()) {
      return false;
    }
    Channel channel = ctx.channel();
    switch (what) {
      case PAUSE -> {
        unread = true;
        pauses++;
        channel.config().setAutoRead(false);
        channel.eventLoop().schedule(this::goOn, pauseMs, TimeUnit.MILLISECONDS);
      }
      case RESET -> {
        state = State.OVER;
        channel.config().setOption(ChannelOption.SO_LINGER, 0);
        ctx.close();
      }
      case HALF_OPEN -> {
        state = State.OVER;
        abandoned = true;
        channel.config().setAutoRead(false);
      }
      case DROP -> {
        state = State.OVER;
        ctx.close();
      }
      default -> throw new IllegalArgumentException(what + " does not happen to a stream");
    }
    return true;
  }

  private void goOn() {
    pauses--;
    if (pauses == 0 && context != null && context.channel().isActive()) {
      context.channel().config().setAutoRead(true);
    }
  }

  /** Reads as it comes from now on. */
  void release() {
    if (context != null && !abandoned) {
      context.channel().config().setAutoRead(true);
    }
  }

  private void complete() {
    state = State.OVER;
    judge.onCompleted();
    subscriber.onAnswerOver();
  }

  private void fail(FaultKind kind, String what) {
    if (state != State.OVER) {
      state = State.OVER;
      subscriber.onFailed(kind, what);
    }
  }

  private final class ResponseSink implements HttpResponseParser.Sink {
    @Override
    public void onHead(ResponseHead head) {
      measurements.head().record(System.nanoTime() - requestNanos);
      if (judge.onHead(head)) {
        state = State.OPEN;
        body = judge.newBody();
        subscriber.onOpen();
      } else if (judge.ended()) {
        state = State.OVER;
        subscriber.onOpen();
        subscriber.onAnswerOver();
      } else {
        state = State.OVER;
        subscriber.onNeverOpened();
      }
    }

    @Override
    public void onBody(ByteBuf in, int index, int length) throws MalformedWireException {
      if (state == State.OPEN && body != null) {
        body.feed(in, index, length);
      }
    }

    @Override
    public void onComplete() {
      if (state == State.OPEN) {
        complete();
      }
    }
  }
}
