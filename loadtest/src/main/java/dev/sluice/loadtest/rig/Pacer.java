package dev.sluice.loadtest.rig;

import dev.sluice.loadtest.plan.ReaderSpec;
import dev.sluice.loadtest.plan.ReaderSpec.Pace;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelOption;
import io.netty.channel.DefaultMaxMessagesRecvByteBufAllocator;
import java.util.concurrent.TimeUnit;

/**
 * Lets a stream be read slowly or not at all. Small buffers on this side, so that what is not read
 * waits at the target, where it hurts. Belongs to one loop.
 */
final class Pacer {
  private static final int RECEIVE_BUFFER_BYTES = 4096;
  private static final int MAX_SLOW_READ_BYTES = 512;
  private static final int BRISK_READ_BYTES = 64 << 10;

  private final Pace pace;
  private final boolean pauses;
  private final int bytesPerSecond;
  private boolean released;

  /**
   * A pacer of one stream.
   *
   * @param pauses whether it will be paused, and so needs small buffers too
   */
  Pacer(Pace pace, boolean pauses, ReaderSpec spec) {
    this.pace = pace;
    this.pauses = pauses;
    this.bytesPerSecond = spec.slowBytesPerSecond();
  }

  /** Prepares a connection for its pace, before it is opened. */
  void prepare(Bootstrap bootstrap) {
    if (released || (pace == Pace.BRISK && !pauses)) {
      return;
    }
    bootstrap.option(ChannelOption.SO_RCVBUF, RECEIVE_BUFFER_BYTES);
    if (pace != Pace.BRISK) {
      bootstrap.option(ChannelOption.RECVBUF_ALLOCATOR, new Reads().maxMessagesPerRead(1));
    }
  }

  /** So many bytes of the body have been read: when are the next? */
  void onRead(Channel channel, int bytes) {
    if (isBrisk()) {
      return;
    }
    channel.config().setAutoRead(false);
    if (pace == Pace.SLOW) {
      long waitNanos = bytes * 1_000_000_000L / bytesPerSecond;
      channel.eventLoop().schedule(() -> channel.read(), waitNanos, TimeUnit.NANOSECONDS);
    }
  }

  /** Whether it reads as it comes. */
  boolean isBrisk() {
    return pace == Pace.BRISK || released;
  }

  /** Reads as it comes from now on, on this connection and all later ones. */
  void release() {
    released = true;
  }

  /** Never more at once than what is read in a second. */
  private final class Reads extends DefaultMaxMessagesRecvByteBufAllocator {
    @Override
    @SuppressWarnings("deprecation") // The interface names its own deprecated type.
    public Handle newHandle() {
      return new MaxMessageHandle() {
        @Override
        public int guess() {
          return isBrisk() ? BRISK_READ_BYTES : Math.min(MAX_SLOW_READ_BYTES, bytesPerSecond);
        }
      };
    }
  }
}
