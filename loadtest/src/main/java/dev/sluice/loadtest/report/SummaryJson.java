package dev.sluice.loadtest.report;

import dev.sluice.loadtest.check.FaultKind;
import dev.sluice.loadtest.check.FaultLog;
import dev.sluice.loadtest.check.ToldLog;
import dev.sluice.loadtest.measure.Measurements;
import dev.sluice.loadtest.measure.MishapTally;
import dev.sluice.loadtest.measure.Series;
import dev.sluice.loadtest.measure.Timing;
import dev.sluice.loadtest.plan.Mishap;
import dev.sluice.loadtest.plan.RunSpec;
import dev.sluice.loadtest.plan.Transport;
import java.lang.reflect.RecordComponent;
import java.util.LinkedHashMap;
import java.util.Map;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** The result of a run for programs. Keys carry their unit; a figure that is not known is null. */
final class SummaryJson {
  private SummaryJson() {}

  static String of(RunResult result) {
    Map<String, @Nullable Object> root = new LinkedHashMap<>();
    root.put("verdict", result.verdict().toString());
    root.put("rigFindings", result.rig().findings(result.spec().rig().limits()));
    root.put("faults", faults(result.faults()));
    root.put("spec", spec(result.spec(), result.transport()));
    root.put("openedStreams", result.opened());
    root.put("mishaps", mishaps(result.measurements().mishaps()));
    root.put("told", told(result.faults().told()));
    root.put("delivered", delivered(result.measurements()));
    root.put("timings", timings(result.measurements()));
    root.put("rig", rig(result));
    root.put("target", target(result));
    root.put("stalled", stalled(result));
    root.put("notes", result.notes());
    return JsonWriter.write(root);
  }

  private static Map<String, Object> faults(FaultLog faults) {
    Map<String, Object> all = new LinkedHashMap<>();
    for (Map.Entry<FaultKind, Long> fault : faults.counts().entrySet()) {
      Map<String, Object> one = new LinkedHashMap<>();
      one.put("count", fault.getValue());
      one.put("meaning", fault.getKey().meaning());
      one.put("examples", faults.examples(fault.getKey()));
      all.put(fault.getKey().name(), one);
    }
    return all;
  }

  private static Map<String, Object> mishaps(MishapTally tally) {
    Map<String, Object> all = new LinkedHashMap<>();
    for (Mishap what : Mishap.values()) {
      if (tally.made(what) > 0) {
        Map<String, Object> one = new LinkedHashMap<>();
        one.put("made", tally.made(what));
        one.put("survived", tally.survived(what));
        one.put("meaning", what.meaning());
        all.put(what.toString(), one);
      }
    }
    return all;
  }

