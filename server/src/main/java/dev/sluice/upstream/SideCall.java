package dev.sluice.upstream;

import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.EventLoop;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpObjectAggregator;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.concurrent.ScheduledFuture;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A short call beside a question: its answer is bounded in size and time, and whatever goes wrong
 * with it is no answer. Everything happens on one event loop.
 */
final class SideCall extends SimpleChannelInboundHandler<FullHttpResponse> {
  /** Who gets the answer. */
  @FunctionalInterface
  interface Taker {
    /**
     * The answer, once.
     *
     * @param status its HTTP status, 0 if there is no answer
     * @param body as UTF-8 text
     */
    void answered(int status, String body);
  }

  private static final Logger LOG = LoggerFactory.getLogger(SideCall.class);

  private final UpstreamServer server;
  private final UpstreamRequest request;
  private final long timeoutMs;
  private final Taker taker;
  private @Nullable ChannelFuture connected;
  private @Nullable ScheduledFuture<?> deadline;
  private boolean over;

  SideCall(UpstreamServer server, UpstreamRequest request, long timeoutMs, Taker taker) {
    this.server = server;
    this.request = request;
    this.timeoutMs = timeoutMs;
    this.taker = taker;
  }

  /** Makes the call. Any thread, once. */
  void begin(EventLoop loop) {
    try {
      loop.execute(() -> connect(loop));
    } catch (RejectedExecutionException e) {
      LOG.debug("the loops take no more work", e);
      taker.answered(0, "");
    }
  }

  private void connect(EventLoop loop) {
    if (loop.isShuttingDown()) {
      // Its channels are closed already: one more would stay open.
      done(0, "");
      return;
    }
    try {
      deadline = loop.schedule(() -> done(0, ""), timeoutMs, TimeUnit.MILLISECONDS);
      connected =
          server.connect(
              loop, new HttpObjectAggregator(server.settings().maxEventBytes(), true), this);
      connected.addListener(
          made -> {
            if (made.cause() != null) {
              done(0, "");
            }
          });
    } catch (RejectedExecutionException e) {
      LOG.debug("the loops take no more work", e);
      done(0, "");
    }
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    if (!server.isTls()) {
      ctx.writeAndFlush(request.message(server.settings()));
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof SslHandshakeCompletionEvent handshake && handshake.isSuccess()) {
      ctx.writeAndFlush(request.message(server.settings()));
    }
  }

  @Override
  protected void channelRead0(ChannelHandlerContext ctx, FullHttpResponse response) {
    if (response.decoderResult().isFailure()) {
      done(0, "");
    } else {
      done(response.status().code(), response.content().toString(StandardCharsets.UTF_8));
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    done(0, "");
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    LOG.debug("a side call of flow {} failed", server.settings().flow(), cause);
    done(0, "");
  }

  private void done(int status, String body) {
    if (over) {
      return;
    }
    over = true;
    if (deadline != null) {
      deadline.cancel(false);
    }
    if (connected != null) {
      connected.channel().close();
    }
    taker.answered(status, body);
  }
}
