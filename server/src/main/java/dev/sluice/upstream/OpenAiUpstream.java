package dev.sluice.upstream;

import dev.sluice.chat.Prompt;
import dev.sluice.chat.RunPublisher;
import dev.sluice.chat.Upstream;
import dev.sluice.metrics.Metrics;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.ssl.SslProvider;
import java.util.concurrent.RejectedExecutionException;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * A model server that streams chat completions the way OpenAI's does: {@code POST
 * {baseUrl}/chat/completions}, answered by server-sent events.
 *
 * <p>One connection per call, closed when the call is over. With {@code https} the server's
 * certificate and host name are verified against the JDK's trust store; there is no way to turn
 * that off. Redirects are not followed: they would carry the key to another host.
 *
 * <p>Immutable; any thread. The event loops stay the caller's.
 */
public final class OpenAiUpstream implements Upstream {
  private static final Logger LOG = LoggerFactory.getLogger(OpenAiUpstream.class);

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
  public OpenAiUpstream(
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

  OpenAiUpstream(
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

  @Override
  public void answer(Prompt prompt, RunPublisher run) {
    EventLoop loop = loops.next();
    try {
      OpenAiCall call = new OpenAiCall(settings, prompt, run, tls, loop, metrics);
      loop.execute(() -> call.begin(bootstrap));
    } catch (RejectedExecutionException e) {
      refuse(run, UpstreamFault.SHUT_DOWN);
    } catch (RuntimeException e) {
      LOG.error("upstream call of flow {} could not begin", settings.flow(), e);
      refuse(run, UpstreamFault.INTERNAL);
    }
  }

  private void refuse(RunPublisher run, UpstreamFault fault) {
    CallFailure failure = CallFailure.of(fault);
    metrics.upstreamFailed(fault.code());
    run.error(failure.message(), failure.detailJson(settings.flow()));
  }

  @Override
  public String toString() {
    return "OpenAiUpstream[" + settings + "]";
  }
}
