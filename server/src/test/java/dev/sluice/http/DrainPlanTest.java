package dev.sluice.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Arrays;
import java.util.SplittableRandom;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class DrainPlanTest {
  private static final int CLIENTS = 5000;
  private static final int BINS = 100;

  /** Whatever the proportion of window and reconnection time is. */
  @ParameterizedTest
  @CsvSource({
    "5000, 2000",
    "5000, 5000",
    "5000, 10000",
    "5000, 1",
    "500, 60000",
    "60000, 2000",
    "0, 2000"
  })
  void clientsThatHeedTheRetryComeAgainEvenly(long spreadMs, long retryMs) {
    DrainPlan plan = new DrainPlan(CLIENTS, spreadMs, retryMs);
    SplittableRandom random = new SplittableRandom(7);
    double[] arrivals = new double[CLIENTS];
    for (int place = 0; place < CLIENTS; place++) {
      long closeMs = closeMs(plan, place);
      // The moment inside its ms does not count.
      arrivals[place] =
          closeMs + plan.retryMs(place, random.nextDouble(), closeMs) + random.nextDouble();
    }
    assertFlat(arrivals);
  }

  @ParameterizedTest
  @CsvSource({"5000", "500", "60000"})
  void clientsThatDoNotHeedItComeAgainEvenlyToo(long spreadMs) {
    DrainPlan plan = new DrainPlan(CLIENTS, spreadMs, 2000);
    SplittableRandom random = new SplittableRandom(7);
    double[] arrivals = new double[CLIENTS];
    for (int place = 0; place < CLIENTS; place++) {
      arrivals[place] = closeMs(plan, place) + random.nextDouble();
    }
    assertFlat(arrivals);
  }

  @Test
  void allAreClosedWithinTheWindow() {
    DrainPlan plan = new DrainPlan(CLIENTS, 5000, 2000);
    assertEquals(1, plan.dueBy(0));
    assertEquals(CLIENTS / 2 + 1, plan.dueBy(2500));
    assertEquals(CLIENTS, plan.dueBy(4999));
    assertEquals(CLIENTS, plan.dueBy(60_000));
  }

  @Test
  void aFewAreNotSpreadAsFarAsMany() {
    DrainPlan plan = new DrainPlan(3, 5000, 2000);
    assertEquals(1, plan.dueBy(0));
    assertEquals(3, plan.dueBy(3 * 1000 / DrainPlan.STREAMS_PER_SECOND));
    assertEquals(1, new DrainPlan(1, 5000, 2000).dueBy(0));
    assertEquals(0, new DrainPlan(0, 5000, 2000).dueBy(0));
  }

  /** It is the machine's fault and not that of the next server. */
  @Test
  void aStreamThatIsClosedLateComesAgainWhenItShouldHave() {
    DrainPlan plan = new DrainPlan(CLIENTS, 5000, 2000);
    long inTime = plan.retryMs(2500, 0.5, 2500);
    assertEquals(inTime - 300, plan.retryMs(2500, 0.5, 2800));
    assertEquals(1000, plan.retryMs(2500, 0.5, 60_000));
  }

  @Test
  void whatIsToldLiesAroundTheReconnectionTime() {
    DrainPlan plan = new DrainPlan(CLIENTS, 5000, 2000);
    for (int place = 0; place < CLIENTS; place++) {
      long retryMs = plan.retryMs(place, 0.5, closeMs(plan, place));
      assertTrue(retryMs >= 1000 && retryMs <= 3000, place + ": " + retryMs);
    }
    assertTrue(new DrainPlan(1, 5000, 1).retryMs(0, 0, 0) >= 1);
  }

  @Test
  void nothingIsToldWhereNothingIsToBeTold() {
    assertEquals(0, new DrainPlan(CLIENTS, 5000, 0).retryMs(17, 0.5, 17));
  }

  private static long closeMs(DrainPlan plan, int place) {
    long low = 0;
    long high = 1 << 20;
    while (low < high) {
      long middle = (low + high) / 2;
      if (plan.dueBy(middle) > place) {
        high = middle;
      } else {
        low = middle + 1;
      }
    }
    return low;
  }

  /** The fullest bin of a histogram has at most one and a half times the mean; allowed is twice. */
  private static void assertFlat(double[] times) {
    double first = Arrays.stream(times).min().orElseThrow();
    double width = (Arrays.stream(times).max().orElseThrow() - first) / BINS;
    int[] bins = new int[BINS];
    for (double time : times) {
      bins[(int) Math.min(BINS - 1, (time - first) / width)]++;
    }
    double mean = (double) times.length / BINS;
    int max = Arrays.stream(bins).max().orElseThrow();
    assertTrue(max <= 1.5 * mean, max + " in one of " + BINS + " bins, " + mean + " in the mean");
  }
}
