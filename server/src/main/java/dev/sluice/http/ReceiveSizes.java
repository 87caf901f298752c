package dev.sluice.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.ChannelConfig;
import io.netty.channel.RecvByteBufAllocator;
import io.netty.util.UncheckedBooleanSupplier;

/**
 * How large a buffer each read of a connection gets, by what came with the ones before: it grows
 * fast and shrinks slowly. Does what {@link io.netty.channel.AdaptiveRecvByteBufAllocator} does
 * with less than a third of the heap, which counts because every connection keeps its own, and
 * nearly all of them have nothing to read. Immutable; any thread. A handle belongs to its channel's
 * event loop.
 */
final class ReceiveSizes implements RecvByteBufAllocator {
  private static final int READS_IN_A_ROW = 16;
  private static final int SMALLEST_LOG2 = 9;
  private static final int FIRST_LOG2 = 11;
  private static final int LARGEST_LOG2 = 16;
  private static final int GROWTH_LOG2 = 4;

  @Override
  public Connection newHandle() {
    return new Connection();
  }

  /** The small numbers are bytes, so that one is 32 bytes of heap and not 40. */
  static final class Connection implements ExtendedHandle {
    @SuppressWarnings("NullAway.Init") // Netty calls reset before anything that looks at it
    private ChannelConfig config;

    private int attemptedBytes;
    private int lastBytes;
    private int totalBytes;
    private byte reads;
    private byte sizeLog2 = FIRST_LOG2;
    private boolean wasSmall;

    @Override
    public int guess() {
      return 1 << sizeLog2;
    }

    @Override
    public ByteBuf allocate(ByteBufAllocator allocator) {
      return allocator.ioBuffer(guess());
    }

    @Override
    public void reset(ChannelConfig newConfig) {
      config = newConfig;
      reads = 0;
      totalBytes = 0;
    }

    @Override
    public void incMessagesRead(int count) {
      reads = (byte) Math.min(reads + count, Byte.MAX_VALUE);
    }

    @Override
    public void lastBytesRead(int byteCount) {
      lastBytes = byteCount;
      if (byteCount > 0) {
        totalBytes += byteCount;
        if (byteCount == attemptedBytes) {
          // There may be more right behind it, for which the buffer shall be larger already.
          learn(byteCount);
        }
      }
    }

    @Override
    public int lastBytesRead() {
      return lastBytes;
    }

    @Override
    public void attemptedBytesRead(int byteCount) {
      attemptedBytes = byteCount;
    }

    @Override
    public int attemptedBytesRead() {
      return attemptedBytes;
    }

    @Override
    public boolean continueReading() {
      return lastBytes == attemptedBytes && mayContinue();
    }

    @Override
    public boolean continueReading(UncheckedBooleanSupplier maybeMoreData) {
      return maybeMoreData.get() && mayContinue();
    }

    @Override
    public void readComplete() {
      learn(totalBytes);
    }

    private boolean mayContinue() {
      return config.isAutoRead() && reads < READS_IN_A_ROW && totalBytes > 0;
    }

    private void learn(int byteCount) {
      if (byteCount >= guess()) {
        sizeLog2 = (byte) Math.min(sizeLog2 + GROWTH_LOG2, LARGEST_LOG2);
        wasSmall = false;
      } else if (byteCount <= guess() / 2) {
        // One small read says little: only every second one counts.
        if (wasSmall) {
          sizeLog2 = (byte) Math.max(sizeLog2 - 1, SMALLEST_LOG2);
        }
        wasSmall = !wasSmall;
      }
    }
  }
}
