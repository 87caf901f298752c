package dev.sluice.loadtest.rig;

import dev.sluice.loadtest.plan.ReaderSpec;
import dev.sluice.loadtest.plan.ReaderSpec.Pace;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.FixedRecvByteBufAllocator;
import java.util.concurrent.TimeUnit;

/**
 * Lets a stream be read slowly or not at all. Small buffers on this side, so that what is not read
 * waits at the target, where it hurts. Belongs to one loop.
 */
final class Pacer {
  private static final int RECEIVE_BUFFER_BYTES = 4096;
  private static final int READ_BYTES = 512;

  private final Pace pace;
  private final int bytesPerSecond;
  private boolean released;

  Pacer(Pace pace, ReaderSpec spec) {
    this.pace = pace;
    this.bytesPerSecond = spec.slowBytesPerSecond();
  }

  /** Prepares a connection for its pace, before it is opened. */
  void prepare(Bootstrap bootstrap) {
    if (pace != Pace.BRISK && !released) {
      bootstrap
          .option(ChannelOption.SO_RCVBUF, RECEIVE_BUFFER_BYTES)
          .option(
              ChannelOption.RECVBUF_ALLOCATOR,
              new FixedRecvByteBufAllocator(READ_BYTES).maxMessagesPerRead(1));
    }
  }

  /** So many bytes of the body have been read: when are the next? */
  void onRead(Channel channel, int bytes) {
    if (pace == Pace.BRISK || released) {
      return;
    }
    channel.config().setAutoRead(false);
    if (pace == Pace.SLOW) {
      long waitNanos = bytes * 1_000_000_000L / bytesPerSecond;
      channel.eventLoop().schedule(() -> channel.read(), waitNanos, TimeUnit.NANOSECONDS);
    }
  }

  /** Reads as it comes from now on. */
  void release(Channel channel) {
    released = true;
    channel.config().setAutoRead(true);
  }
}
