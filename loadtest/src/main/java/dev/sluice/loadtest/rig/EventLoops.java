package dev.sluice.loadtest.rig;

import dev.sluice.loadtest.plan.Transport;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.SocketChannel;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The threads of a run: some loops that receive, one that publishes, so that neither delays the
 * other's times.
 */
final class EventLoops implements AutoCloseable {
  private static final int SHUTDOWN_SECONDS = 10;

  private final Transport transport;
  private final Class<? extends SocketChannel> channelType;
  private final EventLoopGroup receiving;
  private final EventLoopGroup publishing;

  private EventLoops(
      Transport transport,
      Class<? extends SocketChannel> channelType,
      IoHandlerFactory handlers,
      int receivingLoops) {
    this.transport = transport;
    this.channelType = channelType;
    this.receiving =
        new MultiThreadIoEventLoopGroup(
            receivingLoops, new DefaultThreadFactory("receive", true), handlers);
    this.publishing =
        new MultiThreadIoEventLoopGroup(1, new DefaultThreadFactory("publish", true), handlers);
  }

  /**
   * Starts the loops.
   *
   * @param wanted the transport, or null for epoll where it is there
   * @throws UnsupportedOperationException if that transport is not there
   */
  static EventLoops start(@Nullable Transport wanted, int receivingLoops) {
    boolean epoll = wanted == null ? Epoll.isAvailable() : wanted == Transport.EPOLL;
    if (!epoll) {
      return new EventLoops(
          Transport.NIO, NioSocketChannel.class, NioIoHandler.newFactory(), receivingLoops);
    }
    if (!Epoll.isAvailable()) {
      throw new UnsupportedOperationException(
          "epoll is not available here: " + Epoll.unavailabilityCause());
    }
    return new EventLoops(
        Transport.EPOLL, EpollSocketChannel.class, EpollIoHandler.newFactory(), receivingLoops);
  }

  /** The transport in use. */
  Transport transport() {
    return transport;
  }

  EventLoopGroup receiving() {
    return receiving;
  }

  /** A group of one loop. */
  EventLoopGroup publishing() {
    return publishing;
  }

  /** A bootstrap without handler. */
  Bootstrap bootstrap(EventLoopGroup group) {
    return new Bootstrap().group(group).channel(channelType);
  }

  /**
   * Stops the loops. All that they had to do, and so all their writes, has happened when this
   * returns.
   */
  @Override
  public void close() {
    receiving.shutdownGracefully(0, SHUTDOWN_SECONDS, TimeUnit.SECONDS);
    publishing.shutdownGracefully(0, SHUTDOWN_SECONDS, TimeUnit.SECONDS);
    receiving.terminationFuture().awaitUninterruptibly();
    publishing.terminationFuture().awaitUninterruptibly();
  }
}
