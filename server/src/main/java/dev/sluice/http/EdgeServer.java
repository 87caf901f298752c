package dev.sluice.http;

import dev.sluice.chat.Chats;
import dev.sluice.chat.Flows;
import dev.sluice.metrics.GaugeName;
import dev.sluice.metrics.Metrics;
import io.netty.bootstrap.ServerBootstrap;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.WriteBufferWaterMark;
import java.net.InetSocketAddress;
import java.util.Map;

/** The listening socket and its connections. */
public final class EdgeServer {
  private static final int BACKLOG = 4096;
  private static final int LOW_WATER_BYTES = 8 * 1024;
  private static final int HIGH_WATER_BYTES = 32 * 1024;

  private final Edge edge;
  private final StreamLoops loops;
  private final Channel listener;

  /**
   * Binds and starts to listen.
   *
   * @param childOptions what the transport has beyond the common socket options
   * @param demo true if nobody but the built-in demo answers
   * @param version of the server, for people
   * @throws InterruptedException if the thread is interrupted meanwhile
   */
  public EdgeServer(
      EventLoopGroup eventLoops,
      Class<? extends ServerChannel> channelClass,
      Map<ChannelOption<?>, ?> childOptions,
      InetSocketAddress address,
      HttpSettings settings,
      Chats chats,
      Flows flows,
      Metrics metrics,
      boolean demo,
      String version)
      throws InterruptedException {
    Admission admission = new Admission(settings);
    edge = new Edge(settings, chats, flows, metrics, admission, demo, version);
    loops = StreamLoops.keeping(edge);
    ServerBootstrap bootstrap =
        new ServerBootstrap()
            .group(eventLoops)
            .channel(channelClass)
            .option(ChannelOption.SO_BACKLOG, BACKLOG)
            .option(ChannelOption.SO_REUSEADDR, true)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childOption(ChannelOption.SO_KEEPALIVE, true)
            .childOption(ChannelOption.RECVBUF_ALLOCATOR, new ReceiveSizes())
            // Low, so that a backlog stays in the log, where it can still be merged.
            .childOption(
                ChannelOption.WRITE_BUFFER_WATER_MARK,
                new WriteBufferWaterMark(LOW_WATER_BYTES, HIGH_WATER_BYTES))
            .childHandler(new EdgePipeline(edge, loops));
    childOptions.forEach((option, value) -> childOption(bootstrap, option, value));
    if (ByteBufAllocator.DEFAULT instanceof ByteBufAllocatorMetricProvider pool) {
      metrics.gauge(GaugeName.POOLED_DIRECT_BYTES, pool.metric()::usedDirectMemory);
      metrics.gauge(GaugeName.POOLED_HEAP_BYTES, pool.metric()::usedHeapMemory);
    }
    listener = bootstrap.bind(address).sync().channel();
  }

  /** Where it listens; with port 0 in the settings, the port it got. */
  public InetSocketAddress address() {
    return (InetSocketAddress) listener.localAddress();
  }

  /**
   * Stops admitting, lets open runs finish for so long, stops listening, closes the streams that
   * are left one after the other with a word when to come again, then all connections. Blocks; not
   * on an event loop.
   *
   * @param drainSpreadMs the longest time to close streams in
   */
  public void drain(long drainTimeoutMs, long drainSpreadMs) throws InterruptedException {
    new Drain(edge, loops, listener).run(drainTimeoutMs, drainSpreadMs);
    close();
  }

  /** Stops listening and cuts open connections. Blocks; not on an event loop. */
  public void close() {
    listener.close().awaitUninterruptibly();
    for (StreamLoop loop : loops.all()) {
      if (!loop.eventLoop().isShuttingDown()) {
        loop.eventLoop().submit(loop::close).awaitUninterruptibly();
      }
    }
  }

  @SuppressWarnings("unchecked")
  private static <T> void childOption(
      ServerBootstrap bootstrap, ChannelOption<?> option, Object value) {
    bootstrap.childOption((ChannelOption<T>) option, (T) value);
  }
}
