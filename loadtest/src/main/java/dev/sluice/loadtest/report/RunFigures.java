package dev.sluice.loadtest.report;

import dev.sluice.loadtest.measure.Series;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The figures of a run that are compared: by name, null where they were not measured. */
public final class RunFigures {
  private final Map<String, @Nullable Double> figures = new LinkedHashMap<>();

  private RunFigures() {}

  /** Computes them, over all processes of the run. */
  public static Map<String, @Nullable Double> of(StoredRun run) {
    RunFigures all = new RunFigures();
    all.percentiles("latency", run.total(Series.LATENCY));
    all.percentiles("first token", run.total(Series.FIRST_TOKEN));
    all.percentiles("gap", run.total(Series.GAP));
    List<JsonNode> summaries = run.summaries();
    double cpuMicros = most(summaries, "/target/cpuMicros");
    double cpuTokens = sum(summaries, "/target/cpuTokens");
    all.put("server CPU, µs per token", cpuTokens > 0 ? cpuMicros / cpuTokens : -1);
    all.put("live heap, bytes per idle stream", most(summaries, "/target/liveHeapBytesPerStream"));
    all.put(
        "heap with its garbage, bytes per idle stream",
        most(summaries, "/target/usedHeapBytesPerStream"));
    all.put("resident, bytes per idle stream", most(summaries, "/target/rssBytesPerStream"));
    all.put("p99 beside stalled readers, ms", most(summaries, "/stalled/latencyWith/p99Ms"));
    all.put("p99 without these, ms", most(summaries, "/stalled/latencyWithout/p99Ms"));
    all.put("resident growth, bytes", most(summaries, "/stalled/growthBytes"));
    all.put("of it by stalled readers, bytes", most(summaries, "/stalled/growthByReadersBytes"));
    all.put("tokens delivered", sum(summaries, "/delivered/tokens"));
    all.put("frames delivered", sum(summaries, "/delivered/frames"));
    all.put("streams opened", sum(summaries, "/openedStreams"));
    all.put("rate reached, %", least(summaries, "/rig/ratePercent"));
    all.put("rig: sent late, p99 ms", most(summaries, "/timings/lateness/p99Ms"));
    all.put("rig: loop late, p99 ms", most(summaries, "/timings/loopLag/p99Ms"));
    return all.figures;
  }

  private void percentiles(String name, Histogram total) {
    boolean none = total.getTotalCount() == 0;
    put(name + " p50, ms", none ? -1 : total.getValueAtPercentile(50) / 1e6);
    put(name + " p90, ms", none ? -1 : total.getValueAtPercentile(90) / 1e6);
    put(name + " p99, ms", none ? -1 : total.getValueAtPercentile(99) / 1e6);
    put(name + " p99.9, ms", none ? -1 : total.getValueAtPercentile(99.9) / 1e6);
    put(name + " max, ms", none ? -1 : total.getMaxValue() / 1e6);
  }

  private void put(String name, double value) {
    figures.put(name, value < 0 ? null : value);
  }

  /** The target is one process, whoever of the rig looked at it. */
  private static double most(List<JsonNode> summaries, String pointer) {
    return summaries.stream().mapToDouble(each -> number(each, pointer)).max().orElse(-1);
  }

  private static double least(List<JsonNode> summaries, String pointer) {
    return summaries.stream().mapToDouble(each -> number(each, pointer)).min().orElse(-1);
  }

  private static double sum(List<JsonNode> summaries, String pointer) {
    return summaries.stream().mapToDouble(each -> Math.max(0, number(each, pointer))).sum();
  }

  private static double number(JsonNode summary, String pointer) {
    JsonNode node = summary.at(pointer);
    return node.isNumber() ? node.doubleValue() : -1;
  }
}
