package dev.sluice.clients;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.util.Deque;
import java.util.List;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.ConcurrentLinkedDeque;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * A process that a test started and that ends with it, together with what it has started itself.
 * Its output is always read, so that it never waits for its reader.
 */
final class ChildProcess implements AutoCloseable {
  private static final int ERROR_LINES_KEPT_MAX = 200;
  private static final long END_PATIENCE_MS = 10_000;

  private final String name;
  private final Process process;
  private final Thread endWithTheTests = new Thread(this::end);

  /** The lines of standard output; empty marks its end. */
  private final BlockingQueue<Optional<String>> lines = new LinkedBlockingQueue<>();

  private final Deque<String> errorLines = new ConcurrentLinkedDeque<>();

  private ChildProcess(String name, Process process) {
    this.name = name;
    this.process = process;
  }

  static ChildProcess start(String name, List<String> command) {
    return start(name, new ProcessBuilder(command));
  }

  static ChildProcess start(String name, ProcessBuilder builder) {
    try {
      ChildProcess child = new ChildProcess(name, builder.start());
      Runtime.getRuntime().addShutdownHook(child.endWithTheTests);
      child.read(child.process.getInputStream(), line -> child.lines.add(Optional.of(line)));
      child.read(child.process.getErrorStream(), child::keepError);
      return child;
    } catch (IOException e) {
      throw new UncheckedIOException("cannot start " + name, e);
    }
  }

  private void read(InputStream stream, Consumer<String> sink) {
    boolean isOutput = stream == process.getInputStream();
    Thread reader =
        new Thread(
            () -> {
              try (BufferedReader from = new BufferedReader(new InputStreamReader(stream, UTF_8))) {
                from.lines().forEach(sink);
              } catch (IOException | UncheckedIOException e) {
                keepError("the reading of " + name + " broke off: " + e);
              } finally {
                if (isOutput) {
                  lines.add(Optional.empty());
                }
              }
            },
            "output of " + name);
    reader.setDaemon(true);
    reader.start();
  }

  private void keepError(String line) {
    errorLines.add(line);
    if (errorLines.size() > ERROR_LINES_KEPT_MAX) {
      errorLines.poll();
    }
  }

  /** The next line of standard output, as soon as it is there; empty at its end. */
  Optional<String> nextLine() {
    return nextLine(new Deadline());
  }

  private Optional<String> nextLine(Deadline deadline) {
    try {
      Optional<String> line = lines.poll(deadline.leftMs(), TimeUnit.MILLISECONDS);
      if (line == null) {
        throw failure("printed nothing for " + Deadline.PATIENCE);
      }
      if (line.isEmpty()) {
        lines.add(line);
      }
      return line;
    } catch (InterruptedException e) {
      throw Deadline.interrupted(e);
    }
  }

  /** Reads on to the line that tells, and returns the pattern's first group. */
  String awaitLine(Pattern telling) {
    Deadline deadline = new Deadline();
    while (true) {
      String line =
          nextLine(deadline).orElseThrow(() -> failure("ended without printing " + telling));
      Matcher matcher = telling.matcher(line);
      if (matcher.find()) {
        return matcher.group(1);
      }
    }
  }

  int awaitExit() {
    try {
      if (!process.waitFor(Deadline.PATIENCE.toMillis(), TimeUnit.MILLISECONDS)) {
        throw failure("does not end");
      }
      return process.exitValue();
    } catch (InterruptedException e) {
      throw Deadline.interrupted(e);
    }
  }

  /** What it reads as its standard input. */
  OutputStream input() {
    return process.getOutputStream();
  }

  long pid() {
    return process.pid();
  }

  /** Asks it to end: SIGTERM. */
  void terminate() {
    // Not through the process itself, which would close our ends of its pipes, too.
    process.toHandle().destroy();
  }

  /** Ends it at once, without a chance to do anything about it. */
  void kill() {
    process.destroyForcibly();
    awaitExit();
  }

  AssertionError failure(String what) {
    return new AssertionError(name + " " + what + "\n" + errors());
  }

  /** The newest lines of standard error. */
  String errors() {
    return String.join("\n", errorLines);
  }

  boolean isAlive() {
    return process.isAlive();
  }

  private void end() {
    List<ProcessHandle> descendants = process.descendants().toList();
    process.destroy();
    try {
      if (!process.waitFor(END_PATIENCE_MS, TimeUnit.MILLISECONDS)) {
        process.destroyForcibly();
      }
    } catch (InterruptedException e) {
      process.destroyForcibly();
      Thread.currentThread().interrupt();
    }
    descendants.forEach(ProcessHandle::destroyForcibly);
  }

  @Override
  public void close() {
    end();
    Runtime.getRuntime().removeShutdownHook(endWithTheTests);
  }
}
