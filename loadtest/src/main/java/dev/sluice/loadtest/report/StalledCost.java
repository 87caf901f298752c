package dev.sluice.loadtest.report;

import dev.sluice.loadtest.target.MemoryReading;

/**
 * The target's resident memory in a run with stalled readers; each figure in bytes, or {@link
 * MemoryReading#UNKNOWN}.
 *
 * @param before before anything was published
 * @param peakWithout the most while as much was published to chats without readers
 * @param peakWith the most from when on stalled readers were written to
 */
public record StalledCost(long before, long peakWithout, long peakWith) {

  /** By how much it grew in all, or {@link MemoryReading#UNKNOWN}. */
  public long growth() {
    return growth(before, Math.max(peakWithout, peakWith));
  }

  /** By how much the stalled readers made it grow, or {@link MemoryReading#UNKNOWN}. */
  public long growthByReaders() {
    return growth(peakWithout, peakWith);
  }

  private static long growth(long from, long to) {
    return from < 0 || to < 0 ? MemoryReading.UNKNOWN : Math.max(0, to - from);
  }
}
