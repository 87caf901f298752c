package dev.sluice.loadtest.target;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

class TargetProcessTest {
  @Test
  void theLastRowOfTheHistogramIsTheLiveHeap() {
    String text =
        """
        4711:
         num     #instances         #bytes  class name (module)
        -------------------------------------------------------
           1:         11532        1036928  [B (java.base@17)
           2:            10            240  org.example.Total
        Total         53478        3456789
        """;
    assertEquals(3_456_789, ProcText.histogramTotalBytes(text));
    assertEquals(-1, ProcText.histogramTotalBytes("4711:\nno such process\n"));
  }

  @Test
  void residentMemoryIsGivenInKilobytes() {
    assertEquals(
        2_048, ProcText.rssBytes("Name:\tjava\nVmHWM:\t      9 kB\nVmRSS:\t       2 kB\n"));
    assertEquals(-1, ProcText.rssBytes(""));
  }

  @Test
  void cpuTimeIsCountedFromTheLastParenthesis() {
    String stat = "42 (a) b (c) S 1 42 42 0 -1 4194560 9 8 7 6 250 30 0 0 20 0 33 0 12345 1 2\n";
    assertEquals(280, ProcText.cpuTicks(stat));
    assertEquals(-1, ProcText.cpuTicks(""));
    assertEquals(-1, ProcText.cpuTicks("42 (x) S 1"));
  }

  @Test
  void aProcessThatIsNotThereLeavesNotesAndNoFigures() throws Exception {
    // Beyond the largest pid that Linux gives out.
    TargetProcess process = new TargetProcess(1L << 23);
    assertEquals(MemoryReading.NONE, process.readMemory());
    assertEquals(MemoryReading.UNKNOWN, process.readCpuNanos());
    assertFalse(process.notes().isEmpty());
    int notes = process.notes().size();
    process.readMemory();
    assertEquals(notes, process.notes().size());
  }

  /** To look for a heap with a JVM's own means sends a signal that ends others. */
  @Test
  void aProcessThatIsNoJvmIsReadAndLeftAlone() throws Exception {
    Process other =
        new ProcessBuilder("sh", "-c", "trap 'exit 9' QUIT; echo set; while :; do sleep 0.01; done")
            .start();
    try {
      assertEquals("set", other.inputReader().readLine());
      TargetProcess process = new TargetProcess(other.pid());
      MemoryReading memory = process.readMemory();
      assertEquals(MemoryReading.UNKNOWN, memory.liveHeapBytes());
      assertTrue(memory.rssBytes() > 0, memory::toString);
      assertTrue(process.notes().toString().contains("no Java process"), process.notes()::toString);
      assertFalse(other.waitFor(200, TimeUnit.MILLISECONDS), "it was ended");
    } finally {
      other.destroyForcibly();
    }
  }

  @Test
  void tooFewFilesAreToldWithTheNumberThatIsNeeded() {
    FileLimit limit = new FileLimit(1_000, 20);
    assertTrue(limit.allows(900));
    assertFalse(limit.allows(950));
    assertTrue(limit.advice(950).contains("ulimit -n 1034"), limit.advice(950));
  }
}
