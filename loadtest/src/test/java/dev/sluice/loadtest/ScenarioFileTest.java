package dev.sluice.loadtest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.MethodSource;

/** Scenario files and dialect files, through the command line. */
class ScenarioFileTest {
  @TempDir Path directory;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

  static Iterable<String> shipped() {
    return ScenarioFile.SHIPPED;
  }

  @ParameterizedTest
  @MethodSource("shipped")
  void whatIsShippedIsValidAndInTheHelp(String scenario) {
    // A tag that is wrong is found after all the rest has been read.
    assertEquals(2, execute("run", scenario, "--tag", "a/b"));
    assertTrue(err.toString().startsWith("--tag: "), err::toString);
    assertEquals(0, execute("run", "--help"));
    assertTrue(out.toString().contains("  " + scenario + ": "), out::toString);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "streams: 2, tokens: 3                 | not YAML",
        "- streams                             | has to be a map",
        "streams:\\n  - 2                      | streams has to have one value",
        "streams:                              | streams has to have one value",
        "strems: 2                             | no key strems; there are",
        "streams: many                         | '--streams'",
        "streams: 2\\nstreams: 3               | not YAML",
        "schedule: sometimes                   | '--schedule'",
        "tokens: 0                             | --tokens: 0 is too small",
      })
  void aWrongFileIsNamedWithWhatIsWrong(String yaml, String named) throws IOException {
    Path file = file("mine.yaml", yaml.replace("\\n", "\n"));
    assertEquals(2, execute("run", file.toString()));
    assertTrue(err.toString().contains(named), err::toString);
  }

  @Test
  void optionsBeatTheFile() throws Exception {
    Path file = file("mine.yaml", "description: few\nstreams: 0\ntokens: 2\nwarm-up-tokens: 0\n");
    assertEquals(2, execute("run", file.toString()));
    assertTrue(err.toString().contains("--streams: 0 is too small"), err::toString);
    try (ScriptedServer server = new ScriptedServer(ScriptedServer.HONEST)) {
      String[] args = {
        "run",
        "--streams=3",
        file.toString(),
        "--url",
        server.url(),
        "--max-lateness-ms",
        "1e9",
        "--min-rate-percent",
        "0",
        "--out",
        directory.resolve("out").toString()
      };
      assertEquals(0, execute(args), () -> out + "\n" + err);
    }
    assertTrue(out.toString().contains("3 open of 3"), out::toString);
    assertTrue(out.toString().contains("delivered  6 tokens"), out::toString);
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '"',
      value = {
        "form: contract                                       | subscribe-url is missing",
        "form: morse\\nsubscribe-url: /s                      | 'morse' is not contract or sse",
        "form: sse\\nsubscribe-url: /s\\ncompletes: perhaps   | 'perhaps' is not true or false",
        "form: sse\\nsubscribe-url: /s\\npost-url: /p         | post-token is missing",
        "form: sse\\nsubscribe-url: /s\\nurl: /p              | no key url; there are",
        "form: sse\\nsubscribe-url: /s\\nlines-url: /l/{chat} | one request carries all chats",
      })
  void aWrongDialectIsNamedWithWhatIsWrong(String yaml, String named) throws IOException {
    Path file = file("dialect.yaml", yaml.replace("\\n", "\n"));
    assertEquals(2, execute("run", "--dialect", file.toString()));
    assertTrue(err.toString().contains(named), err::toString);
  }

  private Path file(String name, String text) throws IOException {
    return Files.writeString(directory.resolve(name), text);
  }

  private int execute(String... args) {
    return Main.execute(new PrintWriter(out), new PrintWriter(err), args);
  }
}
