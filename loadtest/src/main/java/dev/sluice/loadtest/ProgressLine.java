package dev.sluice.loadtest;

import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.nio.file.Path;

/** One line on stderr that is written over; nothing at all when stderr is no terminal. */
final class ProgressLine {
  private static final int WIDTH = 78;

  private final PrintWriter err;
  private final boolean shown;

  private ProgressLine(PrintWriter err, boolean shown) {
    this.err = err;
    this.shown = shown;
  }

  /** A line on {@code err}, shown if this process's stderr is a terminal. */
  static ProgressLine on(PrintWriter err) {
    return new ProgressLine(err, stderrIsTerminal());
  }

  void show(String text) {
    if (shown) {
      err.printf("\r%-" + WIDTH + "." + WIDTH + "s", text);
      err.flush();
    }
  }

  void clear() {
    if (shown) {
      err.printf("\r%-" + WIDTH + "s\r", "");
      err.flush();
    }
  }

  /** {@link System#console} tells of stdin and stdout, and from JDK 22 on not even that. */
  private static boolean stderrIsTerminal() {
    try {
      String file = Files.readSymbolicLink(Path.of("/proc/self/fd/2")).toString();
      return file.startsWith("/dev/pts/") || file.startsWith("/dev/tty");
    } catch (IOException | UnsupportedOperationException e) {
      return false;
    }
  }
}