  private static Map<String, Object> told(ToldLog told) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("connectionsClosedUnread", told.connectionsClosedUnread());
    map.put("producersLost", told.producersLost());
    map.put("gaps", told.gaps());
    map.put("gapEvents", told.gapEvents());
    map.put("tokensLostInGaps", told.lostInGaps());
    return map;
  }

  private static Map<String, Object> spec(RunSpec spec, Transport transport) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("scenario", spec.scenario());
    map.put("target", spec.target().toString());
    map.put("dialect", spec.dialect().name());
    map.put("runTag", spec.runTag());
    map.put("load", components(spec.load()));
    map.put("readers", components(spec.readers()));
    map.put("mishaps", components(spec.mishaps()));
    map.put("rig", components(spec.rig()));
    map.put("transport", transport.toString());
    return map;
  }

  /** The components of a record by their names; those of a record within it likewise. */
  private static Map<String, @Nullable Object> components(Record value) {
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    for (RecordComponent component : value.getClass().getRecordComponents()) {
      Object part;
      try {
        part = component.getAccessor().invoke(value);
      } catch (ReflectiveOperationException e) {
        throw new IllegalStateException(component.toString(), e);
      }
      map.put(component.getName(), part instanceof Record inner ? components(inner) : part);
    }
    return map;
  }

  private static Map<String, Object> delivered(Measurements measurements) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("tokens", measurements.tokens().sum());
    map.put("measuredTokens", measurements.of(Series.LATENCY).total().getTotalCount());
    map.put("frames", measurements.frames().sum());
    map.put("heartbeats", measurements.heartbeats().sum());
    map.put("bytes", measurements.bytes().sum());
    return map;
  }

  private static Map<String, Object> timings(Measurements measurements) {
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("connect", timing(measurements.connect()));
    map.put("head", timing(measurements.head()));
    map.put("resume", timing(measurements.resume()));
    map.put("answer", timing(measurements.answer()));
    for (Series series : Series.values()) {
      map.put(series.file(), timing(measurements.of(series)));
    }
    map.put("lateness", timing(measurements.lateness()));
    map.put("loopLag", timing(measurements.loopLag()));
    return map;
  }

  private static Map<String, Object> timing(Timing timing) {
    Histogram histogram = timing.total();
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("count", histogram.getTotalCount());
    map.put("meanMs", histogram.getTotalCount() == 0 ? 0 : histogram.getMean() / 1e6);
    map.put("p50Ms", histogram.getValueAtPercentile(50) / 1e6);
    map.put("p90Ms", histogram.getValueAtPercentile(90) / 1e6);
    map.put("p99Ms", histogram.getValueAtPercentile(99) / 1e6);
    map.put("p999Ms", histogram.getValueAtPercentile(99.9) / 1e6);
    map.put("maxMs", histogram.getMaxValue() / 1e6);
    return map;
  }

  private static Map<String, Object> rig(RunResult result) {
    RigAudit rig = result.rig();
    Map<String, Object> map = new LinkedHashMap<>();
    map.put("events", rig.events());
    map.put("sent", rig.sent());
    map.put("ratePercent", rig.ratePercent(result.spec().rig().limits().maxLatenessMs()));
    map.put("minRatePercent", result.spec().rig().limits().minRatePercent());
    map.put("maxLatenessMs", result.spec().rig().limits().maxLatenessMs());
    map.put("heldBack", rig.heldBack());
    return map;
  }

  private static Map<String, @Nullable Object> target(RunResult result) {
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    TargetCost cost = result.cost();
    map.put("source", cost.source());
    map.put("pid", result.spec().rig().pid());
    map.put("liveHeapBytesBefore", known(cost.before().liveHeapBytes()));
    map.put("liveHeapBytesOpen", known(cost.open().liveHeapBytes()));
    map.put("liveHeapBytesPerStream", known(cost.liveHeapBytesPerStream()));
    map.put("usedHeapBytesBefore", known(cost.before().usedHeapBytes()));
    map.put("usedHeapBytesOpen", known(cost.open().usedHeapBytes()));
    map.put("usedHeapBytesPerStream", known(cost.usedHeapBytesPerStream()));
    map.put("rssBytesBefore", known(cost.before().rssBytes()));
    map.put("rssBytesOpen", known(cost.open().rssBytes()));
    map.put("rssBytesPerStream", known(cost.rssBytesPerStream()));
    map.put("cpuMicros", cost.cpuNanos() < 0 ? null : cost.cpuNanos() / 1000);
    map.put("cpuTokens", cost.cpuTokens());
    map.put("cpuMicrosPerToken", known(cost.cpuMicrosPerToken()));
    return map;
  }

  private static @Nullable Map<String, @Nullable Object> stalled(RunResult result) {
    StalledCost stalled = result.stalled();
    if (stalled == null) {
      return null;
    }
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    map.put("rssBytesBefore", known(stalled.before()));
    map.put("rssBytesPeakWithout", known(stalled.peakWithout()));
    map.put("rssBytesPeakWith", known(stalled.peakWith()));
    map.put("growthBytes", known(stalled.growth()));
    map.put("growthByReadersBytes", known(stalled.growthByReaders()));
    map.put("latencyWithout", timing(result.measurements().besideStalled(false)));
    map.put("latencyWith", timing(result.measurements().besideStalled(true)));
    return map;
  }

  private static @Nullable Number known(Number value) {
    return value.doubleValue() < 0 ? null : value;
  }
}
