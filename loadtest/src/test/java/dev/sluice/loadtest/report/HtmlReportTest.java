package dev.sluice.loadtest.report;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.loadtest.measure.Series;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramLogReader;
import org.HdrHistogram.HistogramLogWriter;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** From the files that a run leaves to the page and to the files of a merged run. */
class HtmlReportTest {
  private static final long T0 = 1_700_000_000_000L;

  @TempDir Path directory;

  @Test
  void thePageHasWhatTheFilesHave() throws Exception {
    StoredRun one = StoredRun.read("one", List.of(run("a", "PASS", 0, 1)));
    StoredRun two = StoredRun.read("</script><b>", List.of(run("b", "FAIL(server)", 0, 10)));
    JsonNode data = data(HtmlReport.html("A & <b>", List.of(one, two)));
    assertEquals("</script><b>", data.at("/runs/1/name").asString());
    assertEquals("FAIL(server)", data.at("/runs/1/verdict").asString());
    assertEquals("2 × LOST: a token never came", data.at("/runs/1/findings/0").asString());
    assertEquals(1.0, data.at("/runs/0/figures/latency p50, ms").asDouble(), 0.01);
    assertEquals(10.0, data.at("/runs/1/figures/latency p50, ms").asDouble(), 0.1);
    assertEquals(100.0, data.at("/runs/1/figures/latency max, ms").asDouble(), 1);
    assertEquals(50.0, data.at("/runs/0/figures/server CPU, µs per token").asDouble());
    assertTrue(data.at("/runs/0/figures/gap p50, ms").isNull());
    assertTrue(data.at("/first-token").isNull());
    // Two seconds of a hundred samples each.
    assertEquals("[0,1]", data.at("/runs/0/timeline/t").toString());
    assertEquals("[100.0,100.0]", data.at("/runs/0/timeline/rate").toString());
    // The curve begins at the least and ends at the largest value.
    JsonNode curve = data.at("/latency/y/0");
    assertEquals(1.0, curve.get(0).asDouble(), 0.01);
    assertEquals(10.0, curve.get(curve.size() - 1).asDouble(), 0.1);
  }

  @Test
  void thePageLoadsNothingAndRunsOnlyItsOwnScripts() throws Exception {
    StoredRun one = StoredRun.read("one", List.of(run("a", "PASS", 0, 1)));
    String html = HtmlReport.html("A & <b> @DATA@", List.of(one));
    assertFalse(html.matches("(?s).*(src|href)=.*"), "something is loaded");
    assertTrue(html.contains("default-src 'none'"));
    assertTrue(html.contains("<title>A &amp; &lt;b&gt; @DATA@</title>"));
    assertTrue(html.contains("The MIT License"));
    assertTrue(html.contains("uPlot=function"));
    // One for the data, and the two that are hashed.
    assertEquals(3, html.split("<script", -1).length - 1);
    assertEquals(3, html.split("'sha256-", -1).length - 1);
  }

  @Test
  void processesOfOneRunAreMerged() throws Exception {
    Path a = run("a", "PASS", 0, 1);
    Path b = run("b", "FAIL(rig)", 400, 10);
    StoredRun merged = StoredRun.read("both", List.of(a, b));
    assertEquals("FAIL(rig)", merged.verdict());
    assertEquals(400, merged.total(Series.LATENCY).getTotalCount());
    JsonNode data = data(HtmlReport.html("x", List.of(merged)));
    assertEquals(2, data.at("/runs/0/processes").asInt());
    assertEquals("[200.0,200.0]", data.at("/runs/0/timeline/rate").toString());
    assertEquals(2000, data.at("/runs/0/figures/tokens delivered").asInt());
    // Both looked at the same process: its time counts once.
    assertEquals(25.0, data.at("/runs/0/figures/server CPU, µs per token").asDouble());

    MergedFiles.write(directory, merged);
    Path log = directory.resolve("both-latency.hlog");
    Histogram again = new Histogram(3);
    try (HistogramLogReader reader = new HistogramLogReader(log.toFile())) {
      while (reader.hasNext()) {
        again.add((Histogram) reader.nextIntervalHistogram());
      }
    }
    assertEquals(merged.total(Series.LATENCY), again);
    assertTrue(Files.readString(directory.resolve("both-latency.hgrm")).contains("400"));
    assertFalse(Files.exists(directory.resolve("both-gap.hlog")));
  }

  @Test
  void aDirectoryWithoutARunIsNamed() throws Exception {
    Exception none =
        assertThrows(IllegalArgumentException.class, () -> StoredRun.read("x", List.of(directory)));
    assertTrue(String.valueOf(none.getMessage()).contains("no summary.json"));
    Path damaged = run("a", "PASS", 0, 1);
    Files.writeString(damaged.resolve("summary.json"), "{oops");
    assertThrows(IllegalArgumentException.class, () -> StoredRun.read("x", List.of(damaged)));
  }

  /** A run of two seconds: 99 tokens of so many ms, one of ten times as many. */
  private Path run(String name, String verdict, long offsetMs, long ms) throws IOException {
    Path run = Files.createDirectories(directory.resolve(name));
    boolean failed = verdict.equals("FAIL(server)");
    String faults = "{\"LOST\": {\"count\": 2, \"meaning\": \"a token never came\"}}";
    String summary =
        "{\"verdict\": \"%s\", \"faults\": %s, \"delivered\": {\"tokens\": 1000},"
            + " \"target\": {\"cpuMicros\": 50000, \"cpuTokens\": 1000}}";
    Files.writeString(
        run.resolve("summary.json"), summary.formatted(verdict, failed ? faults : "{}"));
    try (PrintStream out =
        new PrintStream(
            Files.newOutputStream(run.resolve("latency.hlog")), false, StandardCharsets.UTF_8)) {
      HistogramLogWriter log = new HistogramLogWriter(out);
      log.outputLogFormatVersion();
      log.outputStartTime(T0 + offsetMs);
      log.setBaseTime(T0 + offsetMs);
      log.outputLegend();
      for (int second = 0; second < 2; second++) {
        Histogram interval = new Histogram(3);
        interval.setStartTimeStamp(T0 + offsetMs + second * 1000L);
        interval.setEndTimeStamp(T0 + offsetMs + second * 1000L + 1000);
        interval.recordValueWithCount(ms * 1_000_000, 99);
        interval.recordValue(ms * 10_000_000);
        log.outputIntervalHistogram(interval);
      }
    }
    return run;
  }

  private static JsonNode data(String html) {
    Matcher script = Pattern.compile("type=\"application/json\">(.*?)</script>").matcher(html);
    assertTrue(script.find());
    return JsonMapper.builder().build().readTree(script.group(1));
  }
}
