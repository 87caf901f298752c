package dev.sluice;

import dev.sluice.socket.EpollListener;
import dev.sluice.socket.NioListener;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoEventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollSocketChannel;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.channel.unix.IntegerUnixChannelOption;
import io.netty.channel.uring.IoUring;
import io.netty.channel.uring.IoUringChannelOption;
import io.netty.channel.uring.IoUringIoHandler;
import io.netty.channel.uring.IoUringIoHandlerConfig;
import io.netty.channel.uring.IoUringServerSocketChannel;
import io.netty.channel.uring.IoUringSocketChannel;
import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.Map;

/** How the server talks to the kernel. The behaviour is the same on all. */
public enum Transport {
  EPOLL(EpollListener.class, EpollSocketChannel.class),
  IO_URING(IoUringServerSocketChannel.class, IoUringSocketChannel.class),
  NIO(NioListener.class, NioSocketChannel.class);

  // The default ring overflows its completion queue at some ten thousand tokens a second.
  private static final int RING_SIZE = 4096;
  // What waits in the kernel cannot be merged any more.
  private static final int NOTSENT_LOWAT_BYTES = 16 * 1024;
  // Its numbers in Linux: Netty has it as an option of its own kind of epoll connection alone.
  private static final ChannelOption<Integer> TCP_NOTSENT_LOWAT =
      new IntegerUnixChannelOption("TCP_NOTSENT_LOWAT", 6, 25);

  private final Class<? extends ServerChannel> serverChannel;
  private final Class<? extends Channel> clientChannel;

  Transport(Class<? extends ServerChannel> serverChannel, Class<? extends Channel> clientChannel) {
    this.serverChannel = serverChannel;
    this.clientChannel = clientChannel;
  }

  /** The fastest that has been shown to be so and that this machine has. */
  public static Transport best() {
    return EPOLL.isAvailable() ? EPOLL : NIO;
  }

  /**
   * What the event loops of that group run on.
   *
   * @throws IllegalArgumentException if it is none of these
   */
  static Transport of(EventLoopGroup group) {
    if (group instanceof IoEventLoopGroup io) {
      if (io.isIoType(EpollIoHandler.class)) {
        return EPOLL;
      } else if (io.isIoType(IoUringIoHandler.class)) {
        return IO_URING;
      } else if (io.isIoType(NioIoHandler.class)) {
        return NIO;
      }
    }
    throw new IllegalArgumentException("the event loops have to run on epoll, io_uring or NIO");
  }

  public boolean isAvailable() {
    return switch (this) {
      case EPOLL -> Epoll.isAvailable();
      case IO_URING -> IoUring.isAvailable();
      case NIO -> true;
    };
  }

  Class<? extends ServerChannel> serverChannel() {
    return serverChannel;
  }

  Class<? extends Channel> clientChannel() {
    return clientChannel;
  }

  Map<ChannelOption<?>, ?> childOptions() {
    return switch (this) {
      case EPOLL -> Map.of(TCP_NOTSENT_LOWAT, NOTSENT_LOWAT_BYTES);
      case IO_URING -> Map.of(IoUringChannelOption.TCP_NOTSENT_LOWAT, (long) NOTSENT_LOWAT_BYTES);
      case NIO -> Map.of();
    };
  }

  EventLoopGroup eventLoops(int threads, WakeModeration moderation) {
    IoHandlerFactory factory =
        switch (this) {
          case EPOLL -> EpollIoHandler.newFactory();
          case IO_URING ->
              IoUringIoHandler.newFactory(
                  new IoUringIoHandlerConfig().setRingSize(RING_SIZE).setCqSize(2 * RING_SIZE));
          case NIO -> NioIoHandler.newFactory();
        };
    return new MultiThreadIoEventLoopGroup(
        threads,
        new DefaultThreadFactory("sluice", true),
        moderation.around(factory, this == IO_URING));
  }
}
