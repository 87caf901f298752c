package dev.sluice.loadtest.report;

import dev.sluice.loadtest.check.FaultKind;
import dev.sluice.loadtest.measure.Measurements;
import dev.sluice.loadtest.measure.Timing;
import dev.sluice.loadtest.plan.RunSpec;
import dev.sluice.loadtest.plan.Scenario;
import java.util.Locale;
import java.util.Map;
import org.HdrHistogram.Histogram;

/** The result of a run for people: some twenty lines of text. */
public final class SummaryTable {
  private final StringBuilder out = new StringBuilder();
  private final RunResult result;

  private SummaryTable(RunResult result) {
    this.result = result;
  }

  /** The table, its last line the verdict. */
  public static String of(RunResult result) {
    SummaryTable table = new SummaryTable(result);
    table.head();
    table.timings();
    table.delivered();
    table.target();
    table.faults();
    return table.out.toString();
  }

  private void head() {
    RunSpec spec = result.spec();
    row("run", "%s, %s, tag %s", spec.scenario(), spec.target(), spec.runTag());
    row("streams", "%,d open of %,d", result.opened(), spec.streams());
    if (spec.scenario() == Scenario.UNICAST) {
      row("tokens", "%,d each, after %,d to warm up", spec.tokens(), spec.warmUpTokens());
      row(
          "rate",
          "%,.0f events/s over %d connections",
          spec.rateEventsPerSecond(),
          spec.connections());
    }
    row("transport", "%s, %d receiving", result.transport(), spec.loops());
  }

  private void timings() {
    Measurements measured = result.measurements();
    line("");
    line("%-10s %9s %9s %9s %9s %9s %9s", "ms", "count", "p50", "p90", "p99", "p99.9", "max");
    timing("connect", measured.connect());
    timing("head", measured.head());
    if (result.rig().events() > 0) {
      timing("latency", measured.latency());
      timing("rig: sent", measured.lateness());
      timing("rig: loop", measured.loopLag());
    }
    line("");
  }

  private void timing(String name, Timing timing) {
    Histogram histogram = timing.total();
    line(
        "%-10s %9d %9.2f %9.2f %9.2f %9.2f %9.2f",
        name,
        histogram.getTotalCount(),
        histogram.getValueAtPercentile(50) / 1e6,
        histogram.getValueAtPercentile(90) / 1e6,
        histogram.getValueAtPercentile(99) / 1e6,
        histogram.getValueAtPercentile(99.9) / 1e6,
        histogram.getMaxValue() / 1e6);
  }

  private void delivered() {
    Measurements measured = result.measurements();
    RigAudit rig = result.rig();
    long frames = measured.frames().sum();
    if (rig.events() > 0) {
      double percent = rig.ratePercent(result.spec().limits().maxLatenessMs());
      row("published", "%,d events, %.1f %% of the rate", rig.sent(), percent);
    }
    row(
        "delivered",
        "%,d tokens in %,d frames, %,d heartbeats, %,d bytes",
        measured.tokens().sum(),
        frames,
        measured.heartbeats().sum(),
        measured.bytes().sum());
  }

  private void target() {
    if (result.spec().pid() != null) {
      row(
          "memory",
          "%s live heap, %s resident per idle stream",
          known("%,.0f B", (double) result.liveHeapBytesPerStream()),
          known("%,.0f B", (double) result.rssBytesPerStream()));
      if (result.rig().events() > 0) {
        row("cpu", "%s per measured token", known("%.1f µs", result.targetCpuMicrosPerToken()));
      }
    }
    result.notes().forEach(note -> row("note", "%s", note));
  }

  private void faults() {
    Map<FaultKind, Long> counts = result.faults().counts();
    if (counts.isEmpty()) {
      row("faults", "none");
    }
    counts.forEach(
        (kind, count) -> {
          row("fault", "%,d × %s: %s", count, kind, kind.meaning());
          result.faults().examples(kind).forEach(example -> row("", "%s", example));
        });
    result.rig().findings(result.spec().limits()).forEach(finding -> row("rig", "%s", finding));
    line("%s", result.verdict());
  }

  private static String known(String format, double value) {
    return value < 0 ? "?" : String.format(Locale.ROOT, format, value);
  }

  private void row(String name, String format, Object... values) {
    line("%-10s %s", name, String.format(Locale.ROOT, format, values));
  }

  private void line(String format, Object... values) {
    out.append(String.format(Locale.ROOT, format, values)).append('\n');
  }
}
