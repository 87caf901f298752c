package dev.sluice.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.node.ObjectNode;

class MeasurementsTest {
  @Test
  void aKeyIsTheNameAndTheParametersInTheirOrder() {
    Measurements measured =
        new JmhJson()
            .fast("frame.TokenFrameBenchmark.sluice", 0, "text=ASCII", "chars=20")
            .fast("chat.LogAppendBenchmark.append", 24)
            .read();
    assertEquals(
        List.of("frame.TokenFrame.sluice chars=20 text=ASCII", "chat.LogAppend.append"),
        measured.all().stream().map(Measurement::key).toList());
    assertEquals("Some VM 17, JMH 1.37", measured.machine());
  }

  @Test
  void whatComparesHasRivalsAndTheRestIsOurOwn() {
    Measurements measured =
        new JmhJson()
            .fast("a.OneBenchmark.copy", 0, "n=1")
            .fast("a.OneBenchmark.sluice", 1, "n=1")
            .fast("a.OneBenchmark.sluiceOther", 1, "n=1")
            .fast("a.OneBenchmark.copy", 0, "n=2")
            .fast("a.TwoBenchmark.copy", 2)
            .read();
    assertEquals(
        List.of("a.One.sluice n=1", "a.One.sluiceOther n=1", "a.Two.copy"),
        measured.own().stream().map(Measurement::key).toList());
    assertEquals(
        List.of("a.One.copy n=1"),
        measured.rivalsOf(measured.all().get(1)).stream().map(Measurement::key).toList());
    assertTrue(measured.rivalsOf(measured.all().get(4)).isEmpty());
    assertTrue(measured.rivalsOf(measured.all().get(0)).isEmpty());
  }

  @Test
  void whatRunsInOtherUnitsIsNoRival() {
    Measurements measured =
        new JmhJson()
            .add("a.OneBenchmark.sluice", 1, "ns/op", 0)
            .add("a.OneBenchmark.copy", 1, "ops/s", 0)
            .read();
    assertTrue(measured.rivalsOf(measured.all().get(0)).isEmpty());
  }

  @Test
  void fasterIsFewerNanosecondsOrMoreOperations() {
    Measurements measured =
        new JmhJson()
            .add("a.OneBenchmark.sluice", 10, "ns/op", 0)
            .add("a.OneBenchmark.copy", 50, "ns/op", 0)
            .add("a.TwoBenchmark.sluice", 10, "ops/s", 0)
            .add("a.TwoBenchmark.copy", 50, "ops/s", 0)
            .read();
    assertEquals(5, measured.all().get(0).speedOver(measured.all().get(1)));
    assertEquals(0.2, measured.all().get(2).speedOver(measured.all().get(3)));
  }

  @Test
  void operationsOfAnIterationFollowFromItsTime() {
    Measurements measured =
        new JmhJson()
            .add("a.OneBenchmark.x", 100, "ns/op", 0)
            .add("a.OneBenchmark.y", 5000, "ops/s", 0)
            .read();
    assertEquals(3_000_000, measured.all().get(0).opsPerIteration(), 1e-6);
    assertEquals(1500, measured.all().get(1).opsPerIteration(), 1e-6);

    JmhJson seconds = new JmhJson().add("a.OneBenchmark.x", 100, "ns/op", 0);
    ((ObjectNode) seconds.json().get(0)).put("measurementTime", "2 s").put("threads", 3);
    assertEquals(60_000_000, seconds.read().all().get(0).opsPerIteration(), 1e-6);
  }

  @Test
  void whatWasMeasuredAgainTakesThePlaceOfWhatItWas() {
    Measurements first =
        new JmhJson().fast("a.OneBenchmark.x", 7).fast("a.OneBenchmark.y", 8).read();
    Measurements merged = first.replacedBy(new JmhJson().fast("a.OneBenchmark.y", 1).read());
    assertEquals(List.of(7.0, 1.0), merged.all().stream().map(Measurement::bytesPerOp).toList());
  }

  @Test
  void resultsWithoutTheAllocationProfilerAreRefused() {
    JmhJson runs = new JmhJson().fast("a.OneBenchmark.x", 1);
    ((ObjectNode) runs.json().get(0)).remove("secondaryMetrics");
    IllegalArgumentException e = assertThrows(IllegalArgumentException.class, runs::read);
    assertTrue(String.valueOf(e.getMessage()).contains("-prof gc: dev.sluice.a.OneBenchmark.x"));
  }

  @Test
  void otherUnitsAreRefused() {
    JmhJson runs = new JmhJson().add("a.OneBenchmark.x", 1, "us/op", 1);
    assertThrows(IllegalArgumentException.class, runs::read);
  }
}
