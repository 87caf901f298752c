package dev.sluice.loadtest;

import static org.junit.jupiter.api.Assertions.assertThrows;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.util.LeakPresenceDetector;
import org.junit.jupiter.api.Test;

class LeakCheckTest {
  @Test
  void anUnreleasedBufferIsNoticed() {
    // By what the extension calls: were the detector not installed, every other test would pass
    // leaks.
    ByteBuf leaked = ByteBufAllocator.DEFAULT.directBuffer(16);
    assertThrows(IllegalStateException.class, LeakPresenceDetector::check);
    leaked.release();
    // The check took the leaked buffer off its count, so its release left the count at -1.
    assertThrows(IllegalStateException.class, LeakPresenceDetector::check);
  }
}
