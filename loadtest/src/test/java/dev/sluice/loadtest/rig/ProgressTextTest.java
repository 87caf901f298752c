package dev.sluice.loadtest.rig;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.loadtest.measure.Measurements;
import dev.sluice.loadtest.measure.Series;
import org.junit.jupiter.api.Test;

class ProgressTextTest {
  private final Measurements measurements = new Measurements();
  private final ProgressText text = new ProgressText(2000, measurements);

  @Test
  void itTellsWhatThereIs() {
    assertEquals("opening 17/2,000 open", text.line("opening", 17));
    measurements.tokens().add(50);
    assertTrue(text.line("publishing", 2000).endsWith(" tokens/s, warming up"));
  }

  @Test
  void itTellsTheLatencySoFar() {
    measurements.tokens().add(2);
    measurements.of(Series.LATENCY).record(1_500_000);
    measurements.of(Series.LATENCY).record(20_000_000);
    measurements.of(Series.LATENCY).takeInterval();
    String line = text.line("publishing", 2000);
    assertTrue(line.startsWith("publishing 2,000/2,000 open, "), line);
    assertTrue(line.endsWith(", p50 1.50 p99 20.00 ms"), line);
    assertTrue(line.length() <= 78, line);
  }

  @Test
  void ofOwnTokensItTellsTheFirst() {
    measurements.tokens().add(1);
    measurements.of(Series.FIRST_TOKEN).record(3_000_000);
    measurements.of(Series.FIRST_TOKEN).takeInterval();
    assertTrue(text.line("asking", 1).contains(", first token p50 3.00 p99 3.00 ms"));
  }
}
