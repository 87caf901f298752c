package dev.sluice.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.channel.AdaptiveRecvByteBufAllocator;
import io.netty.channel.RecvByteBufAllocator.ExtendedHandle;
import io.netty.channel.embedded.EmbeddedChannel;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

class ReceiveSizesTest {
  private final EmbeddedChannel channel = new EmbeddedChannel();
  private final ExtendedHandle sizes = new ReceiveSizes().newHandle();

  @AfterEach
  void close() {
    channel.finishAndReleaseAll();
  }

  @Test
  void growsWithWhatComesAndShrinksAfterTwoSmallReads() {
    assertEquals(2048, sizes.guess());
    readAll(sizes, 2048, 0);
    assertEquals(32 * 1024, sizes.guess());
    readAll(sizes, 32 * 1024, 0);
    assertEquals(64 * 1024, sizes.guess());
    readAll(sizes, 64 * 1024, 64 * 1024, 0);
    assertEquals(64 * 1024, sizes.guess());
    readAll(sizes, 10);
    assertEquals(64 * 1024, sizes.guess());
    readAll(sizes, 10);
    assertEquals(32 * 1024, sizes.guess());
    for (int i = 0; i < 40; i++) {
      readAll(sizes, 10);
    }
    assertEquals(512, sizes.guess());
  }

  @Test
  void readsOnWhileBuffersAreFilledButNotForEver() {
    int reads = readAll(sizes, filled(100));
    assertEquals(16, reads);
    assertEquals(2, readAll(sizes, sizes.guess(), 5, sizes.guess()));
    assertEquals(1, readAll(sizes, -1));
  }

  @Test
  void stopsWhenNobodyWantsMore() {
    channel.config().setAutoRead(false);
    sizes.reset(channel.config());
    sizes.attemptedBytesRead(100);
    sizes.lastBytesRead(100);
    sizes.incMessagesRead(1);
    assertFalse(sizes.continueReading(() -> true));
    channel.config().setAutoRead(true);
    assertTrue(sizes.continueReading(() -> true));
    assertFalse(sizes.continueReading(() -> false));
  }

  @Test
  void choosesAsNettyDoes() {
    ExtendedHandle theirs =
        (ExtendedHandle) new AdaptiveRecvByteBufAllocator(512, 2048, 64 * 1024).newHandle();
    Random random = new Random(3);
    for (int i = 0; i < 10_000; i++) {
      int bytes = random.nextInt(random.nextBoolean() ? 70_000 : 1500);
      readAll(sizes, pieces(bytes, sizes.guess()));
      readAll(theirs, pieces(bytes, theirs.guess()));
      assertEquals(theirs.guess(), sizes.guess(), "after " + i + " reads, " + bytes + " bytes");
    }
  }

  private static int[] pieces(int bytes, int guess) {
    return bytes < guess ? new int[] {bytes} : new int[] {guess, 0};
  }

  private int[] filled(int count) {
    int[] reads = new int[count];
    Arrays.fill(reads, Integer.MAX_VALUE);
    return reads;
  }

  /** Reads what is there as a channel does; a read gets what its buffer takes. */
  private int readAll(ExtendedHandle handle, int... there) {
    handle.reset(channel.config());
    int reads = 0;
    do {
      handle.attemptedBytesRead(handle.guess());
      handle.lastBytesRead(Math.min(there[reads], handle.guess()));
      if (handle.lastBytesRead() <= 0) {
        reads++;
        break;
      }
      handle.incMessagesRead(1);
      reads++;
    } while (handle.continueReading());
    handle.readComplete();
    return reads;
  }
}
