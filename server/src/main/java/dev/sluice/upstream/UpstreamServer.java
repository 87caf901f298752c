package dev.sluice.upstream;

import dev.sluice.chat.Prompt;
import dev.sluice.chat.RunPublisher;
import dev.sluice.metrics.Metrics;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslProvider;
import java.util.concurrent.RejectedExecutionException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The way to one model server, whatever dialect it speaks.
 *
 * <p>One connection per call, closed when the call is over. With {@code https} the server's
 * certificate and host name are verified against the JDK's trust store; there is no way to turn
 * that off. Redirects are not followed: they would carry the key to another host.
 *
 * <p>Immutable; any thread. The event loops stay the caller's.
 */
final class UpstreamServer {
  private static final Logger LOG = LoggerFactory.getLogger(UpstreamServer.class);

  private final UpstreamSettings settings;
  private final EventLoopGroup loops;
  private final Bootstrap bootstrap;
  private final @Nullable SslContext tls;
  private final Metrics metrics;

  /**
   * @param loops where calls run; each call takes the next one
   * @param channelClass a client channel that fits those loops
   * @throws IllegalStateException if TLS is needed and the JDK has none
   */
  UpstreamServer(
      UpstreamSettings settings,
      EventLoopGroup loops,
      Class<? extends Channel> channelClass,
      Metrics metrics) {
    this(
        settings,
        loops,
        channelClass,
        metrics,
        settings.isTls() ? verifying(SslContextBuilder.forClient()) : null,
        new NameLookup());
  }

  UpstreamServer(
      UpstreamSettings settings,
      EventLoopGroup loops,
      Class<? extends Channel> channelClass,
      Metrics metrics,
      @Nullable SslContext tls,
      NameLookup names) {
    this.settings = settings;
    this.loops = loops;
    this.tls = tls;
    this.metrics = metrics;
    bootstrap =
        new Bootstrap()
            .channel(channelClass)
            .resolver(names)
            .option(ChannelOption.TCP_NODELAY, true)
            .option(
                ChannelOption.CONNECT_TIMEOUT_MILLIS,
                (int) Math.min(Integer.MAX_VALUE, settings.connectTimeoutMs()))
            .remoteAddress(settings.host(), settings.port());
  }

  /** A context that accepts a server only if its certificate names the host that was asked for. */
  static SslContext verifying(SslContextBuilder builder) {
    try {
      return builder.sslProvider(SslProvider.JDK).endpointIdentificationAlgorithm("HTTPS").build();
    } catch (SSLException e) {
      throw new IllegalStateException("TLS is not available", e);
    }
  }

  UpstreamSettings settings() {
    return settings;
  }

  Metrics metrics() {
    return metrics;
  }

  boolean isTls() {
    return tls != null;
  }

  EventLoop nextLoop() {
    return loops.next();
  }

  /** Has a question answered; the run is ended in any case. */
  void call(Dialect dialect, Prompt prompt, RunPublisher run) {
    EventLoop loop = loops.next();
    try {
      UpstreamCall call = new UpstreamCall(this, dialect, prompt, run, loop);
      loop.execute(call::begin);
    } catch (RejectedExecutionException e) {
      refuse(run, UpstreamFault.SHUT_DOWN);
    } catch (RuntimeException e) {
      LOG.error("upstream call of flow {} could not begin", settings.flow(), e);
      refuse(run, UpstreamFault.INTERNAL);
    }
  }

  /**
   * Connects.
   *
   * @param handlers what follows the HTTP codec
   */
  ChannelFuture connect(EventLoop loop, ChannelHandler... handlers) {
    return bootstrap
        .clone(loop)
        .handler(
            new ChannelInitializer<>() {
              @Override
              protected void initChannel(Channel ch) {
                assemble(ch, handlers);
              }
            })
        .connect();
  }

  private void assemble(Channel ch, ChannelHandler... handlers) {
    ChannelPipeline pipeline = ch.pipeline();
    if (tls != null) {
      SslHandler handler = tls.newHandler(ch.alloc(), settings.host(), settings.port());
      // The call's own deadline covers the handshake.
      handler.setHandshakeTimeoutMillis(0);
      pipeline.addLast(handler);
    }
    pipeline.addLast(new HttpClientCodec());
    pipeline.addLast(handlers);
  }

  private void refuse(RunPublisher run, UpstreamFault fault) {
    CallFailure failure = CallFailure.of(fault);
    metrics.upstreamFailed(fault.code());
    run.error(failure.message(), failure.detailJson(settings.flow()));
  }
}
