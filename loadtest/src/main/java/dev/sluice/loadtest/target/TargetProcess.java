package dev.sluice.loadtest.target;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Reads memory and CPU time of the target's process, with {@code jcmd} and {@code /proc}. What can
 * not be read is left unknown, once with a note. Belongs to one thread.
 */
public final class TargetProcess implements TargetUse {
  /**
   * {@code /proc} counts in USER_HZ, which Linux fixes at 100 for user space on x86-64 and aarch64.
   */
  private static final long NANOS_PER_TICK = 10_000_000;

  private static final int JCMD_TIMEOUT_SECONDS = 60;
  private static final String JVM_LIBRARY = "libjvm.so";

  private final long pid;
  private final List<String> notes = new ArrayList<>();

  /** Looks at the process with this id; does not touch it yet. */
  public TargetProcess(long pid) {
    this.pid = pid;
  }

  @Override
  public String source() {
    return "process " + pid;
  }

  @Override
  public List<String> notes() {
    return List.copyOf(notes);
  }

  /**
   * Collects the target's garbage, then reads what is left. Takes up to seconds, and stops the
   * target meanwhile.
   */
  @Override
  public MemoryReading readMemory() throws InterruptedException {
    return new MemoryReading(readLiveHeapBytes(), MemoryReading.UNKNOWN, readRssBytes());
  }

  private long readLiveHeapBytes() throws InterruptedException {
    if (!proc("maps").contains(JVM_LIBRARY)) {
      // To attach is to send SIGQUIT, at which nginx, for one, ends its worker.
      note("process " + pid + " is no Java process, so no live heap");
      return MemoryReading.UNKNOWN;
    }
    jcmd("GC.run");
    // The histogram counts reachable objects exactly; heap_info would count whole regions.
    return ProcText.histogramTotalBytes(jcmd("GC.class_histogram"));
  }

  @Override
  public long readRssBytes() {
    return ProcText.rssBytes(proc("status"));
  }

  /** In steps of 10 ms. */
  @Override
  public long readCpuNanos() {
    long ticks = ProcText.cpuTicks(proc("stat"));
    return ticks < 0 ? MemoryReading.UNKNOWN : ticks * NANOS_PER_TICK;
  }

  private String proc(String file) {
    try {
      return Files.readString(Path.of("/proc", Long.toString(pid), file));
    } catch (IOException e) {
      note("process " + pid + ": no " + e.getMessage());
      return "";
    }
  }

  private String jcmd(String command) throws InterruptedException {
    Path output = null;
    try {
      // Into a file: reading a pipe would wait as long as a hanging jcmd holds it open.
      output = Files.createTempFile("jcmd", ".txt");
      Process process =
          new ProcessBuilder(jcmdProgram(), Long.toString(pid), command)
              .redirectErrorStream(true)
              .redirectOutput(output.toFile())
              .start();
      if (!process.waitFor(JCMD_TIMEOUT_SECONDS, TimeUnit.SECONDS)) {
        process.destroyForcibly();
        note("jcmd " + command + " did not answer within " + JCMD_TIMEOUT_SECONDS + " s");
        return "";
      }
      String text = Files.readString(output, StandardCharsets.UTF_8);
      if (process.exitValue() != 0) {
        note("jcmd " + pid + " failed, so no live heap: " + text.lines().findFirst().orElse(""));
        return "";
      }
      return text;
    } catch (IOException e) {
      note("jcmd can not be run, so no live heap: " + e.getMessage());
      return "";
    } finally {
      deleteQuietly(output);
    }
  }

  private static String jcmdProgram() {
    Path own = Path.of(System.getProperty("java.home", ""), "bin", "jcmd");
    return Files.isExecutable(own) ? own.toString() : "jcmd";
  }

  private void deleteQuietly(@Nullable Path file) {
    try {
      if (file != null) {
        Files.deleteIfExists(file);
      }
    } catch (IOException e) {
      note("left behind: " + file);
    }
  }

  private void note(String text) {
    if (!notes.contains(text)) {
      notes.add(text);
    }
  }
}
