package dev.sluice.socket;

import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelOption;
import io.netty.channel.epoll.EpollChannelConfig;
import java.io.IOException;

/**
 * The options of an accepted connection: those that every channel has, {@link
 * ChannelOption#TCP_NODELAY}, {@link ChannelOption#SO_KEEPALIVE}, and by their numbers all that the
 * kernel has.
 */
final class EpollConnectionConfig extends EpollChannelConfig {
  // Here, where it fits in without making the object larger.
  private final Channel listener;

  EpollConnectionConfig(Channel channel, Channel listener) {
    super(channel);
    this.listener = listener;
  }

  /** Who has accepted the connection. */
  Channel listener() {
    return listener;
  }

  @Override
  public <T> boolean setOption(ChannelOption<T> option, T value) {
    try {
      if (option.equals(ChannelOption.TCP_NODELAY)) {
        socket().setTcpNoDelay((Boolean) value);
      } else if (option.equals(ChannelOption.SO_KEEPALIVE)) {
        socket().setKeepAlive((Boolean) value);
      } else {
        return super.setOption(option, value);
      }
    } catch (IOException e) {
      throw new ChannelException("could not set " + option, e);
    }
    return true;
  }

  @Override
  @SuppressWarnings("unchecked")
  public <T> T getOption(ChannelOption<T> option) {
    try {
      if (option.equals(ChannelOption.TCP_NODELAY)) {
        return (T) (Boolean) socket().isTcpNoDelay();
      } else if (option.equals(ChannelOption.SO_KEEPALIVE)) {
        return (T) (Boolean) socket().isKeepAlive();
      }
    } catch (IOException e) {
      throw new ChannelException("could not read " + option, e);
    }
    return super.getOption(option);
  }
}
