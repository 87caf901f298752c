package dev.sluice.loadtest.rig;

import dev.sluice.loadtest.check.FaultKind;
import dev.sluice.loadtest.check.FaultLog;
import dev.sluice.loadtest.check.HeadCheck;
import dev.sluice.loadtest.check.StreamCheck;
import dev.sluice.loadtest.measure.Measurements;
import dev.sluice.loadtest.wire.Frame;
import dev.sluice.loadtest.wire.FrameReader;
import dev.sluice.loadtest.wire.HttpResponseParser;
import dev.sluice.loadtest.wire.MalformedWireException;
import dev.sluice.loadtest.wire.ResponseHead;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.io.IOException;

/**
 * One open stream: asks for it, reads it, has it judged, closes. Belongs to the event loop of its
 * channel.
 *
 * <p>It ends exactly once: completed, broken or given up; whatever comes later is ignored.
 */
final class Subscriber extends ChannelInboundHandlerAdapter {
  private enum State {
    CONNECTING,
    AWAITING_HEAD,
    OPEN,
    OVER
  }

  private final int stream;
  private final String request;
  private final StreamCheck check;
  private final StreamCheck.Arrivals arrivals;
  private final Measurements measurements;
  private final FaultLog faults;
  private final Subscribers all;
  private final HttpResponseParser responseParser;
  private final FrameReader frameReader;
  private final long connectNanos = System.nanoTime();
  private State state = State.CONNECTING;
  private long requestNanos;

  Subscriber(
      int stream,
      String request,
      StreamCheck check,
      StreamCheck.Arrivals arrivals,
      Measurements measurements,
      FaultLog faults,
      Subscribers all) {
    this.stream = stream;
    this.request = request;
    this.check = check;
    this.arrivals = arrivals;
    this.measurements = measurements;
    this.faults = faults;
    this.all = all;
    this.responseParser = new HttpResponseParser(new ResponseSink());
    this.frameReader = new FrameReader(new BodySink());
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    requestNanos = System.nanoTime();
    measurements.connect().record(requestNanos - connectNanos);
    state = State.AWAITING_HEAD;
    ctx.writeAndFlush(ByteBufUtil.writeAscii(ctx.alloc(), request), ctx.voidPromise());
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    ByteBuf in = (ByteBuf) message;
    try {
      if (state == State.OVER) {
        return;
      }
      measurements.bytes().add(in.readableBytes());
      all.noteProgress();
      responseParser.feed(in);
    } catch (MalformedWireException e) {
      boolean http = e.layer() == MalformedWireException.Layer.HTTP;
      fault(http ? FaultKind.HTTP_FORM : FaultKind.FRAME_FORM, String.valueOf(e.getMessage()));
      over();
    } finally {
      in.release();
      if (state == State.OVER) {
        ctx.close();
      }
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    responseParser.onClosed();
    if (state == State.OPEN) {
      if (all.givingUp()) {
        if (all.publishedAll()) {
          check.onNotCompleted();
        }
      } else {
        check.onTruncated();
      }
    } else if (state == State.AWAITING_HEAD && !all.givingUp()) {
      fault(FaultKind.CONNECT_FAILED, "closed before the response head");
    }
    over();
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (state != State.OVER && !(cause instanceof IOException)) {
      // A mistake in the rig itself must not look like a healthy stream.
      fault(FaultKind.HTTP_FORM, "the rig failed on it: " + cause);
      over();
    }
    ctx.close();
  }

  /** The connection could not be opened. */
  void onConnectFailed(Throwable cause) {
    if (state == State.CONNECTING) {
      if (!all.rigRanOut(cause)) {
        fault(FaultKind.CONNECT_FAILED, String.valueOf(cause.getMessage()));
      }
      over();
    }
  }

  private void over() {
    if (state != State.OVER) {
      boolean wasOpen = state == State.OPEN;
      state = State.OVER;
      all.onOver(wasOpen);
    }
  }

  private void fault(FaultKind kind, String what) {
    faults.record(kind, "stream " + stream, what);
  }

  private final class ResponseSink implements HttpResponseParser.Sink {
    @Override
    public void onHead(ResponseHead head) {
      measurements.head().record(System.nanoTime() - requestNanos);
      if (HeadCheck.check(stream, head, faults)) {
        state = State.OPEN;
        all.onOpen();
      } else {
        over();
      }
    }

    @Override
    public void onBody(ByteBuf in, int index, int length) throws MalformedWireException {
      if (state == State.OPEN) {
        frameReader.feed(in, index, length);
      }
    }

    @Override
    public void onComplete() {
      if (state == State.OPEN) {
        if (frameReader.pendingBytes() > 0) {
          fault(FaultKind.FRAME_FORM, "the body ends within a frame");
        }
        check.onCompleted();
        over();
      }
    }
  }

  private final class BodySink implements FrameReader.Sink {
    @Override
    public void onFrame(Frame frame) {
      measurements.frames().increment();
      measurements.tokens().add(check.onFrame(frame, arrivals));
    }

    @Override
    public void onHeartbeat() {
      measurements.heartbeats().increment();
    }

    @Override
    public void onFarewell(long retryMs) {
      // The body is completed after it, and that is judged: a farewell before the end of the run
      // leaves end missing.
    }
  }
}
