package dev.sluice.loadtest.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

class EventOrderTest {
  @Test
  void eventsGoRoundByRound() {
    EventOrder order = new EventOrder(2, 3);
    List<String> all = new ArrayList<>();
    for (long sequence = 0; sequence < order.size(); sequence++) {
      all.add(order.stream(sequence) + "." + order.index(sequence));
      assertEquals(sequence, order.sequence(order.stream(sequence), order.index(sequence)));
    }
    assertEquals(
        List.of("0.-1", "1.-1", "0.0", "1.0", "0.1", "1.1", "0.2", "1.2", "0.3", "1.3"), all);
  }

  @Test
  void aConstantRateIsAFunctionOfTheNumberAlone() {
    ConstantRate schedule = new ConstantRate(40_000);
    assertEquals(0, schedule.offsetNanos(0));
    assertEquals(25_000, schedule.offsetNanos(1));
    assertEquals(1_000_000_000, schedule.offsetNanos(40_000));
    assertEquals(3_600_000_000_000L, schedule.offsetNanos(40_000L * 3_600));
  }

  @Test
  void roundingDoesNotAddUp() {
    ConstantRate schedule = new ConstantRate(3);
    assertEquals(333_333_333, schedule.offsetNanos(1));
    assertEquals(1_000_000_000, schedule.offsetNanos(3));
    for (long sequence = 1; sequence < 1_000; sequence++) {
      assertTrue(schedule.offsetNanos(sequence) > schedule.offsetNanos(sequence - 1));
    }
  }

  @Test
  void aRateIsAboveZero() {
    assertThrows(IllegalArgumentException.class, () -> new ConstantRate(0));
    assertThrows(IllegalArgumentException.class, () -> new ConstantRate(Double.NaN));
  }

  @Test
  void aTimelineAddsItsBeginning() {
    EventOrder order = new EventOrder(2, 8);
    Timeline timeline = new Timeline(new RoundTimetable(order, new ConstantRate(1_000), 3));
    timeline.begin(-5_000_000);
    assertEquals(-5_000_000, timeline.dueNanos(0));
    assertEquals(0, timeline.dueNanos(5));
    assertEquals(0, timeline.dueNanos(1, 1));
    assertEquals(timeline.dueNanos(0, 3), timeline.measuredFromNanos());
  }
}
