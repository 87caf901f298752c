package dev.sluice.loadtest.target;

/**
 * What a process holds at one moment.
 *
 * @param liveHeapBytes bytes of reachable objects, or {@link #UNKNOWN}
 * @param usedHeapBytes the heap in use, garbage included, or {@link #UNKNOWN}
 * @param rssBytes resident memory, or {@link #UNKNOWN}
 */
public record MemoryReading(long liveHeapBytes, long usedHeapBytes, long rssBytes) {
  /** The value of a figure that could not be read. */
  public static final long UNKNOWN = -1;

  /** A reading that knows nothing. */
  public static final MemoryReading NONE = new MemoryReading(UNKNOWN, UNKNOWN, UNKNOWN);
}
