package dev.sluice.upstream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.upstream.ScriptedServer.Script;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Each way a prediction can fail ends the run with an error that says so. */
@Timeout(120)
class FlowiseFailureTest {
  private static final String NOT_FOUND =
      "{\"statusCode\":404,\"success\":false,\"message\":\"Chatflow f not found\",\"stack\":{}}";

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "404 Not Found|" + NOT_FOUND + "|false|: Chatflow f not found",
        "401 Unauthorized|{\"error\":\"Unauthorized Access\"}|false|: Unauthorized Access",
        "403 Forbidden|This site is not allowed to access this chatbot|false"
            + "|: This site is not allowed to access this chatbot",
        "429 Too Many Requests|Slow down, sk-test-0123456789|true|: Slow down, ***",
        "502 Bad Gateway|<html>Bad Gateway</html>|true|.",
        "500 Internal Server Error||true|.",
        "413 Too Large|[1]|false|.",
      })
  void aRefusalSaysWhatFlowiseSays(
      String status, @Nullable String body, boolean retryable, String words) throws Exception {
    try (RecordedRun run =
        failing(
            c -> {
              c.readRequest();
              c.respond(status, "text/html", body == null ? "" : body);
            })) {
      int code = Integer.parseInt(status.substring(0, 3));
      OpenAiFailureTest.checkError(run, "upstream_status", code, retryable);
      assertEquals(
          "The model server refused the request with status " + code + words,
          run.event("error").path("data").stringValue());
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "\"no key, sk-test-0123456789\"|The model server reported: no key, ***",
        "{\"message\":\"no\"}|The model server reported: no",
        "{\"reason\":\"no\"}|The model server reported an error.",
        "null|The model server reported an error.",
        "\"\"|The model server reported an error.",
      })
  void anErrorInTheStream(String data, String message) throws Exception {
    try (RecordedRun run =
        streaming(
            "{\"event\":\"token\",\"data\":\"half\"}",
            "{\"event\":\"error\",\"data\":" + data + "}",
            "{\"event\":\"token\",\"data\":\" lost\"}",
            "{\"event\":\"end\",\"data\":\"[DONE]\"}")) {
      OpenAiFailureTest.checkError(run, "upstream_error", 0, false);
      assertEquals(
          List.of("start ", "token/finalResponse half", "error " + message, "end [DONE]"),
          run.lines());
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '`',
      value = {
        "{\"event\":\"gap\",\"data\":{}}|cannot be published",
        "{\"event\":\"a b\",\"data\":1}|an event name is",
        "{\"event\":\"\",\"data\":1}|an event needs",
        "{\"event\":\"agentReasoning\",\"data\":\"x\"}|array of agent steps",
        "{\"event\":\"metadata\",\"data\":[]}|is an object",
        "{\"event\":\"token\",\"data\":{}}|not text",
        "{\"event\":7}|not an object with a name",
        "{\"data\":\"x\"}|not an object with a name",
        "[DONE]|not an object with a name",
        "{|not an object with a name",
      })
  void anEventThatNobodyMayPublish(String event, String why) throws Exception {
    try (RecordedRun run = streaming("{\"event\":\"token\",\"data\":\"half\"}", event)) {
      OpenAiFailureTest.checkError(run, "upstream_malformed", 0, false);
      assertEquals("half", run.text("finalResponse"));
      String message = run.event("error").path("data").stringValue();
      assertTrue(message.contains(why), message);
    }
  }

  @Test
  void anEventOverTheBound() throws Exception {
    try (RecordedRun run =
        streaming("{\"event\":\"artifacts\",\"data\":\"" + "x".repeat(70_000) + "\"}")) {
      OpenAiFailureTest.checkError(run, "upstream_malformed", 0, false);
    }
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "text/html|<html>Flowise</html>",
        "application/json|[]",
        "application/json|\"OK\"",
        "application/json|{",
      })
  void anAnswerThatIsNoPrediction(String type, String body) throws Exception {
    try (RecordedRun run =
        failing(
            c -> {
              c.readRequest();
              c.respond("200 OK", type, body);
            })) {
      OpenAiFailureTest.checkError(run, "upstream_malformed", 0, false);
    }
  }

  @Test
  void cutBeforeItsEnd() throws Exception {
    try (RecordedRun run =
        failing(
            c -> {
              c.readRequest();
              c.send(ScriptedServer.STREAM_HEAD);
              c.flowise("{\"event\":\"token\",\"data\":\"half\"}");
            })) {
      OpenAiFailureTest.checkError(run, "upstream_cut", 0, true);
      assertEquals("half", run.text("finalResponse"));
    }
  }

  /** Flowise answers nothing at all when a streaming request is wrong. */
  @Test
  void aChatflowThatIsNotThereIsFoundOut() throws Exception {
    try (RecordedRun run =
        unanswered(c -> c.respond("500 Internal Server Error", "application/json", NOT_FOUND))) {
      OpenAiFailureTest.checkError(run, "upstream_status", 500, true);
      String message = run.event("error").path("data").stringValue();
      assertTrue(message.endsWith(": Chatflow f not found"), message);
    }
  }

  @Test
  void whatSaysNothingAboutTheChatflowLeavesTheCallAlone() throws Exception {
    List<Script> sayings =
        List.of(
            c -> c.respond("200 OK", "application/json", "{\"isStreaming\":false}"),
            c -> c.respond("404 Not Found", "text/html", "<html>nginx</html>"),
            c -> c.respond("404 Not Found", "application/json", "{\"message\":\"no route\"}"),
            c -> c.send("what?\r\n\r\n"));
    for (Script saying : sayings) {
      try (RecordedRun run = unanswered(saying)) {
        assertEquals("late", run.text("finalResponse"));
      }
    }
  }

  /**
   * A run whose prediction has no answer until its chatflow was asked after, and that was answered
   * so; if the call is still there then, it is answered.
   */
  private static RecordedRun unanswered(Script onQuestion) throws Exception {
    RecordedRun run = RecordedRun.thatIsBegun();
    CountDownLatch askedAfter = new CountDownLatch(1);
    Script script =
        c -> {
          if (c.readRequest().line().startsWith("GET")) {
            onQuestion.serve(c);
            // Closed by the side that asked, when it has drawn its conclusion.
            c.awaitEof();
            askedAfter.countDown();
          } else {
            askedAfter.await();
            c.respond("200 OK", "application/json", "{\"text\":\"late\"}");
          }
        };
    try (ScriptedServer server = new ScriptedServer(script, true);
        UpstreamFixture fixture = new UpstreamFixture()) {
      UpstreamSettings settings = UpstreamFixture.flowiseSettings(server.url(), "f");
      run.answer(fixture.flowise(run, settings, 20), "Why?");
      assertTrue(
          server.requests().stream()
              .anyMatch(
                  each -> each.line().equals("GET /v1/api/v1/chatflows-streaming/f HTTP/1.1")));
    }
    return run;
  }

  private static RecordedRun streaming(String... events) throws Exception {
    return failing(
        c -> {
          if (c.readRequest().line().startsWith("PUT")) {
            // A call that is given up is followed by one that says so.
            return;
          }
          c.send(ScriptedServer.STREAM_HEAD);
          for (String event : events) {
            c.flowise(event);
          }
          c.awaitEof();
        });
  }

  /** A run that has ended after such an answer; to be closed. */
  private static RecordedRun failing(Script script) throws Exception {
    RecordedRun run = RecordedRun.thatIsBegun();
    try (ScriptedServer server = new ScriptedServer(script);
        UpstreamFixture fixture = new UpstreamFixture()) {
      run.answer(fixture.flowise(run, server.url()), "Why?");
    }
    return run;
  }
}
