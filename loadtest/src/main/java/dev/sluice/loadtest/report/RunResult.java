package dev.sluice.loadtest.report;

import dev.sluice.loadtest.check.FaultLog;
import dev.sluice.loadtest.measure.Measurements;
import dev.sluice.loadtest.plan.RunSpec;
import dev.sluice.loadtest.plan.Transport;
import java.util.List;
import org.jspecify.annotations.Nullable;

/**
 * What a run found. Read it only when the run is over.
 *
 * @param spec what was asked for
 * @param transport the transport in use
 * @param measurements what was measured
 * @param faults what the target did wrong
 * @param opened how many streams were opened
 * @param rig how the rig did
 * @param cost what the target took
 * @param stalled what stalled readers cost it, or null if there were none
 * @param notes what a reader of the figures should know
 */
public record RunResult(
    RunSpec spec,
    Transport transport,
    Measurements measurements,
    FaultLog faults,
    int opened,
    RigAudit rig,
    TargetCost cost,
    @Nullable StalledCost stalled,
    List<String> notes) {

  /** Pass, or whose fault it is. What the target did wrong stays wrong even if the rig was late. */
  public Verdict verdict() {
    if (!faults.isEmpty() || aboveMaxIdleBytes() || aboveMaxGrowthBytes()) {
      return Verdict.FAIL_SERVER;
    }
    boolean unknownMemory =
        (spec.rig().maxIdleBytes() > 0 && cost.liveHeapBytesPerStream() < 0)
            || (spec.rig().maxGrowthBytes() > 0 && (stalled == null || stalled.growth() < 0));
    return rig.findings(spec.rig().limits()).isEmpty() && !unknownMemory
        ? Verdict.PASS
        : Verdict.FAIL_RIG;
  }

  /** Whether the target takes more live heap for an idle stream than it may. */
  public boolean aboveMaxIdleBytes() {
    long maxBytes = spec.rig().maxIdleBytes();
    return maxBytes > 0 && cost.liveHeapBytesPerStream() > maxBytes;
  }

  /** Whether the target grew more while readers were stalled than it may. */
  public boolean aboveMaxGrowthBytes() {
    long maxBytes = spec.rig().maxGrowthBytes();
    return maxBytes > 0 && stalled != null && stalled.growth() > maxBytes;
  }
}
