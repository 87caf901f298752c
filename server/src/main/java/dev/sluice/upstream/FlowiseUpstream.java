package dev.sluice.upstream;

import dev.sluice.chat.OnLag;
import dev.sluice.chat.Prompt;
import dev.sluice.chat.RunPublisher;
import dev.sluice.chat.UnreadPolicy;
import dev.sluice.chat.Upstream;
import dev.sluice.metrics.Metrics;
import io.netty.channel.Channel;
import io.netty.channel.EventLoopGroup;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * A Flowise server, unmodified: its predictions are streamed through, so that they can be resumed
 * and read along. One chatflow answers, or whichever is asked for.
 *
 * <p>Immutable; any thread. The event loops stay the caller's.
 */
public final class FlowiseUpstream implements Upstream {
  static final long HEAD_PATIENCE_MS = 3_000;
  static final long SIDE_CALL_MS = 3_000;

  private static final int MAX_CONFIG_CALLS = 64;

  private final AtomicInteger openConfigCalls = new AtomicInteger();
  private final UpstreamServer server;
  private final long headPatienceMs;
  private final long sideCallMs;

  /**
   * @param loops where calls run; each call takes the next one
   * @param channelClass a client channel that fits those loops
   * @throws IllegalStateException if TLS is needed and the JDK has none
   */
  public FlowiseUpstream(
      UpstreamSettings settings,
      EventLoopGroup loops,
      Class<? extends Channel> channelClass,
      Metrics metrics) {
    this(
        new UpstreamServer(settings, loops, channelClass, metrics), HEAD_PATIENCE_MS, SIDE_CALL_MS);
  }

  /**
   * @param headPatienceMs how long a prediction may go without a head before its chatflow is asked
   *     after, in ms
   * @param sideCallMs how long every other call may take, in ms
   */
  FlowiseUpstream(UpstreamServer server, long headPatienceMs, long sideCallMs) {
    this.server = server;
    this.headPatienceMs = headPatienceMs;
    this.sideCallMs = sideCallMs;
  }

  @Override
  public boolean serves(@Nullable String flow) {
    return server.settings().chatflow() != null
        || (flow != null && UpstreamSettings.isChatflow(flow));
  }

  @Override
  public boolean readsPredictions() {
    return true;
  }

  /** An agentflow announces itself by {@code agentFlowEvent}, and widgets want no second start. */
  @Override
  public boolean beginsRuns() {
    return true;
  }

  @Override
  public UnreadPolicy unreadPolicy() {
    return server.settings().unreadPolicy();
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
  public void answer(Prompt prompt, RunPublisher run) {
    FlowiseDialect dialect =
        new FlowiseDialect(
            server, chatflow(prompt.flow()), run.chatId(), headPatienceMs, sideCallMs);
    server.call(dialect, prompt, run);
  }

  /** While many ask already, there is nothing to say: nobody opens connections without end. */
  @Override
  public void chatbotConfig(@Nullable String flow, Consumer<byte @Nullable []> taker) {
    String target =
        FlowiseRequest.target(server.settings(), "/api/v1/public-chatbotConfig/", chatflow(flow));
    if (openConfigCalls.incrementAndGet() > MAX_CONFIG_CALLS) {
      openConfigCalls.decrementAndGet();
      taker.accept(null);
      return;
    }
    new SideCall(
            server,
            UpstreamRequest.bare(HttpMethod.GET, target),
            sideCallMs,
            (status, body) -> {
              openConfigCalls.decrementAndGet();
              taker.accept(status == HttpResponseStatus.OK.code() ? config(body) : null);
            })
        .begin(server.nextLoop());
  }

  /** The configuration with the key that widgets want to find; null if it is none. */
  private static byte @Nullable [] config(String body) {
    JsonNode json = ErrorWords.parse(body);
    if (!(json instanceof ObjectNode config)) {
      return null;
    }
    if (!config.path("uploads").isObject()) {
      config.putObject("uploads");
    }
    return JsonMapper.shared().writeValueAsString(config).getBytes(StandardCharsets.UTF_8);
  }

  private String chatflow(@Nullable String flow) {
    String fixed = server.settings().chatflow();
    if (fixed != null) {
      return fixed;
    }
    if (flow == null) {
      throw new IllegalArgumentException("no chatflow is named");
    }
    return flow;
  }

  @Override
  public String toString() {
    return "FlowiseUpstream[" + server.settings() + "]";
  }
}
