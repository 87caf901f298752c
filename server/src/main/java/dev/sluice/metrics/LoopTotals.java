package dev.sluice.metrics;

import io.prometheus.metrics.model.registry.MultiCollector;
import io.prometheus.metrics.model.snapshots.ClassicHistogramBuckets;
import io.prometheus.metrics.model.snapshots.CounterSnapshot;
import io.prometheus.metrics.model.snapshots.CounterSnapshot.CounterDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot;
import io.prometheus.metrics.model.snapshots.GaugeSnapshot.GaugeDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot;
import io.prometheus.metrics.model.snapshots.HistogramSnapshot.HistogramDataPointSnapshot;
import io.prometheus.metrics.model.snapshots.Labels;
import io.prometheus.metrics.model.snapshots.MetricSnapshots;
import java.time.InstantSource;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import org.HdrHistogram.Histogram;
import org.HdrHistogram.HistogramIterationValue;

/**
 * The sum of what all event loops count. Any thread; one at a time, for as long as merging takes:
 * well under a millisecond.
 */
final class LoopTotals implements MultiCollector {
  private final List<LoopMetrics> loops = new CopyOnWriteArrayList<>();
  private final LoopInterval total = new LoopInterval();
  private final HistogramLogs logs;

  LoopTotals(InstantSource clock) {
    logs = new HistogramLogs(clock);
  }

  LoopMetrics newLoop() {
    LoopMetrics loop = new LoopMetrics();
    loops.add(loop);
    return loop;
  }

  /** Ends an interval of the logs and begins the next one. */
  synchronized void cut() {
    merge();
    logs.cut();
  }

  synchronized long count(Distribution what) {
    merge();
    return total.histogram(what).getTotalCount();
  }

  /** All values of that distribution since the start, as a copy. */
  synchronized Histogram all(Distribution what) {
    merge();
    return total.histogram(what).copy();
  }

  /** The interval log of that distribution, which adds up to {@link #all}. */
  synchronized String log(Distribution what) {
    merge();
    return logs.text(what);
  }

  @Override
  public synchronized MetricSnapshots collect() {
    merge();
    MetricSnapshots.Builder snapshots = MetricSnapshots.builder();
    snapshots.metricSnapshot(
        byType(
            "sluice_frames",
            "Frames handed to streams, by what they are.",
            total.frames,
            FrameType.COUNT));
    // An event is no token, so the last type is left out.
    snapshots.metricSnapshot(
        byType(
            "sluice_tokens",
            "Tokens handed to streams, by type: each counts once for each stream.",
            total.tokens,
            FrameType.EVENT.index()));
    snapshots.metricSnapshot(
        byType(
            "sluice_frame_bytes",
            "Bytes of frames handed to streams, by what they are.",
            total.frameBytes,
            FrameType.COUNT));
    snapshots.metricSnapshot(
        counter(
            "sluice_stream_bytes",
            "Bytes handed to the channels of streams: frames, heartbeats, chunk headers.",
            total.streamBytes));
    snapshots.metricSnapshot(
        counter("sluice_heartbeats", "Heartbeats handed to streams.", total.heartbeats));
    GaugeSnapshot.Builder states =
        GaugeSnapshot.builder()
            .name("sluice_streams_by_state")
            .help("Streams that are open, by what they are doing.");
    for (int i = 0; i < StreamState.COUNT; i++) {
      states.dataPoint(
          GaugeDataPointSnapshot.builder()
              .labels(Labels.of("state", StreamState.at(i).label()))
              .value((double) total.streams[i])
              .build());
    }
    snapshots.metricSnapshot(states.build());
    for (int i = 0; i < Distribution.COUNT; i++) {
      snapshots.metricSnapshot(histogram(Distribution.at(i)));
    }
    return snapshots.build();
  }

  private void merge() {
    for (LoopMetrics loop : loops) {
      LoopInterval interval = loop.take();
      total.add(interval);
      logs.add(interval);
      interval.clear();
    }
  }

  private HistogramSnapshot histogram(Distribution what) {
    double[] bounds = what.bounds();
    double[] upper = new double[bounds.length + 1];
    System.arraycopy(bounds, 0, upper, 0, bounds.length);
    upper[bounds.length] = Double.POSITIVE_INFINITY;
    long[] counts = new long[upper.length];
    int bucket = 0;
    for (HistogramIterationValue slot : total.histogram(what).recordedValues()) {
      while (slot.getValueIteratedTo() > upper[bucket] * what.scale()) {
        bucket++;
      }
      counts[bucket] += slot.getCountAddedInThisIterationStep();
    }
    return HistogramSnapshot.builder()
        .name(what.metricName())
        .help(what.help())
        .dataPoint(
            HistogramDataPointSnapshot.builder()
                .classicHistogramBuckets(ClassicHistogramBuckets.of(upper, counts))
                .sum(total.sums[what.index()] / what.scale())
                .build())
        .build();
  }

  private static CounterSnapshot byType(String name, String help, long[] counts, int typeCount) {
    CounterSnapshot.Builder counter = CounterSnapshot.builder().name(name).help(help);
    for (int i = 0; i < typeCount; i++) {
      counter.dataPoint(
          CounterDataPointSnapshot.builder()
              .labels(Labels.of("type", FrameType.at(i).label()))
              .value((double) counts[i])
              .build());
    }
    return counter.build();
  }

  private static CounterSnapshot counter(String name, String help, long count) {
    return CounterSnapshot.builder()
        .name(name)
        .help(help)
        .dataPoint(CounterDataPointSnapshot.builder().value((double) count).build())
        .build();
  }
}
