package dev.sluice.bench;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Set;
import java.util.TreeSet;
import java.util.stream.Collectors;

/**
 * Compares what was allocated with the baseline. Time is not looked at.
 *
 * <p>What may be allocated above the baseline:
 *
 * <ul>
 *   <li>one byte per operation: the baseline is in whole bytes;
 *   <li>two hundredths: how often a buffer grows or a segment is made depends on where an iteration
 *       begins and ends;
 *   <li>16 KiB per iteration: JMH's own threads and what is made once in a while, which only weighs
 *       where an iteration has few operations.
 * </ul>
 *
 * <p>One more object per operation, the smallest of which has 16 bytes, is found wherever an
 * iteration has some thousand operations.
 */
final class Gate {
  static final double SLACK_BYTES = 1;
  static final double SLACK_SHARE = 0.02;
  static final double ITERATION_BYTES = 16 * 1024;

  private final Baseline baseline;

  Gate(Baseline baseline) {
    this.baseline = baseline;
  }

  /** Those of our own that allocate more than they may. */
  List<Measurement> above(Measurements measured) {
    return measured.own().stream()
        .filter(
            own -> {
              Double allowed = baseline.bytesPerOp().get(own.key());
              return allowed != null && own.bytesPerOp() > limit(own, allowed);
            })
        .toList();
  }

  /** All that is wrong, for people; empty if the gate is passed. */
  List<String> faults(Measurements measured) {
    List<String> faults = new ArrayList<>();
    for (Measurement own : above(measured)) {
      double allowed = baseline.bytesPerOp().getOrDefault(own.key(), 0.0);
      faults.add(
          String.format(
              Locale.ROOT,
              "%s allocates %.1f B/op; the baseline has %.0f, the limit is %.1f",
              own.key(),
              own.bytesPerOp(),
              allowed,
              limit(own, allowed)));
    }
    Set<String> run = keys(measured);
    for (String key : run) {
      if (!baseline.bytesPerOp().containsKey(key)) {
        faults.add(key + " is not in the baseline");
      }
    }
    for (String key : baseline.bytesPerOp().keySet()) {
      if (!run.contains(key)) {
        faults.add(key + " is in the baseline and did not run");
      }
    }
    return faults;
  }

  /** Those that allocate so much less that the baseline should say so, for people. */
  List<String> improvements(Measurements measured) {
    List<String> improvements = new ArrayList<>();
    for (Measurement own : measured.own()) {
      Double allowed = baseline.bytesPerOp().get(own.key());
      if (allowed != null && own.bytesPerOp() + (limit(own, allowed) - allowed) < allowed) {
        improvements.add(
            String.format(
                Locale.ROOT,
                "%s allocates %.1f B/op; the baseline has %.0f",
                own.key(),
                own.bytesPerOp(),
                allowed));
      }
    }
    return improvements;
  }

  private static double limit(Measurement own, double allowed) {
    return allowed
        + SLACK_BYTES
        + allowed * SLACK_SHARE
        + ITERATION_BYTES / Math.max(1, own.opsPerIteration());
  }

  private static Set<String> keys(Measurements measured) {
    return measured.own().stream()
        .map(Measurement::key)
        .collect(Collectors.toCollection(TreeSet::new));
  }
}
