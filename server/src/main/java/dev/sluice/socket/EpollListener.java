package dev.sluice.socket;

import io.netty.channel.Channel;
import io.netty.channel.epoll.AbstractEpollServerChannel;
import io.netty.channel.epoll.LinuxSocket;
import java.net.SocketAddress;

/** A listening socket on epoll. Made by Netty's bootstrap, which needs the constructor. */
public final class EpollListener extends AbstractEpollServerChannel {
  private final EpollListenerConfig config;

  public EpollListener() {
    super(LinuxSocket.newSocketStream(), false);
    config = new EpollListenerConfig(this);
  }

  @Override
  public EpollListenerConfig config() {
    return config;
  }

  @Override
  protected void doBind(SocketAddress address) throws Exception {
    super.doBind(address);
    socket.listen(config.backlog());
    active = true;
  }

  @Override
  protected Channel newChildChannel(int fd, byte[] address, int offset, int length) {
    return new EpollConnection(this, fd);
  }
}
