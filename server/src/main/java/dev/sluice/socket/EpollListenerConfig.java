package dev.sluice.socket;

import io.netty.channel.Channel;
import io.netty.channel.ChannelException;
import io.netty.channel.ChannelOption;
import io.netty.channel.ServerChannelRecvByteBufAllocator;
import io.netty.channel.epoll.EpollChannelConfig;
import io.netty.util.NetUtil;
import java.io.IOException;

/**
 * The options of a listening socket: those that every channel has, {@link ChannelOption#SO_BACKLOG}
 * and {@link ChannelOption#SO_REUSEADDR}.
 */
final class EpollListenerConfig extends EpollChannelConfig {
  private volatile int backlog = NetUtil.SOMAXCONN;

  EpollListenerConfig(Channel channel) {
    super(channel, new ServerChannelRecvByteBufAllocator());
  }

  int backlog() {
    return backlog;
  }

  @Override
  public <T> boolean setOption(ChannelOption<T> option, T value) {
    if (option.equals(ChannelOption.SO_BACKLOG)) {
      backlog = (Integer) value;
    } else if (option.equals(ChannelOption.SO_REUSEADDR)) {
      try {
        socket().setReuseAddress((Boolean) value);
      } catch (IOException e) {
        throw new ChannelException("could not set " + option, e);
      }
    } else {
      return super.setOption(option, value);
    }
    return true;
  }
}
