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
    watch.stillNanos(7, 10, 100);
    assertEquals(0, watch.stillNanos(8, 0, 150));
    assertEquals(0, watch.stillNanos(8, 1, 200));
    assertEquals(25, watch.stillNanos(8, 1, 225));
  }

  @Test
  void writesMayWrapAround() {
    watch.stillNanos(Integer.MAX_VALUE, 0, 100);
    assertEquals(0, watch.stillNanos(Integer.MIN_VALUE, 0, 150));
    assertEquals(10, watch.stillNanos(Integer.MIN_VALUE, 0, 160));
  }
}
