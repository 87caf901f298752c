package dev.sluice.loadtest.report;

import dev.sluice.loadtest.check.FaultLog;
import dev.sluice.loadtest.measure.Measurements;
import dev.sluice.loadtest.plan.RunSpec;
import dev.sluice.loadtest.plan.Transport;
import dev.sluice.loadtest.target.MemoryReading;
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
 * @param memoryBefore the target before the first stream
 * @param memoryOpen the target with all streams open and idle
 * @param targetCpuNanos CPU time of the target from the first measured token to the last, or {@link
 *     MemoryReading#UNKNOWN}
 * @param targetCpuTokens how many measured tokens were received within it
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
    MemoryReading memoryBefore,
    MemoryReading memoryOpen,
    long targetCpuNanos,
    long targetCpuTokens,
    List<String> notes) {

  /** Pass, or whose fault it is. What the target did wrong stays wrong even if the rig was late. */
  public Verdict verdict() {
    if (!faults.isEmpty() || aboveMaxIdleBytes()) {
      return Verdict.FAIL_SERVER;
    }
    boolean unknownMemory = spec.rig().maxIdleBytes() > 0 && liveHeapBytesPerStream() < 0;
    return rig.findings(spec.rig().limits()).isEmpty() && !unknownMemory
        ? Verdict.PASS
        : Verdict.FAIL_RIG;
  }

  /** Whether the target takes more live heap for an idle stream than it may. */
  public boolean aboveMaxIdleBytes() {
    long maxBytes = spec.rig().maxIdleBytes();
    return maxBytes > 0 && liveHeapBytesPerStream() > maxBytes;
  }

  /** Live heap for each idle stream, in bytes, or {@link MemoryReading#UNKNOWN}. */
  public long liveHeapBytesPerStream() {
    return perStream(memoryBefore.liveHeapBytes(), memoryOpen.liveHeapBytes());
  }

  /** Resident memory for each idle stream, in bytes, or {@link MemoryReading#UNKNOWN}. */
  public long rssBytesPerStream() {
    return perStream(memoryBefore.rssBytes(), memoryOpen.rssBytes());
  }

  /** CPU time of the target for each measured token, in µs, or {@link MemoryReading#UNKNOWN}. */
  public double targetCpuMicrosPerToken() {
    if (targetCpuNanos < 0 || targetCpuTokens == 0) {
      return MemoryReading.UNKNOWN;
    }
    return targetCpuNanos / 1e3 / targetCpuTokens;
  }

  private long perStream(long before, long open) {
    if (before < 0 || open < 0 || opened == 0) {
      return MemoryReading.UNKNOWN;
    }
    // A target may well shrink meanwhile, but a negative figure would read as unknown.
    return Math.max(0, (open - before) / opened);
  }
}
