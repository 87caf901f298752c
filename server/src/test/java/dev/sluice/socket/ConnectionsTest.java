package dev.sluice.socket;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.ServerChannel;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.nio.NioIoHandler;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** What a connection has to say of itself is the same on each of the listeners. */
class ConnectionsTest {
  private static final long DEADLINE_S = 30;

  enum Kind {
    EPOLL(EpollListener.class),
    NIO(NioListener.class);

    private final Class<? extends ServerChannel> listener;

    Kind(Class<? extends ServerChannel> listener) {
      this.listener = listener;
    }

    private IoHandlerFactory io() {
      return this == EPOLL ? EpollIoHandler.newFactory() : NioIoHandler.newFactory();
    }
  }

  @ParameterizedTest
  @EnumSource
  void aConnectionKnowsItsAddressesAndOptions(Kind kind) throws Exception {
    assumeTrue(kind != Kind.EPOLL || Epoll.isAvailable());
    BlockingQueue<Channel> accepted = new LinkedBlockingQueue<>();
    EventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, kind.io());
    try {
      Channel listener = listen(kind, loops, accepted);
      InetSocketAddress address = (InetSocketAddress) listener.localAddress();
      try (Socket one = new Socket(address.getAddress(), address.getPort());
          Socket other = new Socket(address.getAddress(), address.getPort())) {
        Channel first = take(accepted);
        Channel second = take(accepted);
        Channel ofOne = isOf(one, first) ? first : second;
        Channel ofOther = isOf(one, first) ? second : first;
        assertTrue(isOf(other, ofOther));
        assertEquals(address, ofOne.localAddress());
        assertSame(listener, ofOne.parent());
        assertTrue(ofOne.isActive());
        assertEquals(true, ofOne.config().getOption(ChannelOption.TCP_NODELAY));
        assertEquals(true, ofOne.config().getOption(ChannelOption.SO_KEEPALIVE));
        assertNotEquals(ofOne.id(), ofOther.id());
        assertNotEquals(ofOne.id().asLongText(), ofOther.id().asLongText());
        assertTrue(ofOne.toString().contains(":" + one.getLocalPort()), ofOne::toString);
        ofOne.writeAndFlush(ofOne.alloc().buffer().writeByte(7)).sync();
        assertEquals(7, one.getInputStream().read());
        one.shutdownOutput();
        assertTrue(ofOne.closeFuture().await(DEADLINE_S, TimeUnit.SECONDS));
        assertFalse(ofOne.isActive());
        assertFalse(ofOne.isOpen());
        assertTrue(ofOther.isActive());
        ofOther.close().sync();
        InputStream in = other.getInputStream();
        assertEquals(-1, in.read());
      }
      listener.close().sync();
    } finally {
      loops.shutdownGracefully(0, DEADLINE_S, TimeUnit.SECONDS).sync();
    }
  }

  /** Its descriptor may belong to another connection by then. */
  @ParameterizedTest
  @EnumSource(names = "EPOLL")
  void aClosedConnectionHasNoAddresses(Kind kind) throws Exception {
    assumeTrue(Epoll.isAvailable());
    BlockingQueue<Channel> accepted = new LinkedBlockingQueue<>();
    EventLoopGroup loops = new MultiThreadIoEventLoopGroup(1, kind.io());
    try {
      Channel listener = listen(kind, loops, accepted);
      InetSocketAddress address = (InetSocketAddress) listener.localAddress();
      try (Socket one = new Socket(address.getAddress(), address.getPort())) {
        Channel gone = take(accepted);
        gone.close().sync();
        try (Socket other = new Socket(address.getAddress(), address.getPort())) {
          assertTrue(isOf(other, take(accepted)));
          assertNull(gone.remoteAddress());
          assertNull(gone.localAddress());
        }
        assertEquals(-1, one.getInputStream().read());
      }
      listener.close().sync();
    } finally {
      loops.shutdownGracefully(0, DEADLINE_S, TimeUnit.SECONDS).sync();
    }
  }

  private static Channel listen(Kind kind, EventLoopGroup loops, BlockingQueue<Channel> accepted)
      throws InterruptedException {
    return new ServerBootstrap()
        .group(loops)
        .channel(kind.listener)
        .option(ChannelOption.SO_BACKLOG, 16)
        .option(ChannelOption.SO_REUSEADDR, true)
        .childOption(ChannelOption.TCP_NODELAY, true)
        .childOption(ChannelOption.SO_KEEPALIVE, true)
        .childHandler(
            new ChannelInitializer<>() {
              @Override
              protected void initChannel(Channel channel) {
                channel
                    .pipeline()
                    .addLast(
                        new ChannelInboundHandlerAdapter() {
                          @Override
                          public void channelActive(ChannelHandlerContext context) {
                            accepted.add(context.channel());
                            context.fireChannelActive();
                          }
                        });
              }
            })
        .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0))
        .sync()
        .channel();
  }

  private static Channel take(BlockingQueue<Channel> accepted) throws InterruptedException {
    Channel channel = accepted.poll(DEADLINE_S, TimeUnit.SECONDS);
    assertNotNull(channel);
    return channel;
  }

  private static boolean isOf(Socket client, Channel channel) {
    return client.getLocalSocketAddress().equals(channel.remoteAddress());
  }
}
