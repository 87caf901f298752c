package dev.sluice.loadtest.rig;

import dev.sluice.loadtest.report.StalledCost;
import dev.sluice.loadtest.target.MemoryReading;
import dev.sluice.loadtest.target.TargetUse;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Looks at the target's resident memory again and again while stalled readers are written to, and
 * before. Belongs to the thread that leads the run.
 */
final class StalledWatch {
  private static final long LOOK_EVERY_NANOS = TimeUnit.MILLISECONDS.toNanos(200);

  private final @Nullable TargetUse use;
  private final long stalledFromNanos;
  private final long before;
  private long peakWithout = MemoryReading.UNKNOWN;
  private long peakWith = MemoryReading.UNKNOWN;
  private long nextNanos;

  /** Nothing has been published yet. */
  StalledWatch(@Nullable TargetUse use, long stalledFromNanos) {
    this.use = use;
    this.stalledFromNanos = stalledFromNanos;
    this.before = read();
  }

  /** Looks, if it is time to, so long after the first event. */
  void look(long offsetNanos) {
    if (offsetNanos < nextNanos) {
      return;
    }
    nextNanos = offsetNanos + LOOK_EVERY_NANOS;
    if (offsetNanos < stalledFromNanos) {
      peakWithout = Math.max(peakWithout, read());
    } else {
      peakWith = Math.max(peakWith, read());
    }
  }

  StalledCost cost() {
    return new StalledCost(before, peakWithout, peakWith);
  }

  private long read() {
    return use == null ? MemoryReading.UNKNOWN : use.readRssBytes();
  }
}
