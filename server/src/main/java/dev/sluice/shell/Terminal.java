package dev.sluice.shell;

import java.io.Console;
import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** What one of the process's outputs leads to, and how to write to it in colour. */
final class Terminal {
  static final int STDOUT = 1;
  static final int STDERR = 2;

  static final String DIM = "\u001B[2m";
  static final String RED = "\u001B[31m";
  static final String CYAN = "\u001B[36m";
  static final String RESET = "\u001B[0m";

  private static final Pattern DEVICE = Pattern.compile("/dev/(pts/|tty|console).*");

  private Terminal() {}

  /**
   * True if somebody looks at that output. Linux tells for each one; elsewhere the JVM knows only
   * whether both standard input and output are a terminal.
   */
  static boolean isTerminal(int descriptor) {
    Path link = Path.of("/proc/self/fd/" + descriptor);
    try {
      if (Files.isSymbolicLink(link)) {
        return DEVICE.matcher(Files.readSymbolicLink(link).toString()).matches();
      }
    } catch (IOException e) {
      return false;
    }
    return isInteractive(System.console());
  }

  /**
   * True if colour is wanted there without anybody having said so.
   *
   * @param environment {@code NO_COLOR} (no-color.org) and a terminal that can do nothing forbid it
   */
  static boolean wantsColor(Map<String, String> environment, int descriptor) {
    return environment.getOrDefault("NO_COLOR", "").isEmpty()
        && !"dumb".equals(environment.get("TERM"))
        && isTerminal(descriptor);
  }

  private static boolean isInteractive(@Nullable Console console) {
    if (console == null) {
      return false;
    }
    try {
      // From Java 22 on there is a console also where there is no terminal.
      return (Boolean) Console.class.getMethod("isTerminal").invoke(console);
    } catch (ReflectiveOperationException e) {
      return true;
    }
  }
}
