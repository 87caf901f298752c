package dev.sluice.metrics;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class GapSketchTest {
  private final GapSketch sketch = new GapSketch();

  @Test
  void nothingIsToldOfNothing() {
    assertEquals(-1, sketch.percentileMs(99));
  }

  @ParameterizedTest
  @CsvSource({
    "-5, 1",
    "0, 1",
    "0.9, 1",
    "1, 2",
    "1.9, 2",
    "2, 4",
    "25, 32",
    "31.9, 32",
    "32, 64",
    "16383, 16384",
    "16384, " + Long.MAX_VALUE,
    "9000000, " + Long.MAX_VALUE
  })
  void aGapIsRoundedUpToAPowerOfTwo(double gapMs, long told) {
    sketch.record((long) (gapMs * 1e6));
    assertEquals(told, sketch.percentileMs(99));
    assertEquals(told, sketch.percentileMs(0));
  }

  @Test
  void oneInAHundredIsNotThe99thPercentileAndTwoAre() {
    record(98, 3);
    record(2, 700);
    assertEquals(1024, sketch.percentileMs(99));
    record(100, 3);
    assertEquals(4, sketch.percentileMs(99));
  }

  /** Far beyond what the counters hold. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3})
  void isAtMostTwiceTheTruth(long seed) {
    Random random = new Random(seed);
    long[] gaps = new long[300_000];
    for (int i = 0; i < gaps.length; i++) {
      gaps[i] = (long) (Math.exp(random.nextDouble() * 9) * 1_000_000);
      sketch.record(gaps[i]);
    }
    Arrays.sort(gaps);
    for (double percentile : new double[] {50, 90, 99}) {
      long truthMs =
          TimeUnit.NANOSECONDS.toMillis(gaps[(int) (gaps.length * percentile / 100) - 1]);
      long told = sketch.percentileMs(percentile);
      assertTrue(truthMs < told && told <= 2 * truthMs, percentile + ": " + told + "/" + truthMs);
    }
  }

  @Test
  void whatIsNewWeighsMoreOnceACounterIsFull() {
    record(1_000_000, 3);
    record(200_000, 300);
    assertEquals(512, sketch.percentileMs(50));
  }

  private void record(int count, long gapMs) {
    for (int i = 0; i < count; i++) {
      sketch.record(TimeUnit.MILLISECONDS.toNanos(gapMs));
    }
  }
}
