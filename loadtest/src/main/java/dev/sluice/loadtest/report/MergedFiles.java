package dev.sluice.loadtest.report;

import dev.sluice.loadtest.measure.Series;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogWriter;

/** Writes the histograms of several rig processes as those of one run. */
public final class MergedFiles {
  private static final double NANOS_PER_MS = 1e6;

  private MergedFiles() {}

  /** Writes {@code NAME-SERIES.hlog} and {@code .hgrm} for each series that has samples. */
  public static void write(Path directory, StoredRun run) throws IOException {
    for (Series series : Series.values()) {
      List<Histogram> intervals = new ArrayList<>(run.intervals(series));
      Histogram total = run.total(series);
      if (total.getTotalCount() == 0) {
        continue;
      }
      intervals.sort(Comparator.comparingLong(Histogram::getStartTimeStamp));
      String name = run.name() + "-" + series.file();
      try (PrintStream out = stream(directory.resolve(name + ".hlog"))) {
        long startMs = intervals.get(0).getStartTimeStamp();
        HistogramLogWriter log = new HistogramLogWriter(out);
        log.outputComment(
            "sluice loadtest: " + series.meaning() + ", " + run.summaries().size() + " processes");
        log.outputLogFormatVersion();
        log.outputStartTime(startMs);
        log.setBaseTime(startMs);
        log.outputLegend();
        intervals.forEach(log::outputIntervalHistogram);
      }
      try (PrintStream out = stream(directory.resolve(name + ".hgrm"))) {
        total.outputPercentileDistribution(out, NANOS_PER_MS);
      }
    }
  }

  private static PrintStream stream(Path file) throws IOException {
    return new PrintStream(Files.newOutputStream(file), false, StandardCharsets.UTF_8);
  }
}
