package dev.sluice.bench;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;

class MainTest {
  @TempDir Path directory = Path.of("");

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  @Test
  void helpNamesTheCommands() {
    assertEquals(0, execute("--help"));
    for (String command : new String[] {"gate", "baseline", "full", "generate"}) {
      assertTrue(out.toString().contains(command), out::toString);
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "bench", "gate --what", "gate --baseline"})
  void badUsageSaysWhatThereIs(String line) {
    assertEquals(2, execute(line.isEmpty() ? new String[0] : line.split(" ", -1)));
    assertTrue(err.toString().matches("(?s).*(Usage:|Did you mean).*"), err::toString);
  }

  @Test
  void aGateWithoutItsBaselineIsClosedBeforeAnythingRuns() {
    String missing = directory.resolve("missing.json").toString();
    assertEquals(1, execute("gate", "--baseline", missing, "--out", directory.toString()));
    assertTrue(err.toString().contains("missing.json"), err::toString);
  }

  private int execute(String... args) {
    CommandLine commandLine = Main.commandLine();
    commandLine.setOut(new PrintWriter(out, true)).setErr(new PrintWriter(err, true));
    return commandLine.execute(args);
  }
}
