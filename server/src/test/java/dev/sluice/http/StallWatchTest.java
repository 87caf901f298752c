package dev.sluice.http;

import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.api.Test;

class StallWatchTest {
  private final StallWatch watch = new StallWatch();

  @Test
  void countsFromTheFirstLook() {
    assertEquals(0, watch.stillNanos(0, 0, 100));
    assertEquals(50, watch.stillNanos(0, 0, 150));
  }

  @Test
  void beginsAnewWithAWriteOrAByteThatLeft() {
    watch.stillNanos(3, 10, 100);
    assertEquals(0, watch.stillNanos(2, 0, 150));
    assertEquals(0, watch.stillNanos(2, 1, 200));
    assertEquals(25, watch.stillNanos(2, 1, 225));
  }

  @Test
  void moreToSendIsNoProgress() {
    watch.stillNanos(3, 0, 100);
    watch.wrote();
    watch.wrote();
    assertEquals(50, watch.stillNanos(5, 0, 150));
    watch.wrote();
    assertEquals(0, watch.stillNanos(5, 0, 200));
  }
}
