package dev.sluice.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class GateTest {
  @Test
  void passesWhatAllocatesAsTheBaselineSays() {
    Measurements measured =
        new JmhJson()
            .fast("a.OneBenchmark.sluice", 0.001)
            .fast("a.OneBenchmark.copy", 5000)
            .fast("a.TwoBenchmark.x", 280.4, "n=1")
            .read();
    assertEquals(
        List.of(), gate(Map.of("a.One.sluice", 0.0, "a.Two.x n=1", 280.0)).faults(measured));
  }

  @ParameterizedTest
  @CsvSource({
    "0, 0.9, true",
    "0, 1.1, false",
    "0, 16, false",
    "100, 102.9, true",
    "100, 103.1, false",
    "100, 0, true"
  })
  void closesOnMoreThanAByteAndTwoHundredths(double baseline, double measured, boolean passes) {
    List<String> faults =
        gate(Map.of("a.One.x", baseline))
            .faults(new JmhJson().fast("a.OneBenchmark.x", measured).read());
    assertEquals(passes ? 0 : 1, faults.size(), faults::toString);
  }

  @Test
  void saysHowMuchIsAllocatedAndAllowed() {
    List<String> faults =
        gate(Map.of("a.One.x", 100.0)).faults(new JmhJson().fast("a.OneBenchmark.x", 116).read());
    assertEquals(
        List.of("a.One.x allocates 116.0 B/op; the baseline has 100, the limit is 103.0"), faults);
  }

  /** An iteration of 300 ms has a thousand operations of 300 us. */
  @ParameterizedTest
  @CsvSource({"17, true", "18, false"})
  void leavesSlowOnesWhatTheIterationItselfCosts(double measured, boolean passes) {
    List<String> faults =
        gate(Map.of("a.One.x", 0.0))
            .faults(new JmhJson().add("a.OneBenchmark.x", 300_000, "ns/op", measured).read());
    assertEquals(passes, faults.isEmpty(), faults::toString);
  }

  @Test
  void closesOnWhatIsNotInTheBaseline() {
    assertEquals(
        List.of("a.One.x n=2 is not in the baseline"),
        gate(Map.of("a.One.x n=1", 0.0))
            .faults(
                new JmhJson()
                    .fast("a.OneBenchmark.x", 0, "n=1")
                    .fast("a.OneBenchmark.x", 0, "n=2")
                    .read()));
  }

  @Test
  void closesOnWhatDidNotRun() {
    assertEquals(
        List.of("a.Two.y is in the baseline and did not run"),
        gate(Map.of("a.One.x", 0.0, "a.Two.y", 0.0))
            .faults(new JmhJson().fast("a.OneBenchmark.x", 0).read()));
  }

  @Test
  void timeIsNotLookedAt() {
    Gate gate = gate(Map.of("a.One.x", 0.0));
    assertTrue(
        gate.faults(new JmhJson().add("a.OneBenchmark.x", 1e6, "ns/op", 0).read()).isEmpty());
  }

  @Test
  void tellsWhatHasBecomeBetter() {
    Gate gate = gate(Map.of("a.One.x", 100.0, "a.One.y", 100.0));
    Measurements measured =
        new JmhJson().fast("a.OneBenchmark.x", 84).fast("a.OneBenchmark.y", 99).read();
    assertEquals(
        List.of("a.One.x allocates 84.0 B/op; the baseline has 100"), gate.improvements(measured));
    assertEquals(List.of(), gate.faults(measured));
  }

  private static Gate gate(Map<String, Double> baseline) {
    return new Gate(new Baseline(new TreeMap<>(baseline)));
  }
}
