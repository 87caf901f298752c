package dev.sluice.loadtest.report;

import dev.sluice.loadtest.check.FaultKind;
import dev.sluice.loadtest.check.ToldLog;
import dev.sluice.loadtest.measure.Measurements;
import dev.sluice.loadtest.measure.MishapTally;
import dev.sluice.loadtest.measure.Series;
import dev.sluice.loadtest.measure.Timing;
import dev.sluice.loadtest.plan.LoadSpec;
import dev.sluice.loadtest.plan.Mishap;
import dev.sluice.loadtest.plan.Publish;
import dev.sluice.loadtest.plan.RunSpec;
import dev.sluice.loadtest.plan.Schedule;
import dev.sluice.loadtest.plan.StalledSpec;
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
    table.mishaps();
    table.target();
    table.faults();
    return table.out.toString();
  }

  private void head() {
    RunSpec spec = result.spec();
    LoadSpec load = spec.load();
    row("run", "%s, %s, tag %s", spec.scenario(), spec.target(), spec.runTag());
    row("streams", "%,d open of %,d", result.opened(), load.streams());
    if (load.publish().byRig()) {
      row("chats", "%,d, %s", load.chats(), tokens(load));
      row("rate", "%s by %s over %d connections", rate(load), load.publish(), load.connections());
    } else if (load.publish() == Publish.OWN) {
      row("rate", "%,.1f streams asked for per second, %s", load.rate(), load.schedule());
    }
    row("transport", "%s, %d receiving", result.transport(), spec.rig().loops());
  }

  private static String tokens(LoadSpec load) {
    return load.schedule() == Schedule.MODEL
        ? format("%,d answers of %,d tokens in the median", load.answers(), load.tokens())
        : format("%,d tokens each, after %,d to warm up", load.tokens(), load.warmUpTokens());
  }

  private static String rate(LoadSpec load) {
    return load.schedule() == Schedule.MODEL
        ? format(
            "%,.0f to %,.0f tokens/s each",
            load.model().slowestTokensPerSecond(), load.model().fastestTokensPerSecond())
        : format("%,.0f events/s, %s,", load.rate(), load.schedule());
  }

  private void timings() {
    Measurements measured = result.measurements();
    line("");
    line("%-10s %9s %9s %9s %9s %9s %9s", "ms", "count", "p50", "p90", "p99", "p99.9", "max");
    timing("connect", measured.connect());
    timing("head", measured.head());
    if (result.rig().events() > 0) {
      timing("latency", measured.of(Series.LATENCY));
      timing("1st token", measured.of(Series.FIRST_TOKEN));
      timing("gap", measured.of(Series.GAP));
      timing("answer", measured.answer());
      timing("resume", measured.resume());
      timing("rig: sent", measured.lateness());
      timing("rig: loop", measured.loopLag());
    }
    line("");
  }

  private void timing(String name, Timing timing) {
    Histogram histogram = timing.total();
    if (histogram.getTotalCount() == 0) {
      return;
    }
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
      double percent = rig.ratePercent(result.spec().rig().limits().maxLatenessMs());
      boolean own = result.spec().load().publish() == Publish.OWN;
      String what = own ? "asked" : "published";
      row(what, "%,d events, %.1f %% of the rate", rig.sent(), percent);
    }
    row(
        "delivered",
        "%,d tokens in %,d frames, %,d heartbeats, %,d bytes",
        measured.tokens().sum(),
        frames,
        measured.heartbeats().sum(),
        measured.bytes().sum());
  }

  private void mishaps() {
    MishapTally tally = result.measurements().mishaps();
    for (Mishap what : Mishap.values()) {
      if (tally.made(what) > 0) {
        row("survived", "%,d of %,d %s", tally.survived(what), tally.made(what), what.meaning());
      }
    }
    ToldLog told = result.faults().told();
    if (told.connectionsClosedUnread() > 0) {
      long closed = told.connectionsClosedUnread();
      row("told", "%,d connections closed by the target while hardly read, each resumed", closed);
    }
    if (told.producersLost() > 0) {
      row("told", "%,d times a stream: the publisher is lost", told.producersLost());
    }
    if (told.gaps() > 0) {
      row(
          "told",
          "%,d gaps of %,d events, %,d tokens in them never came",
          told.gaps(),
          told.gapEvents(),
          told.lostInGaps());
    }
  }

  private void target() {
    TargetCost cost = result.cost();
    if (cost.source() != null) {
      boolean own = result.spec().rig().pid() == null;
      row(
          "memory",
          "%s %s, %s resident per idle stream",
          known(
              "%,.0f B",
              (double) (own ? cost.usedHeapBytesPerStream() : cost.liveHeapBytesPerStream())),
          own ? "heap with its garbage" : "live heap",
          known("%,.0f B", (double) cost.rssBytesPerStream()));
      if (result.rig().events() > 0) {
        row("cpu", "%s per measured token", known("%.1f µs", cost.cpuMicrosPerToken()));
      }
    }
    stalled();
    result.notes().forEach(note -> row("note", "%s", note));
  }

  private void stalled() {
    StalledCost stalled = result.stalled();
    if (stalled == null) {
      return;
    }
    StalledSpec spec = result.spec().load().stalled();
    row("stalled", "%,d readers, %,d bytes published to each", spec.readers(), spec.bytesEach());
    double with = p99Ms(result.measurements().besideStalled(true));
    double without = p99Ms(result.measurements().besideStalled(false));
    row(
        "p99",
        "%.2f ms of the others with them, %.2f ms without: %.2f times",
        with,
        without,
        with / Math.max(without, 0.001));
    row(
        "resident",
        "%s more at most than before, %s of it with the stalled readers",
        known("%,.0f B", (double) stalled.growth()),
        known("%,.0f B", (double) stalled.growthByReaders()));
    if (result.aboveMaxGrowthBytes()) {
      row("resident", "above --max-growth-bytes %,d", result.spec().rig().maxGrowthBytes());
    }
  }

  private static double p99Ms(Timing timing) {
    return timing.total().getValueAtPercentile(99) / 1e6;
  }

  private void faults() {
    Map<FaultKind, Long> counts = result.faults().counts();
    if (result.aboveMaxIdleBytes()) {
      row("memory", "above --max-idle-bytes %,d", result.spec().rig().maxIdleBytes());
    }
    if (counts.isEmpty()) {
      row("faults", "none");
    }
    counts.forEach(
        (kind, count) -> {
          row("fault", "%,d × %s: %s", count, kind, kind.meaning());
          result.faults().examples(kind).forEach(example -> row("", "%s", example));
        });
    result
        .rig()
        .findings(result.spec().rig().limits())
        .forEach(finding -> row("rig", "%s", finding));
    line("%s", result.verdict());
  }

  private static String known(String format, double value) {
    return value < 0 ? "?" : String.format(Locale.ROOT, format, value);
  }

  private static String format(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }

  private void row(String name, String format, Object... values) {
    line("%-10s %s", name, String.format(Locale.ROOT, format, values));
  }

  private void line(String format, Object... values) {
    out.append(String.format(Locale.ROOT, format, values)).append('\n');
  }
}
