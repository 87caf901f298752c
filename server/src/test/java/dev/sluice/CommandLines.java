package dev.sluice;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.util.Map;
import picocli.CommandLine;
import picocli.CommandLine.ParameterException;

/** Command lines as {@link Main} takes them, without starting a server. */
final class CommandLines {
  private CommandLines() {}

  /** What {@code serve} would be started with. */
  static Settings settings(Map<String, String> environment, String... args) {
    CommandLine commandLine = Main.commandLine(environment, args);
    commandLine.parseArgs(Main.withCommand(args));
    CommandLine serve = commandLine.getSubcommands().get("serve");
    assertNotNull(serve);
    return serve.<ServeCommand>getCommand().settings();
  }

  static Settings settings(String... args) {
    return settings(Map.of(), args);
  }

  /** The first line of what is printed when the start is refused. */
  static String refusal(Map<String, String> environment, String... args) {
    try {
      settings(environment, args);
    } catch (ParameterException e) {
      // As the command prints it, and with its exit code.
      Run run = run(environment, args);
      assertEquals(2, run.exitCode());
      assertEquals("", run.out());
      assertEquals(String.valueOf(e.getMessage()), run.err().lines().findFirst().orElse(""));
      return run.err();
    }
    throw new AssertionError("was not refused");
  }

  static String refusal(String... args) {
    return refusal(Map.of(), args);
  }

  /** Runs a command that ends by itself. */
  static Run run(Map<String, String> environment, String... args) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine commandLine = Main.commandLine(environment, args);
    commandLine.setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
    int exitCode = commandLine.execute(Main.withCommand(args));
    return new Run(exitCode, out.toString(), err.toString());
  }

  record Run(int exitCode, String out, String err) {}
}
