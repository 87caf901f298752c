package dev.sluice.loadtest.report;

import dev.sluice.loadtest.measure.Series;
import dev.sluice.loadtest.plan.Mishap;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.ArrayList;
import java.util.Base64;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * One HTML file that shows a run or compares several. All that it needs is in it; its own
 * Content-Security-Policy forbids it to load anything.
 */
public final class HtmlReport {
  private static final String UPLOT = "/META-INF/resources/webjars/uplot/1.6.30/";
  private static final Pattern MARK = Pattern.compile("@([A-Z_]+)@");
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private HtmlReport() {}

  /** Writes the report of the runs, the first of which the others are compared with. */
  public static void write(Path file, String title, List<StoredRun> runs) throws IOException {
    Files.writeString(file, html(title, runs));
  }

  static String html(String title, List<StoredRun> runs) {
    String styles = resource(UPLOT + "dist/uPlot.min.css") + resource("report.css");
    String charts = resource(UPLOT + "dist/uPlot.iife.min.js");
    String script = resource("report.js");
    Map<String, String> parts =
        Map.of(
            "STYLE_HASH", hash(styles),
            "CHARTS_HASH", hash(charts),
            "SCRIPT_HASH", hash(script),
            "TITLE", escape(title),
            "LICENCE", escape(resource(UPLOT + "LICENSE")),
            "STYLES", styles,
            "CHARTS", charts,
            "SCRIPT", script,
            "DATA", data(title, runs));
    // In one pass, so that nothing in a part is taken for a mark.
    return MARK.matcher(resource("report.html"))
        .replaceAll(
            mark -> Matcher.quoteReplacement(Objects.requireNonNull(parts.get(mark.group(1)))));
  }

  private static String data(String title, List<StoredRun> runs) {
    Map<String, @Nullable Object> data = new LinkedHashMap<>();
    data.put("title", title);
    data.put("runs", runs.stream().map(HtmlReport::run).toList());
    for (Series series : Series.values()) {
      data.put(series.file(), ChartData.percentiles(runs, series));
    }
    data.put("gapSpread", ChartData.spread(runs.stream().map(r -> r.total(Series.GAP)).toList()));
    // A script ends at the first such character, whatever it is within.
    return JSON.writeValueAsString(data).replace("<", "\\u003c");
  }

  private static Map<String, Object> run(StoredRun run) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("name", run.name());
    map.put("verdict", run.verdict());
    map.put("processes", run.summaries().size());
    map.put("settings", run.summaries().get(0).path("spec"));
    map.put("findings", findings(run));
    map.put("figures", RunFigures.of(run));
    map.put("mishaps", mishaps(run));
    boolean own = run.total(Series.LATENCY).getTotalCount() == 0;
    List<Histogram> counted = run.intervals(own ? Series.GAP : Series.LATENCY);
    List<Histogram> timed = run.intervals(own ? Series.FIRST_TOKEN : Series.LATENCY);
    map.put("timeline", ChartData.timeline(counted, timed));
    return map;
  }

  /** What was survived: of each kind its meaning, and how many of how many. */
  private static Map<String, Object> mishaps(StoredRun run) {
    Map<String, Object> all = new LinkedHashMap<>();
    for (Mishap what : Mishap.values()) {
      long made = 0;
      long survived = 0;
      for (JsonNode summary : run.summaries()) {
        JsonNode one = summary.path("mishaps").path(what.toString());
        made += one.path("made").asLong(0);
        survived += one.path("survived").asLong(0);
      }
      if (made > 0) {
        all.put(what.meaning(), List.of(survived, made));
      }
    }
    return all;
  }

  /** What was wrong, in words. */
  private static List<String> findings(StoredRun run) {
    List<String> findings = new ArrayList<>();
    for (JsonNode summary : run.summaries()) {
      for (Map.Entry<String, JsonNode> fault : summary.path("faults").properties()) {
        JsonNode what = fault.getValue();
        findings.add(
            "%s × %s: %s"
                .formatted(
                    what.path("count").asString("?"),
                    fault.getKey(),
                    what.path("meaning").asString("")));
      }
      summary.path("rigFindings").forEach(finding -> findings.add(finding.asString()));
      summary.path("notes").forEach(note -> findings.add(note.asString()));
    }
    return findings;
  }

  private static String resource(String path) {
    try (InputStream in = HtmlReport.class.getResourceAsStream(path)) {
      if (in == null) {
        throw new IllegalStateException("not in the jar: " + path);
      }
      return new String(in.readAllBytes(), StandardCharsets.UTF_8);
    } catch (IOException e) {
      throw new IllegalStateException(path, e);
    }
  }

  private static String hash(String text) {
    try {
      byte[] digest =
          MessageDigest.getInstance("SHA-256").digest(text.getBytes(StandardCharsets.UTF_8));
      return "'sha256-" + Base64.getEncoder().encodeToString(digest) + "'";
    } catch (NoSuchAlgorithmException e) {
      throw new IllegalStateException(e); // Every JVM has it.
    }
  }

  private static String escape(String text) {
    return text.replace("&", "&amp;")
        .replace("<", "&lt;")
        .replace(">", "&gt;")
        .replace("--", "- -");
  }
}
