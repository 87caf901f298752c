package dev.sluice.socket;

import io.netty.channel.Channel;
import io.netty.channel.ChannelId;
import io.netty.channel.socket.nio.NioSocketChannel;
import java.nio.channels.SocketChannel;

/** An accepted connection on NIO. The addresses are kept by the JDK's socket anyway. */
final class NioConnection extends NioSocketChannel {
  NioConnection(Channel parent, SocketChannel socket) {
    super(parent, socket);
  }

  @Override
  protected ChannelId newId() {
    return ConnectionId.next();
  }
}
