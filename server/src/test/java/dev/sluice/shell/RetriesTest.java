package dev.sluice.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.OptionalLong;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class RetriesTest {
  private long nowMs;

  @Test
  void firstAsTheServerSaysThenLongerUpToHalfAMinute() {
    Retries retries = retries(Long.MAX_VALUE, 0);
    retries.told(-1);
    retries.told(700);
    assertEquals(OptionalLong.of(700), retries.nextWaitMs());
    for (long fullMs : new long[] {1400, 2800, 5600, 11_200, 22_400, 30_000, 30_000}) {
      long waitMs = retries.nextWaitMs().orElseThrow();
      assertTrue(waitMs >= fullMs / 2 && waitMs <= fullMs, waitMs + " of " + fullMs);
    }
    for (int i = 0; i < 100; i++) {
      assertTrue(retries.nextWaitMs().orElseThrow() <= 30_000);
    }
  }

  @Test
  void isShortenedByChanceWhereTheServerSaysNothing() {
    long firstMs = retries(9, 0).nextWaitMs().orElseThrow();
    assertTrue(firstMs >= 500 && firstMs <= 1000, "" + firstMs);
  }

  @Test
  void aConnectionThatWorkedBeginsItAnew() {
    Retries retries = retries(2, 0);
    retries.told(10);
    retries.nextWaitMs();
    retries.nextWaitMs();
    assertEquals(OptionalLong.empty(), retries.nextWaitMs());
    retries.worked();
    assertEquals(OptionalLong.of(10), retries.nextWaitMs());
  }

  @Test
  void noneIsNone() {
    assertEquals(OptionalLong.empty(), retries(0, 0).nextWaitMs());
  }

  @Test
  void givesUpInTimeAndTriesOnceMoreJustThen() {
    Retries retries = retries(Long.MAX_VALUE, 1000);
    retries.told(800);
    nowMs = 5000;
    assertEquals(OptionalLong.of(800), retries.nextWaitMs());
    nowMs = 5800;
    assertEquals(OptionalLong.of(200), retries.nextWaitMs());
    nowMs = 6000;
    assertEquals(OptionalLong.empty(), retries.nextWaitMs());
  }

  @Test
  void aServerThatSaysZeroIsNotAskedInATightLoop() {
    Retries retries = retries(Long.MAX_VALUE, 0);
    retries.told(0);
    assertEquals(OptionalLong.of(0), retries.nextWaitMs());
    for (int i = 0; i < 30; i++) {
      retries.nextWaitMs();
    }
    assertTrue(retries.nextWaitMs().orElseThrow() >= 15_000);
  }

  private Retries retries(long maxRetries, long timeoutMs) {
    return new Retries(
        maxRetries, timeoutMs, () -> TimeUnit.MILLISECONDS.toNanos(nowMs), new Random(1));
  }
}
