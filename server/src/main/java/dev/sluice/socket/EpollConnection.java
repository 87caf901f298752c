package dev.sluice.socket;

import io.netty.channel.Channel;
import io.netty.channel.ChannelId;
import io.netty.channel.epoll.AbstractEpollStreamChannel;
import io.netty.channel.epoll.LinuxSocket;
import java.net.InetSocketAddress;
import org.jspecify.annotations.Nullable;

/** An accepted connection on epoll. Each question for an address is a call of the kernel. */
final class EpollConnection extends AbstractEpollStreamChannel {
  private final EpollConnectionConfig config;

  EpollConnection(Channel listener, int fd) {
    // As one that is not connected: of one that is, both addresses would be read and kept.
    super(LinuxSocket.newSocket(fd), false);
    active = true;
    config = new EpollConnectionConfig(this, listener);
  }

  @Override
  public Channel parent() {
    return config.listener();
  }

  @Override
  public EpollConnectionConfig config() {
    return config;
  }

  /** The address of this side; null once it is closed, as its number may be another socket's. */
  @Override
  public @Nullable InetSocketAddress localAddress() {
    return isOpen() ? socket.localAddress() : null;
  }

  /** The address of the other side; null once this one is closed. */
  @Override
  public @Nullable InetSocketAddress remoteAddress() {
    return isOpen() ? socket.remoteAddress() : null;
  }

  @Override
  protected @Nullable InetSocketAddress localAddress0() {
    return localAddress();
  }

  @Override
  protected @Nullable InetSocketAddress remoteAddress0() {
    return remoteAddress();
  }

  @Override
  protected ChannelId newId() {
    return ConnectionId.next();
  }
}
