package dev.sluice.loadtest.target;

import java.util.List;

/** What the target takes of its machine, as it can be read. Belongs to one thread. */
public interface TargetUse {

  /** Where the figures come from, for people. */
  String source();

  /** What the target holds now; may take seconds. */
  MemoryReading readMemory() throws InterruptedException;

  /**
   * Resident memory now, quickly; or {@link MemoryReading#UNKNOWN}. The target does not notice it.
   */
  long readRssBytes();

  /** CPU time that the target has used so far, or {@link MemoryReading#UNKNOWN}. */
  long readCpuNanos();

  /** What could not be read, and why; and what a reader of the figures should know. */
  List<String> notes();
}
