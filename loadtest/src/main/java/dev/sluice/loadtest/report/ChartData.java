package dev.sluice.loadtest.report;

import dev.sluice.loadtest.measure.Series;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.TreeMap;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/** Turns histograms into the points that are drawn. */
final class ChartData {
  private static final int POINTS_PER_DECADE = 30;
  private static final double NANOS_PER_MS = 1e6;

  /** Shorter times are not told apart. */
  private static final long MIN_NANOS = 1_000;

  private ChartData() {}

  /**
   * The percentile curves of several runs over one axis.
   *
   * @return {@code x}: 1 / (1 - q), so that each further nine takes the same room; {@code y}: for
   *     each run the milliseconds, null beyond its largest value
   */
  static Map<String, Object> percentiles(List<Histogram> runs) {
    long most = runs.stream().mapToLong(Histogram::getTotalCount).max().orElse(0);
    List<Double> x = new ArrayList<>();
    double last = Math.max(1, most);
    for (int i = 0; Math.pow(10, i / (double) POINTS_PER_DECADE) < last; i++) {
      x.add(Math.pow(10, i / (double) POINTS_PER_DECADE));
    }
    x.add(last);
    List<List<@Nullable Double>> y = new ArrayList<>();
    for (Histogram run : runs) {
      List<@Nullable Double> values = new ArrayList<>();
      long count = run.getTotalCount();
      double previous = 0;
      for (double each : x) {
        boolean beyond = previous >= count;
        values.add(beyond ? null : ms(run.getValueAtPercentile(100 * (1 - 1 / each))));
        previous = each;
      }
      y.add(values);
    }
    return Map.of("x", x, "y", y);
  }

  /**
   * A run second by second.
   *
   * @param counted whose samples are counted
   * @param timed whose values are told
   * @return {@code t}: seconds from the first interval; {@code rate}: samples per second; {@code
   *     p50}, {@code p99}: milliseconds, null where there is no sample
   */
  static Map<String, Object> timeline(List<Histogram> counted, List<Histogram> timed) {
    long startMs = counted.stream().mapToLong(Histogram::getStartTimeStamp).min().orElse(0);
    Map<Long, List<Histogram>> timedBySecond = bySecond(timed, startMs);
    List<Long> t = new ArrayList<>();
    List<Double> rate = new ArrayList<>();
    List<@Nullable Double> p50 = new ArrayList<>();
    List<@Nullable Double> p99 = new ArrayList<>();
    bySecond(counted, startMs)
        .forEach(
            (second, parts) -> {
              double perSecond = 0;
              for (Histogram part : parts) {
                long tookMs = part.getEndTimeStamp() - part.getStartTimeStamp();
                // The last one may be so short that its rate says nothing.
                perSecond += part.getTotalCount() * 1e3 / Math.max(tookMs, 100);
              }
              Histogram values = new Histogram(3);
              timedBySecond.getOrDefault(second, List.of()).forEach(values::add);
              boolean none = values.getTotalCount() == 0;
              t.add(second);
              rate.add(perSecond);
              p50.add(none ? null : ms(values.getValueAtPercentile(50)));
              p99.add(none ? null : ms(values.getValueAtPercentile(99)));
            });
    return Map.of("t", t, "rate", rate, "p50", p50, "p99", p99);
  }

  /** Several processes do not take their intervals at the same moment: the middle counts. */
  private static Map<Long, List<Histogram>> bySecond(List<Histogram> intervals, long startMs) {
    Map<Long, List<Histogram>> bySecond = new TreeMap<>();
    for (Histogram interval : intervals) {
      long middleMs = (interval.getStartTimeStamp() + interval.getEndTimeStamp()) / 2;
      long second = Math.floorDiv(middleMs - startMs, 1000L);
      bySecond.computeIfAbsent(second, s -> new ArrayList<>()).add(interval);
    }
    return bySecond;
  }

  /**
   * How the samples of several runs are spread over buckets that grow by a tenth of a decade.
   *
   * @return {@code x}: the lower ends in milliseconds; {@code y}: for each run the share in percent
   */
  static Map<String, Object> spread(List<Histogram> runs) {
    TreeMap<Integer, Boolean> used = new TreeMap<>();
    List<Map<Integer, Double>> shares = new ArrayList<>();
    for (Histogram run : runs) {
      Map<Integer, Double> share = new TreeMap<>();
      double all = Math.max(1, run.getTotalCount());
      run.recordedValues()
          .forEach(
              value -> {
                int bucket = bucket(value.getValueIteratedTo());
                share.merge(
                    bucket, 100 * value.getCountAddedInThisIterationStep() / all, Double::sum);
                used.put(bucket, true);
              });
      shares.add(share);
    }
    List<Double> x = new ArrayList<>();
    List<List<Double>> y = new ArrayList<>();
    shares.forEach(run -> y.add(new ArrayList<>()));
    if (!used.isEmpty()) {
      for (int bucket = used.firstKey(); bucket <= used.lastKey() + 1; bucket++) {
        x.add(Math.pow(10, bucket / 10.0) / NANOS_PER_MS);
        for (int run = 0; run < shares.size(); run++) {
          y.get(run).add(shares.get(run).getOrDefault(bucket, 0.0));
        }
      }
    }
    return Map.of("x", x, "y", y);
  }

  /** The percentile curves of one series, or null if no run has any. */
  static @Nullable Map<String, Object> percentiles(List<StoredRun> runs, Series series) {
    List<Histogram> totals = runs.stream().map(run -> run.total(series)).toList();
    boolean none = totals.stream().allMatch(total -> total.getTotalCount() == 0);
    return none ? null : percentiles(totals);
  }

  private static int bucket(long nanos) {
    return (int) Math.floor(10 * Math.log10((double) Math.max(MIN_NANOS, nanos)));
  }

  private static double ms(long nanos) {
    return (double) nanos / NANOS_PER_MS;
  }
}
