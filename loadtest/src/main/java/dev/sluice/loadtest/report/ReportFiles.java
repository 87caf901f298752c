package dev.sluice.loadtest.report;

import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogWriter;

/**
 * Writes a run's files into one directory: {@code latency.hlog} as the run goes, {@code
 * latency.hgrm} (in ms) and {@code summary.json} at its end. Files of an earlier run are
 * overwritten. Belongs to one thread.
 */
public final class ReportFiles implements AutoCloseable {
  private static final double NANOS_PER_MS = 1e6;

  private final Path directory;
  private final PrintStream logStream;
  private final HistogramLogWriter log;
  private boolean begun;

  private ReportFiles(Path directory, PrintStream logStream) {
    this.directory = directory;
    this.logStream = logStream;
    this.log = new HistogramLogWriter(logStream);
  }

  /** Makes the directory if it is not there, and begins the log. */
  public static ReportFiles open(Path directory) throws IOException {
    Files.createDirectories(directory);
    return new ReportFiles(directory, printStream(directory.resolve("latency.hlog")));
  }

  /** Adds one line to the log: latencies in nanoseconds, with the interval's own start and end. */
  public void append(Histogram interval) {
    if (!begun) {
      begun = true;
      log.outputComment("sluice loadtest: latency in ns from the time at which a token was due");
      log.outputLogFormatVersion();
      log.outputStartTime(interval.getStartTimeStamp());
      log.setBaseTime(interval.getStartTimeStamp());
      log.outputLegend();
    }
    log.outputIntervalHistogram(interval);
  }

  /** Writes the files that need the whole result. */
  public void write(RunResult result) throws IOException {
    try (PrintStream percentiles = printStream(directory.resolve("latency.hgrm"))) {
      Histogram latency = result.measurements().latency().total();
      latency.outputPercentileDistribution(percentiles, NANOS_PER_MS);
    }
    Files.writeString(directory.resolve("summary.json"), SummaryJson.of(result));
  }

  @Override
  public void close() {
    logStream.close();
  }

  private static PrintStream printStream(Path file) throws IOException {
    return new PrintStream(Files.newOutputStream(file), false, StandardCharsets.UTF_8);
  }
}
