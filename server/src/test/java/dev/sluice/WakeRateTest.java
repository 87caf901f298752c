package dev.sluice;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class WakeRateTest {
  private static final long MS = TimeUnit.MILLISECONDS.toNanos(1);

  @Test
  void nothingIsExpectedBeforeAnythingWasSeen() {
    WakeRate rate = new WakeRate(1_000_000, 5);
    assertEquals(0, rate.expected(MS));
    rate.see(1_000_000, 5 + MS);
    assertEquals(0, rate.expected(MS));
  }

  @Test
  void aSteadyRateIsLearntWhateverTheStepsAre() {
    for (long stepMs : new long[] {1, 7, 40, 500}) {
      WakeRate rate = new WakeRate(0, 0);
      for (long ms = stepMs; ms <= 1000; ms += stepMs) {
        rate.see(20 * ms, ms * MS);
      }
      assertEquals(10, rate.expected(MS / 2), 0.01, "steps of " + stepMs + " ms");
    }
  }

  @Test
  void aSilenceIsLearntToo() {
    WakeRate rate = new WakeRate(0, 0);
    rate.see(2000, 100 * MS);
    rate.see(2000, 200 * MS);
    assertTrue(rate.expected(MS) < 0.01, "expected " + rate.expected(MS));
  }

  @Test
  void aSecondLookAtTheSameInstantChangesNothing() {
    WakeRate rate = new WakeRate(0, 0);
    rate.see(2000, 100 * MS);
    double before = rate.expected(MS);
    rate.see(2001, 100 * MS);
    assertEquals(before, rate.expected(MS));
    rate.see(2021, 101 * MS);
    assertEquals(20, rate.expected(MS), 0.2);
  }
}
