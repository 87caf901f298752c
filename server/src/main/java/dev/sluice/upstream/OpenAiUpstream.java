package dev.sluice.upstream;

import dev.sluice.chat.OnLag;
import dev.sluice.chat.Prompt;
import dev.sluice.chat.RunPublisher;
import dev.sluice.chat.UnreadPolicy;
import dev.sluice.chat.Upstream;
import dev.sluice.metrics.Metrics;
import io.netty.channel.Channel;
import io.netty.channel.EventLoopGroup;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import org.jspecify.annotations.Nullable;

/**
 * A model server that streams chat completions the way OpenAI's does: {@code POST
 * {baseUrl}/chat/completions}, answered by server-sent events.
 *
 * <p>Immutable; any thread. The event loops stay the caller's.
 */
public final class OpenAiUpstream implements Upstream {
  private final UpstreamServer server;
  private final Dialect dialect;

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
    this(new UpstreamServer(settings, loops, channelClass, metrics));
  }

  OpenAiUpstream(
      UpstreamSettings settings,
      EventLoopGroup loops,
      Class<? extends Channel> channelClass,
      Metrics metrics,
      @Nullable SslContext tls,
      NameLookup names) {
    this(new UpstreamServer(settings, loops, channelClass, metrics, tls, names));
  }

  private OpenAiUpstream(UpstreamServer server) {
    this.server = server;
    UpstreamSettings settings = server.settings();
    dialect =
        new Dialect() {
          @Override
          public UpstreamRequest request(Prompt prompt) {
            return ChatRequest.of(settings, prompt);
          }

          @Override
          public AnswerReader reader(AnswerPublisher answer) {
            return new ChatCompletionReader(settings, answer);
          }
        };
  }

  /** A context that accepts a server only if its certificate names the host that was asked for. */
  static SslContext verifying(SslContextBuilder builder) {
    return UpstreamServer.verifying(builder);
  }

  @Override
  public UnreadPolicy unreadPolicy() {
    return server.settings().unreadPolicy();
  }

  @Override
  public void answer(Prompt prompt, RunPublisher run) {
    server.call(dialect, prompt, run);
  }

  @Override
  public @Nullable OnLag onLag() {
    return server.settings().onLag();
  }

  @Override
  public int batchMs() {
    return server.settings().batchMs();
  }

  @Override
  public String toString() {
    return "OpenAiUpstream[" + server.settings() + "]";
  }
}
