package dev.sluice.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.openjdk.jmh.runner.RunnerException;

class JmhRunTest {
  @TempDir Path directory = Path.of("");

  @Test
  void runsRealBenchmarksAndReadsWhatTheyCameTo() throws IOException, RunnerException {
    JmhRun run = new JmhRun(directory.resolve("not-there-yet").resolve("run.json"));
    Measurements measured = run.brief("MergedFrameBenchmark.sluice", 0, 10);
    assertEquals(
        List.of("frame.MergedFrame.sluice tokens=1", "frame.MergedFrame.sluice tokens=100"),
        measured.own().stream().map(Measurement::key).toList());
    Measurement one = measured.own().get(0);
    assertTrue(one.score() > 0, one::toString);
    assertEquals("ns/op", one.unit());
    assertTrue(one.opsPerIteration() > 100, one::toString);
  }
}
