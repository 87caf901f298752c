package dev.sluice.upstream;

import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.net.URI;
import java.util.Map;
import java.util.concurrent.TimeUnit;

/** The event loops of one test, and upstreams on them. */
final class UpstreamFixture implements AutoCloseable {
  static final String KEY = "sk-test-0123456789";

  private final EventLoopGroup loops =
      new MultiThreadIoEventLoopGroup(1, NioIoHandler.newFactory());

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

  @Override
  public void close() {
    shutDown();
  }

  /** Waits until the loops have let go of everything. */
  void shutDown() {
    loops
        .shutdownGracefully(0, RecordedRun.DEADLINE_MS, TimeUnit.MILLISECONDS)
        .syncUninterruptibly();
  }
}
