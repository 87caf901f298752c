package dev.sluice;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.ByteArrayInputStream;
import java.io.InputStream;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import org.junit.jupiter.api.Test;
import picocli.CommandLine;

/** The commands that are clients: what {@code publish} is given, {@code tail} prints. */
class ShellTest {
  private static final String TEXT = "Hëllo,\n  \"world\" 🌍\n";

  private record Outcome(int exitCode, String out, String err) {}

  @Test
  void tailPrintsWhatWasPublished() throws InterruptedException {
    try (Sluice server = start()) {
      String url = server.uri().toString();
      assertEquals(0, run(TEXT, "publish", url, "a chat-1").exitCode());
      Outcome tail = run("", "tail", url, "a chat-1");
      assertEquals(0, tail.exitCode());
      assertEquals(TEXT + System.lineSeparator(), tail.out());
    }
  }

  @Test
  void jsonTailPrintsEveryEvent() throws InterruptedException {
    String lines =
        """
        {"event":"token","data":"a","type":"finalResponse"}
        {"event":"custom","data":{"n":1}}
        {"event":"end"}
        """;
    try (Sluice server = start()) {
      String url = server.uri().toString();
      assertEquals(0, run(lines, "publish", url, "c", "--ndjson").exitCode());
      assertEquals(
          """
          {"event":"start","data":""}
          {"event":"token","data":"a","type":"finalResponse"}
          {"event":"custom","data":{"n":1}}
          {"event":"end","data":"[DONE]"}
          """,
          run("", "tail", url, "c", "--json").out().replace(System.lineSeparator(), "\n"));
    }
  }

  @Test
  void refusalsAreToldAndCostTheExitCode() throws InterruptedException {
    try (Sluice server = start()) {
      String url = server.uri().toString();
      Outcome publish = run("{\"event\":\"gap\",\"data\":1}\n", "publish", url, "c", "--ndjson");
      assertEquals(1, publish.exitCode());
      assertTrue(publish.err().contains("\"code\":\"event_reserved\""), publish.err());
      Outcome tail = run("", "tail", url, "a\u0001");
      assertEquals(1, tail.exitCode());
      assertTrue(tail.err().contains("400"), tail.err());
    }
  }

  private static Sluice start() throws InterruptedException {
    ServeCommand serve = new ServeCommand();
    CommandLine commandLine = new CommandLine(serve);
    commandLine.setDefaultValueProvider(
        ConfigSources.of(commandLine.getCommandSpec(), Map.of("SLUICE_PORT", "0")));
    commandLine.parseArgs();
    return Sluice.start(serve.settings());
  }

  private static Outcome run(String input, String... args) {
    StringWriter out = new StringWriter();
    StringWriter err = new StringWriter();
    CommandLine commandLine = Main.commandLine(Map.of(), args);
    commandLine.setOut(new PrintWriter(out)).setErr(new PrintWriter(err));
    InputStream before = System.in;
    System.setIn(new ByteArrayInputStream(input.getBytes(StandardCharsets.UTF_8)));
    try {
      int exitCode = commandLine.execute(args);
      return new Outcome(exitCode, out.toString(), err.toString());
    } finally {
      System.setIn(before);
    }
  }
}
