package dev.sluice.http;

import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.socket.DuplexChannel;
import org.jspecify.annotations.Nullable;

/**
 * A handler with deadlines. The loop's one timer looks at all of them now and then, so that a
 * connection needs no timer of its own. The links make it a member of the loop's list.
 */
abstract class TimedHandler extends ChannelInboundHandlerAdapter {
  /** How long the other side has, after the last bytes, to close too. */
  static final long LINGER_MS = 2000;

  /**
   * Closes this side once the last bytes have left, and leaves it to the other one to close too: a
   * close while it still sends would reset the connection and cost it those bytes.
   */
  static final ChannelFutureListener SAY_GOODBYE =
      written -> {
        if (written.channel() instanceof DuplexChannel duplex && written.isSuccess()) {
          duplex.shutdownOutput();
        } else {
          written.channel().close();
        }
      };

  /** The handler's place in its pipeline, once it has one. */
  @Nullable ChannelHandlerContext ctx;

  @Nullable TimedHandler previous;
  @Nullable TimedHandler next;

  /** Does what is due. On the event loop. */
  abstract void tick(long nowNanos);

  /** True while this end still has something for the client. On the event loop. */
  boolean isBusy() {
    return false;
  }

  /** The server goes: says the last word on this connection. On the event loop. */
  abstract void leave();

  ChannelHandlerContext context() {
    ChannelHandlerContext context = ctx;
    if (context == null) {
      throw new IllegalStateException("not in a pipeline");
    }
    return context;
  }

  void closeOnceWritten() {
    context().writeAndFlush(Unpooled.EMPTY_BUFFER).addListener(ChannelFutureListener.CLOSE);
  }

  /** Closes the connection at once. On the event loop. */
  void cut() {
    ChannelHandlerContext context = ctx;
    if (context != null) {
      context.close();
    }
  }
}
