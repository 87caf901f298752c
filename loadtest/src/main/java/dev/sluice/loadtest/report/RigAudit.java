package dev.sluice.loadtest.report;

import dev.sluice.loadtest.plan.RigLimits;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import org.jspecify.annotations.Nullable;

/**
 * How the rig itself did.
 *
 * @param events how many events it had to publish; 0 if none
 * @param sent how many it published
 * @param plannedNanos from the first event to the last, as scheduled
 * @param actualNanos the same as it was; meaningless until all are sent
 * @param latenessP99Ms 99th percentile of an event's being late
 * @param loopLagP99Ms 99th percentile of a receiving loop's timer being late
 * @param heldBack whether it had to pause because the target did not read
 * @param obstacle what kept it from making the load at all, or null
 */
public record RigAudit(
    long events,
    long sent,
    long plannedNanos,
    long actualNanos,
    double latenessP99Ms,
    double loopLagP99Ms,
    boolean heldBack,
    @Nullable String obstacle) {

  /**
   * The share of the intended rate that was reached, in percent. The last event may be as late as
   * {@code maxLatenessMs} allows any: otherwise a short run would be judged by its last tick.
   */
  public double ratePercent(double maxLatenessMs) {
    if (events == 0) {
      return 100;
    }
    if (sent < events) {
      return 100.0 * sent / events;
    }
    double tookNanos = Math.max((double) plannedNanos, actualNanos - maxLatenessMs * 1e6);
    return tookNanos == 0 ? 100 : 100.0 * plannedNanos / tookNanos;
  }

  /** Why the figures can not be relied on; empty if they can. */
  public List<String> findings(RigLimits limits) {
    List<String> findings = new ArrayList<>();
    if (obstacle != null) {
      findings.add(obstacle);
    }
    double rate = ratePercent(limits.maxLatenessMs());
    if (rate < limits.minRatePercent()) {
      findings.add(
          format("published at %.1f %% of the rate, limit %.1f %%", rate, limits.minRatePercent())
              + (heldBack ? " (the target did not read: ask for a lower --rate)" : ""));
    }
    if (latenessP99Ms > limits.maxLatenessMs()) {
      findings.add(
          format("published late: p99 %.1f ms, limit %.1f", latenessP99Ms, limits.maxLatenessMs()));
    }
    if (loopLagP99Ms > limits.maxLatenessMs()) {
      findings.add(
          format("received late: p99 %.1f ms, limit %.1f", loopLagP99Ms, limits.maxLatenessMs()));
    }
    return findings;
  }

  private static String format(String format, Object... values) {
    return String.format(Locale.ROOT, format, values);
  }
}
