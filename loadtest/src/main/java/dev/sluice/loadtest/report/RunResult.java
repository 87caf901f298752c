package dev.sluice.loadtest.report;

import dev.sluice.loadtest.check.FaultLog;
import dev.sluice.loadtest.measure.Measurements;
import dev.sluice.loadtest.plan.RunSpec;
import dev.sluice.loadtest.plan.Transport;
import java.util.List;

/**
 * What a run found. Read it only when the run is over.
 *
 * @param spec what was asked for
 * @param transport the transport in use
 * @param measurements what was measured
 * @param faults what the target did wrong
 * @param opened how many streams were opened
 * @param drops how many connections were dropped on purpose
 * @param rig how the rig did
 * @param cost what the target took
 * @param notes what a reader of the figures should know
 */
public record RunResult(
    RunSpec spec,
    Transport transport,
    Measurements measurements,
    FaultLog faults,
    int opened,
    int drops,
    RigAudit rig,
    TargetCost cost,
    List<String> notes) {

  /** Pass, or whose fault it is. What the target did wrong stays wrong even if the rig was late. */
  public Verdict verdict() {
    if (!faults.isEmpty() || aboveMaxIdleBytes()) {
      return Verdict.FAIL_SERVER;
    }
    boolean unknownMemory = spec.rig().maxIdleBytes() > 0 && cost.liveHeapBytesPerStream() < 0;
    return rig.findings(spec.rig().limits()).isEmpty() && !unknownMemory
        ? Verdict.PASS
        : Verdict.FAIL_RIG;
  }

  /** Whether the target takes more live heap for an idle stream than it may. */
  public boolean aboveMaxIdleBytes() {
    long maxBytes = spec.rig().maxIdleBytes();
    return maxBytes > 0 && cost.liveHeapBytesPerStream() > maxBytes;
  }
}
