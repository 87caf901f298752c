package dev.sluice.loadtest.report;

import dev.sluice.loadtest.measure.Series;
import java.io.FileNotFoundException;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import org.HdrHistogram.EncodableHistogram;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogReader;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A finished run as its files tell it; or several, that were made at the same time by several rig
 * processes, as one.
 *
 * @param name the name in the report
 * @param summaries what each process summed up
 * @param intervals what was recorded second by second, by all processes, in nanoseconds
 */
public record StoredRun(
    String name, List<JsonNode> summaries, Map<Series, List<Histogram>> intervals) {
  private static final JsonMapper JSON = JsonMapper.builder().build();

  /**
   * Reads the files of a run.
   *
   * @param directories one for each rig process
   * @throws IllegalArgumentException if a directory is none of a run, or its files are damaged
   */
  public static StoredRun read(String name, List<Path> directories) throws IOException {
    List<JsonNode> summaries = new ArrayList<>();
    Map<Series, List<Histogram>> intervals = new EnumMap<>(Series.class);
    for (Series series : Series.values()) {
      intervals.put(series, new ArrayList<>());
    }
    for (Path directory : directories) {
      Path summary = directory.resolve("summary.json");
      if (!Files.isRegularFile(summary)) {
        throw new IllegalArgumentException(directory + " has no summary.json: no run ended there");
      }
      try {
        summaries.add(JSON.readTree(Files.readAllBytes(summary)));
      } catch (JacksonException e) {
        throw new IllegalArgumentException(summary + ": " + e.getOriginalMessage(), e);
      }
      for (Series series : Series.values()) {
        readLog(directory.resolve(series.file() + ".hlog"), of(intervals, series));
      }
    }
    return new StoredRun(name, List.copyOf(summaries), intervals);
  }

  /** All intervals of a series, each with its own start and end. */
  public List<Histogram> intervals(Series series) {
    return of(intervals, series);
  }

  /** All that was recorded of a series. */
  public Histogram total(Series series) {
    Histogram total = new Histogram(3);
    intervals(series).forEach(total::add);
    return total;
  }

  /** The worst verdict of the processes. */
  public String verdict() {
    String worst = Verdict.PASS.toString();
    for (JsonNode summary : summaries) {
      String verdict = summary.path("verdict").asString("?");
      if (worst.equals(Verdict.PASS.toString()) || verdict.equals(Verdict.FAIL_SERVER.toString())) {
        worst = verdict;
      }
    }
    return worst;
  }

  private static List<Histogram> of(Map<Series, List<Histogram>> intervals, Series series) {
    return Objects.requireNonNull(intervals.get(series));
  }

  private static void readLog(Path file, List<Histogram> into) throws IOException {
    if (!Files.exists(file)) {
      return; // Nothing of the kind was measured.
    }
    try (HistogramLogReader reader = new HistogramLogReader(file.toFile())) {
      while (reader.hasNext()) {
        EncodableHistogram next = reader.nextIntervalHistogram();
        if (next == null) {
          return;
        }
        if (!(next instanceof Histogram histogram)) {
          throw new IllegalArgumentException(file + " holds histograms of another kind");
        }
        into.add(histogram);
      }
    } catch (FileNotFoundException e) {
      throw new IOException(e);
    } catch (RuntimeException e) {
      // The reader fails in many ways on what is no log.
      throw new IllegalArgumentException(file + " is no histogram log: " + e.getMessage(), e);
    }
  }
}
