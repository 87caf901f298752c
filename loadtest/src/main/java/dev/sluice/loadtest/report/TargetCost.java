package dev.sluice.loadtest.report;

import dev.sluice.loadtest.target.MemoryReading;
import org.jspecify.annotations.Nullable;

/**
 * What the target took of its machine.
 *
 * @param source where the figures come from, or null if nobody looked
 * @param before the target before the first stream
 * @param open the target with all streams open and idle
 * @param streams how many these were
 * @param cpuNanos CPU time of the target from the first measured token to the last, or {@link
 *     MemoryReading#UNKNOWN}
 * @param cpuTokens how many measured tokens were received within it
 */
public record TargetCost(
    @Nullable String source,
    MemoryReading before,
    MemoryReading open,
    int streams,
    long cpuNanos,
    long cpuTokens) {

  /** Live heap for each idle stream, in bytes, or {@link MemoryReading#UNKNOWN}. */
  public long liveHeapBytesPerStream() {
    // A target may well shrink meanwhile, but a negative figure would read as unknown.
    return perStream(before.liveHeapBytes(), open.liveHeapBytes(), 0);
  }

  /**
   * Heap in use for each idle stream, garbage included, in bytes, or {@link MemoryReading#UNKNOWN};
   * also if more garbage was collected than the streams took.
   */
  public long usedHeapBytesPerStream() {
    return perStream(before.usedHeapBytes(), open.usedHeapBytes(), MemoryReading.UNKNOWN);
  }

  /** Resident memory for each idle stream, in bytes, or {@link MemoryReading#UNKNOWN}. */
  public long rssBytesPerStream() {
    return perStream(before.rssBytes(), open.rssBytes(), 0);
  }

  /** CPU time of the target for each measured token, in µs, or {@link MemoryReading#UNKNOWN}. */
  public double cpuMicrosPerToken() {
    if (cpuNanos < 0 || cpuTokens == 0) {
      return MemoryReading.UNKNOWN;
    }
    return cpuNanos / 1e3 / cpuTokens;
  }

  private long perStream(long beforeBytes, long openBytes, long shrunk) {
    if (beforeBytes < 0 || openBytes < 0 || streams == 0) {
      return MemoryReading.UNKNOWN;
    }
    return openBytes < beforeBytes ? shrunk : (openBytes - beforeBytes) / streams;
  }
}
