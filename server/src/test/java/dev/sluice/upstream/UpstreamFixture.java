package dev.sluice.upstream;

import dev.sluice.chat.UnreadPolicy;
import dev.sluice.chat.Upstream;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.net.URI;
import java.util.Map;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/** The event loops of one test, and upstreams on them. */
final class UpstreamFixture implements AutoCloseable {
  static final String KEY = "sk-test-0123456789";
  private static final long QUIET_MS = 10;

  private final EventLoopGroup loops =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());

  /** Whether a call may be followed by another, which is still under way when the run is over. */
  private boolean sideCalls;

  EventLoopGroup loops() {
    return loops;
  }

  static UpstreamSettings settings(URI url) {
    return new UpstreamSettings(
        "assistant", url, "model-1", KEY, Map.of(), null, true, 30_000, 30_000, 64 * 1024);
  }

  OpenAiUpstream upstream(RecordedRun run, URI url) {
    return upstream(run, settings(url));
  }

  OpenAiUpstream upstream(RecordedRun run, UpstreamSettings settings) {
    return new OpenAiUpstream(settings, loops, NioSocketChannel.class, run.metrics());
  }

  static UpstreamSettings flowiseSettings(URI url, @Nullable String chatflow) {
    return flowiseSettings(url, chatflow, true, 30_000);
  }

  static UpstreamSettings flowiseSettings(
      URI url, @Nullable String chatflow, boolean connectedToEnd, long idleTimeoutMs) {
    return new UpstreamSettings(
        "assistant",
        url,
        null,
        KEY,
        Map.of(),
        null,
        connectedToEnd,
        30_000,
        idleTimeoutMs,
        64 * 1024,
        UpstreamKind.FLOWISE,
        chatflow,
        UnreadPolicy.CONTINUE,
        Upstream.NO_BATCH_MS,
        null);
  }

  FlowiseUpstream flowise(RecordedRun run, URI url) {
    return flowise(run, flowiseSettings(url, "flow-1"), 30_000);
  }

  FlowiseUpstream flowise(RecordedRun run, UpstreamSettings settings, long headPatienceMs) {
    return flowise(run, settings, headPatienceMs, RecordedRun.DEADLINE_MS);
  }

  FlowiseUpstream flowise(
      RecordedRun run, UpstreamSettings settings, long headPatienceMs, long sideCallMs) {
    sideCalls = true;
    return new FlowiseUpstream(
        new UpstreamServer(settings, loops, NioSocketChannel.class, run.metrics()),
        headPatienceMs,
        sideCallMs);
  }

  @Override
  public void close() {
    shutDown();
  }

  /** Waits until the loops have let go of everything. */
  void shutDown() {
    loops
        // Without a quiet period a loop at work ends without closing its channels.
        .shutdownGracefully(
            sideCalls ? QUIET_MS : 0, RecordedRun.DEADLINE_MS, TimeUnit.MILLISECONDS)
        .syncUninterruptibly();
  }
}
