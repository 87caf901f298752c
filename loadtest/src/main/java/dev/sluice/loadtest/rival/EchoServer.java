package dev.sluice.loadtest.rival;

import io.netty.bootstrap.ServerBootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.epoll.Epoll;
import io.netty.channel.epoll.EpollIoHandler;
import io.netty.channel.epoll.EpollServerSocketChannel;
import io.netty.channel.group.ChannelGroup;
import io.netty.channel.group.DefaultChannelGroup;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioServerSocketChannel;
import io.netty.handler.codec.http.HttpRequestDecoder;
import io.netty.util.concurrent.DefaultThreadFactory;
import io.netty.util.concurrent.GlobalEventExecutor;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.concurrent.TimeUnit;

/**
 * The least that can pass for a target: one thread that copies the bytes of each published line
 * into a frame. Against it, what is measured is the rig and the kernel.
 */
public final class EchoServer implements RivalServer {
  private static final int BACKLOG = 4096;

  private final EventLoopGroup loop;
  private final EchoChats chats;
  private final ChannelGroup connections;
  private final Channel listener;

  private EchoServer(
      EventLoopGroup loop, EchoChats chats, ChannelGroup connections, Channel listener) {
    this.loop = loop;
    this.connections = connections;
    this.chats = chats;
    this.listener = listener;
  }

  /**
   * Starts listening on the loopback address.
   *
   * @param port the port, 0 for any that is free
   */
  public static EchoServer start(int port) {
    boolean epoll = Epoll.isAvailable();
    EventLoopGroup loop =
        new MultiThreadIoEventLoopGroup(
            1,
            new DefaultThreadFactory("echo", true),
            epoll ? EpollIoHandler.newFactory() : NioIoHandler.newFactory());
    EchoChats chats = new EchoChats();
    ChannelGroup connections = new DefaultChannelGroup(GlobalEventExecutor.INSTANCE, true);
    Channel listener =
        new ServerBootstrap()
            .group(loop)
            .channel(epoll ? EpollServerSocketChannel.class : NioServerSocketChannel.class)
            .option(ChannelOption.SO_BACKLOG, BACKLOG)
            .childOption(ChannelOption.TCP_NODELAY, true)
            .childHandler(
                new ChannelInitializer<>() {
                  @Override
                  protected void initChannel(Channel channel) {
                    connections.add(channel);
                    channel.pipeline().addLast(new HttpRequestDecoder(), new EchoHandler(chats));
                  }
                })
            .bind(new InetSocketAddress(InetAddress.getLoopbackAddress(), port))
            .syncUninterruptibly()
            .channel();
    return new EchoServer(loop, chats, connections, listener);
  }

  @Override
  public String url() {
    return "http://127.0.0.1:" + ((InetSocketAddress) listener.localAddress()).getPort();
  }

  @Override
  public void close() {
    listener.close().awaitUninterruptibly();
    // Before the loop stops: it would not wait for what they still hold.
    connections.close().awaitUninterruptibly();
    loop.submit(chats::release).awaitUninterruptibly();
    loop.shutdownGracefully(0, 10, TimeUnit.SECONDS).awaitUninterruptibly();
  }
}
