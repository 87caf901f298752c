package dev.sluice.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sluice.frame.TokenType;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.PrintStream;
import java.nio.charset.StandardCharsets;
import java.util.EnumSet;
import java.util.Set;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

class TextOutputTest {
  private static final Set<TokenType> ALL = EnumSet.allOf(TokenType.class);

  private final ByteArrayOutputStream out = new ByteArrayOutputStream();
  private final ByteArrayOutputStream err = new ByteArrayOutputStream();

  @Test
  void textIsExactAndNothingElseIsOnStandardOutput() throws IOException {
    TailOutput output = output(false, false, false);
    token(output, "agentReasoning", "\\tA\\r\\n");
    event(output, "{\"event\":\"nextAgent\",\"data\":\"planner\\u001b[31m\\n2\\u009b3\"}");
    token(output, "finalResponse", " é漢\\ud83d");
    token(output, "finalResponse", "\\ude00");
    event(output, "{\"event\":\"end\",\"data\":\"[DONE]\"}");
    output.end();
    assertEquals("\tA\r\n é漢\ud83d\ude00", out.toString(StandardCharsets.UTF_8));
    assertEquals("nextAgent: planner [31m 2 3\n", err.toString(StandardCharsets.UTF_8));
  }

  @Test
  void halfAPairThatStaysAloneIsReplaced() throws IOException {
    TailOutput output = output(false, false, false);
    token(output, "finalResponse", "a\\ud83d");
    token(output, "finalResponse", "b\\ude00");
    token(output, "finalResponse", "\\ud83d");
    event(output, "{\"event\":\"end\"}");
    assertEquals("a\ufffdb\ufffd\ufffd", out.toString(StandardCharsets.UTF_8));
  }

  @Test
  void coloursGoOnAndOffInOneWrite() throws IOException {
    TailOutput output = output(false, true, true);
    token(output, "agentReasoning", "hm");
    token(output, "toolResponse", "42");
    token(output, "finalResponse", "so");
    event(output, "{\"event\":\"error\",\"data\":\"no\",\"detail\":{\"code\":\"x_y\"}}");
    assertEquals(
        "\u001b[2mhm\u001b[0m\u001b[36m42\u001b[0mso", out.toString(StandardCharsets.UTF_8));
    assertEquals("\u001b[31merror: no (x_y)\u001b[0m\n", err.toString(StandardCharsets.UTF_8));
  }

  @Test
  void onATerminalLinesAreKeptApart() throws IOException {
    TailOutput output = output(true, false, false);
    token(output, "agentReasoning", "hm");
    token(output, "finalResponse", "so");
    event(output, "{\"event\":\"abort\",\"data\":\"[DONE]\"}");
    token(output, "finalResponse", "on\\n");
    output.end();
    assertEquals("hm\nso\non\n", out.toString(StandardCharsets.UTF_8));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '~',
      value = {
        "{\"event\":\"start\",\"data\":\"\"}|",
        "{\"event\":\"metadata\",\"data\":{}}|",
        "{\"event\":\"usageMetadata\",\"data\":{\"n\":1}}|usageMetadata: {\"n\":1}",
        "{\"event\":\"abort\",\"data\":\"[DONE]\"}|abort: the run was stopped",
        "{\"event\":\"error\",\"data\":\"no\"}|error: no",
        "{\"event\":\"calledTools\",\"data\":[{\"tool\":\"t\",\"toolInput\":{\"a\":1}},"
            + "{\"tool\":\"u\"}]}|calledTools: t({\"a\":1}), u()",
        "{\"event\":\"calledTools\",\"data\":\"x\"}|calledTools: x",
        "{\"event\":\"gap\",\"data\":{\"from\":\"1-2\",\"to\":\"3-4\",\"reason\":\"epoch\"}}"
            + "|gap: events after 1-2 up to 3-4 are lost (epoch)",
      })
  void otherEventsAreShortLines(String json, String line) throws IOException {
    event(output(false, false, false), json);
    assertEquals(line == null ? "" : line + "\n", err.toString(StandardCharsets.UTF_8));
    assertEquals("", out.toString(StandardCharsets.UTF_8));
  }

  @Test
  void aLongLineIsCut() throws IOException {
    event(
        output(false, false, false),
        "{\"event\":\"x\",\"data\":\"" + "\ud83d\ude00".repeat(500) + "\"}");
    assertEquals("x: " + "\ud83d\ude00".repeat(156) + "…\n", err.toString(StandardCharsets.UTF_8));
  }

  private TailOutput output(boolean terminal, boolean color, boolean errorColor) {
    return new TextOutput(
        out,
        new PrintStream(err, true, StandardCharsets.UTF_8),
        new TextOutput.Style(ALL, false, terminal, color, errorColor));
  }

  private static void token(TailOutput output, String type, String text) throws IOException {
    event(output, "{\"event\":\"token\",\"data\":\"" + text + "\",\"type\":\"" + type + "\"}");
  }

  private static void event(TailOutput output, String json) throws IOException {
    output.event(ChatEvent.parse("1-1", json));
  }
}
