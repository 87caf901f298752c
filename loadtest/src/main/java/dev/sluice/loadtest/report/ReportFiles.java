package dev.sluice.loadtest.report;

import dev.sluice.loadtest.measure.Series;
import java.io.IOException;
import java.io.PrintStream;
import java.io.UncheckedIOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.EnumMap;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogWriter;

/**
 * Writes a run's files into one directory: for each {@link Series} a {@code .hlog} as the run goes
 * and a {@code .hgrm} (in ms) at its end, and {@code summary.json}. Files of an earlier run are
 * overwritten. Belongs to one thread.
 */
public final class ReportFiles implements AutoCloseable {
  private static final double NANOS_PER_MS = 1e6;

  private final Path directory;
  private final Map<Series, PrintStream> streams = new EnumMap<>(Series.class);
  private final Map<Series, HistogramLogWriter> logs = new EnumMap<>(Series.class);

  private ReportFiles(Path directory) {
    this.directory = directory;
  }

  /** Makes the directory if it is not there. */
  public static ReportFiles open(Path directory) throws IOException {
    Files.createDirectories(directory);
    for (Series series : Series.values()) {
      Files.deleteIfExists(directory.resolve(series.file() + ".hlog"));
      Files.deleteIfExists(directory.resolve(series.file() + ".hgrm"));
    }
    return new ReportFiles(directory);
  }

  /** Adds one line to a log: nanoseconds, with the interval's own start and end. */
  public void append(Series series, Histogram interval) {
    HistogramLogWriter log = logs.get(series);
    if (log == null) {
      log = begin(series, interval.getStartTimeStamp());
    }
    log.outputIntervalHistogram(interval);
  }

  private HistogramLogWriter begin(Series series, long startMs) {
    PrintStream stream;
    try {
      stream = printStream(directory.resolve(series.file() + ".hlog"));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    HistogramLogWriter log = new HistogramLogWriter(stream);
    log.outputComment("sluice loadtest: " + series.meaning());
    log.outputLogFormatVersion();
    log.outputStartTime(startMs);
    log.setBaseTime(startMs);
    log.outputLegend();
    streams.put(series, stream);
    logs.put(series, log);
    return log;
  }

  /** Writes the files that need the whole result, and completes the logs. */
  public void write(RunResult result) throws IOException {
    close();
    for (Series series : logs.keySet()) {
      try (PrintStream percentiles = printStream(directory.resolve(series.file() + ".hgrm"))) {
        Histogram total = result.measurements().of(series).total();
        total.outputPercentileDistribution(percentiles, NANOS_PER_MS);
      }
    }
    Files.writeString(directory.resolve("summary.json"), SummaryJson.of(result));
  }

  @Override
  public void close() {
    streams.values().forEach(PrintStream::close);
  }

  private static PrintStream printStream(Path file) throws IOException {
    return new PrintStream(Files.newOutputStream(file), false, StandardCharsets.UTF_8);
  }
}
