package dev.sluice.promises;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.docs.MarkdownPage;
import dev.sluice.upstream.UpstreamSettings;
import java.io.IOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The page and the dashboard name what a running server publishes. */
class MetricsPageTest {
  private static final Path DASHBOARD =
      Path.of(System.getProperty("basedir", ""), "docs", "grafana.json");
  private static final Pattern TYPE =
      Pattern.compile("^# TYPE ([a-z_]+) ([a-z]+)$", Pattern.MULTILINE);
  private static final Pattern SERIES = Pattern.compile("^([a-z_]+)([{ ])", Pattern.MULTILINE);
  private static final Pattern ROW =
      Pattern.compile(
          "^\\| `([a-z_]+)` \\| ([a-z]+)(?:, `[a-z]+`)? \\| .+ \\|$", Pattern.MULTILINE);
  private static final Pattern IN_EXPRESSION =
      Pattern.compile("\\b((?:sluice|jvm|process)_[a-z_]+)");

  @Test
  void everyMetricIsOnThePageWithItsTypeAndNoOther() throws IOException {
    Map<String, String> documented = new TreeMap<>();
    ROW.matcher(MarkdownPage.read("metrics.md").text())
        .results()
        .forEach(row -> documented.put(row.group(1), row.group(2)));
    Map<String, String> published = new TreeMap<>();
    TYPE.matcher(scrape()).results().forEach(type -> published.put(type.group(1), type.group(2)));
    assertEquals(published, documented);
  }

  @Test
  void everyLabelIsOnThePage() throws IOException {
    String page = MarkdownPage.read("metrics.md").text();
    Pattern label = Pattern.compile("^([a-z_]+?)(?:_count|_sum)?\\{([a-z]+)=", Pattern.MULTILINE);
    Set<String> found = new TreeSet<>();
    label
        .matcher(scrape())
        .results()
        .filter(series -> !series.group(2).equals("le"))
        .forEach(series -> found.add("| `" + series.group(1) + "` | * `" + series.group(2) + "`"));
    assertTrue(found.size() > 8, found::toString);
    for (String row : found) {
      String[] parts = row.split("\\*", -1);
      String name = Pattern.quote(parts[0]);
      assertTrue(
          Pattern.compile(name + "[a-z]+," + Pattern.quote(parts[1])).matcher(page).find(), row);
    }
  }

  @Test
  void theDashboardAsksForWhatThereIsAndLeavesNothingOfTheServersOut() throws IOException {
    String scrape = scrape();
    Set<String> series =
        SERIES.matcher(scrape).results().map(found -> found.group(1)).collect(Collectors.toSet());
    Set<String> asked = new TreeSet<>();
    JsonNode dashboard = JsonMapper.shared().readTree(Files.readString(DASHBOARD));
    for (JsonNode panel : dashboard.path("panels")) {
      assertTrue(!panel.path("title").asString("").isEmpty(), panel::toString);
      for (JsonNode target : panel.path("targets")) {
        IN_EXPRESSION
            .matcher(target.path("expr").asString(""))
            .results()
            .forEach(name -> asked.add(name.group(1)));
      }
    }
    assertTrue(dashboard.path("panels").size() > 15, "panels");
    Set<String> unknown = new TreeSet<>(asked);
    unknown.removeAll(series);
    assertEquals(Set.of(), unknown);
    Set<String> shown =
        asked.stream()
            .map(name -> name.replaceFirst("_(bucket|sum)$", ""))
            .collect(Collectors.toSet());
    Set<String> missing =
        TYPE.matcher(scrape)
            .results()
            .map(type -> type.group(1))
            .filter(name -> name.startsWith("sluice_") && !shown.contains(name))
            .collect(Collectors.toCollection(TreeSet::new));
    assertEquals(Set.of(), missing);
  }

  /** One that has seen everything there is to count. */
  private static String scrape() throws IOException {
    UpstreamSettings dead =
        new UpstreamSettings(
            "dead",
            URI.create("http://127.0.0.1:1/v1"),
            null,
            null,
            Map.of(),
            null,
            true,
            10_000,
            10_000,
            100_000);
    try (TestServer server = TestServer.wish().flows(dead).start()) {
      Calls calls = new Calls(server.uri());
      calls.json("/v1/chats/c/runs", "{\"flow\":\"dead\",\"question\":\"q\"}");
      try (EventStream stream = EventStream.open(server.uri(), "c")) {
        stream.all();
      }
      calls.get("/nothing");
      Eventually.isTrue(
          "counted",
          () -> {
            Numbers now = Numbers.of(server);
            return now.of("sluice_streams_closed_total{reason=\"completed\"}") == 1
                && now.of("sluice_upstream_errors_total{code=\"upstream_refused\"}") == 1;
          });
      return calls.get("/metrics").body();
    }
  }
}
