package dev.sluice;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import picocli.CommandLine;
import picocli.CommandLine.Model.OptionSpec;

class MainTest {
  private static final String SECRET = "sk-0123456789";

  @ParameterizedTest
  @CsvSource({
    "'', serve", "--port 1, serve --port 1", "serve, serve", "serve --port 1, serve --port 1",
    "tail a b, tail a b", "publish a b, publish a b", "--help, --help", "-h, -h",
    "--version, --version", "-V, -V", "--port 1 --help, serve --port 1 --help",
  })
  void servesUnlessAskedForSomethingElse(String args, String expected) {
    String[] given = args.isEmpty() ? new String[0] : args.split(" ", -1);
    assertArrayEquals(expected.split(" ", -1), Main.withCommand(given));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "--port=x",
        "serve --port=x",
        "--port=70000",
        "--no-such-option",
        "serve extra",
        "--config=no-such-file",
        "no-such-command",
        "tail",
        "tail http://h",
        "publish http://h",
        "--upstream-url=ftp://h",
        "--port",
        "tail no-scheme c",
        "tail ftp://h c",
        "tail http:// c",
        "publish http://h?q c",
        "publish http://u@h c",
        "tail http://h c --from=x",
        "tail http://h c --from=1-x",
        "tail http://h c --last-event-id=start",
        "tail http://h c --from=live --last-event-id=1-1",
        "tail http://h c --color=blue",
        "tail http://h c --type=text",
        "tail http://h c --max-retries=-1",
        "tail http://h c --retry-timeout=x",
        "publish http://h c --rate=5",
        "publish http://h c --tokens --rate=0",
        "publish http://h c --ndjson --tokens",
        "publish http://h c --ndjson --run=r",
        "publish http://h c --type=final",
      })
  void wrongUsageExitsWithTwo(String args) {
    CommandLines.Run run = CommandLines.run(Map.of(), args.split(" ", -1));
    assertEquals(2, run.exitCode(), run.err());
    assertEquals("", run.out());
    assertFalse(run.err().isEmpty());
    assertFalse(run.err().contains("\tat "), "a stack trace");
  }

  @Test
  void aBadEnvironmentOrFileStopsTheServerOnly() {
    Map<String, String> bad = Map.of("SLUICE_PROT", "1");
    assertEquals(2, CommandLines.run(bad).exitCode());
    assertEquals(2, CommandLines.run(bad, "serve").exitCode());
    assertEquals(0, CommandLines.run(bad, "--help").exitCode());
    assertEquals(0, CommandLines.run(bad, "--version").exitCode());
    CommandLines.Run tail =
        CommandLines.run(bad, "tail", "http://127.0.0.1:1", "c", "--max-retries=0");
    assertEquals(1, tail.exitCode());
    assertFalse(tail.err().contains("SLUICE_PROT"), tail.err());
  }

  @Test
  void helpNamesTheCommands() {
    CommandLines.Run run = CommandLines.run(Map.of(), "--help");
    assertEquals(0, run.exitCode());
    for (String command : new String[] {"serve", "tail", "publish"}) {
      assertTrue(run.out().contains(command), run.out());
    }
  }

  @Test
  void helpOfServeNamesEveryOptionAndNoSecret() {
    Map<String, String> environment =
        Map.of("SLUICE_UPSTREAM_KEY", SECRET, "SLUICE_UPSTREAM_HEADERS", "X: " + SECRET);
    CommandLines.Run run = CommandLines.run(environment, "serve", "--help");
    assertEquals(0, run.exitCode(), run.err());
    for (OptionSpec option : new CommandLine(new ServeCommand()).getCommandSpec().options()) {
      assertTrue(run.out().contains(option.longestName()), option.longestName());
    }
    assertFalse(run.out().contains(SECRET));
  }

  @Test
  void aWrongOptionDoesNotShowTheSecretsOfTheEnvironment() {
    Map<String, String> environment =
        Map.of("SLUICE_UPSTREAM_KEY", SECRET, "SLUICE_UPSTREAM_HEADERS", "X: " + SECRET);
    CommandLines.Run run = CommandLines.run(environment, "--port=x");
    assertEquals(2, run.exitCode());
    assertFalse(run.err().contains(SECRET), run.err());
  }

  @Test
  void saysItsVersion() {
    CommandLines.Run run = CommandLines.run(Map.of(), "--version");
    assertEquals(0, run.exitCode());
    assertEquals("sluice " + Version.text(), run.out().strip());
  }

  @Test
  void aCommandThatFailsExitsWithOneAndOneLine() {
    CommandLines.Run run =
        CommandLines.run(Map.of(), "tail", "http://127.0.0.1:1", "c", "--max-retries=0");
    assertEquals(1, run.exitCode());
    assertEquals(1, run.err().lines().count(), run.err());
    assertTrue(run.err().startsWith("tail: "), run.err());
  }
}
