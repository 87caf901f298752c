package dev.sluice.bench;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Pattern;
import org.openjdk.jmh.profile.GCProfiler;
import org.openjdk.jmh.results.format.ResultFormatType;
import org.openjdk.jmh.runner.Runner;
import org.openjdk.jmh.runner.RunnerException;
import org.openjdk.jmh.runner.options.ChainedOptionsBuilder;
import org.openjdk.jmh.runner.options.OptionsBuilder;
import org.openjdk.jmh.runner.options.TimeValue;

/**
 * A run of JMH whose JSON is kept. A benchmark that fails ends it.
 *
 * @param jmhJson where its JSON goes
 */
record JmhRun(Path jmhJson) {
  private static final int MEASURE_MS = 300;

  /** The whole set, with the times that the benchmarks themselves ask for. */
  Measurements full() throws RunnerException, IOException {
    return run(options());
  }

  /**
   * A pass that is long enough for bytes, and too short for times: one fork, and fewer sizes where
   * they make no difference to allocation.
   *
   * @param forks 0 runs it in this process, which a test does
   */
  Measurements brief(String include, int forks, int warmupMs) throws RunnerException, IOException {
    // JMH refuses to run beside another of its kind, for the sake of times.
    System.setProperty("jmh.ignoreLock", "true");
    return run(
        options()
            .include(include)
            .param("chars", "20")
            .param("event", "USAGE")
            .param("tokens", "1", "100")
            .forks(forks)
            .warmupIterations(1)
            .warmupTime(TimeValue.milliseconds(warmupMs))
            .measurementIterations(1)
            .measurementTime(TimeValue.milliseconds(MEASURE_MS))
            // Compiled in the foreground: on a busy machine the compiler's threads may not get
            // round to it within so short a warm-up, and code that is not compiled yet allocates
            // what it will not later. The serial collector starts fastest.
            .jvmArgsAppend("-Xbatch", "-XX:+UseSerialGC"));
  }

  /** As {@link #brief} for these alone, one fork each. */
  Measurements brief(List<Measurement> these, int warmupMs) throws RunnerException, IOException {
    String names =
        these.stream()
            .map(each -> Pattern.quote(each.owner() + "Benchmark." + each.method()) + "$")
            .reduce((a, b) -> a + "|" + b)
            .orElseThrow();
    return brief(names, 1, warmupMs);
  }

  private ChainedOptionsBuilder options() {
    return new OptionsBuilder()
        .addProfiler(GCProfiler.class)
        .shouldFailOnError(true)
        .resultFormat(ResultFormatType.JSON)
        .result(jmhJson.toString());
  }

  private Measurements run(ChainedOptionsBuilder options) throws RunnerException, IOException {
    Path directory = jmhJson.toAbsolutePath().getParent();
    if (directory != null) {
      Files.createDirectories(directory);
    }
    new Runner(options.build()).run();
    return Measurements.read(jmhJson);
  }
}
