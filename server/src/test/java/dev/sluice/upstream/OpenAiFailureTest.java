package dev.sluice.upstream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.upstream.ScriptedServer.Script;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;

/** Each way a call can fail ends the run with an error that says so. */
@Timeout(120)
class OpenAiFailureTest {
  private static final String JSON_REFUSAL =
      "{\"error\":{\"message\":\"Incorrect API key provided: "
          + UpstreamFixture.KEY
          + ".\",\"type\":\"invalid_request_error\",\"code\":\"invalid_api_key\"}}";

  @Test
  void statusWithWords() throws Exception {
    try (RecordedRun run =
        failing(
            c -> {
              c.readRequest();
              c.send("HTTP/1.1 401 Unauthorized\r\nContent-Type: application/json\r\n");
              c.send("Content-Length: " + JSON_REFUSAL.length() + "\r\n\r\n" + JSON_REFUSAL);
            })) {
      checkError(run, "upstream_status", 401, false);
      assertEquals(
          "The model server refused the request with status 401: "
              + "Incorrect API key provided: ***.",
          run.event("error").path("data").stringValue());
    }
  }

  @Test
  void statusWithoutWords() throws Exception {
    String[] bodies = {
      "", "<html>Bad Gateway</html>", "{\"detail\":\"no\"}", "[1,2]", "x".repeat(100_000)
    };
    for (String body : bodies) {
      try (RecordedRun run =
          failing(
              c -> {
                c.readRequest();
                c.send("HTTP/1.1 503 Service Unavailable\r\nContent-Type: text/html\r\n");
                c.send("Content-Length: " + body.length() + "\r\n\r\n");
                c.send(body);
                c.awaitEof();
              })) {
        checkError(run, "upstream_status", 503, true);
        assertEquals(
            "The model server refused the request with status 503.",
            run.event("error").path("data").stringValue());
      }
    }
  }

  @Test
  void statusCutInItsWords() throws Exception {
    try (RecordedRun run =
        failing(
            c -> {
              c.readRequest();
              c.send("HTTP/1.1 429 Slow down\r\nContent-Length: 1000\r\n\r\n{\"error\"");
            })) {
      checkError(run, "upstream_status", 429, true);
    }
  }

  @Test
  void redirectsAreNotFollowed() throws Exception {
    try (RecordedRun run =
        failing(
            c -> {
              c.readRequest();
              c.send(
                  "HTTP/1.1 307 Elsewhere\r\nLocation: http://127.0.0.1:1/\r\nContent-Length: 0\r\n\r\n");
            })) {
      checkError(run, "upstream_status", 307, false);
    }
  }

  @Test
  void errorInsideTheStream() throws Exception {
    try (RecordedRun run =
        failing(
            c -> {
              c.readRequest();
              c.send(ScriptedServer.STREAM_HEAD);
              c.delta("{\"content\":\"It \"}");
              c.delta("{\"content\":\"is\"}");
              c.event("{\"error\":{\"message\":\"overloaded\",\"code\":529}}");
              c.delta("{\"content\":\" lost\"}");
              c.awaitEof();
            })) {
      checkError(run, "upstream_error", 529, true);
      assertEquals(
          List.of(
              "start ",
              "token/finalResponse It is",
              "error The model server reported: overloaded",
              "end [DONE]"),
          run.lines());
    }
  }

  @Test
  void errorAsAnEventType() throws Exception {
    try (RecordedRun run =
        failing(
            c -> {
              c.readRequest();
              c.send(ScriptedServer.STREAM_HEAD);
              c.chunk(
                  "event: error\ndata: {\"message\":\"no\"}\n\n".getBytes(StandardCharsets.UTF_8));
              c.awaitEof();
            })) {
      checkError(run, "upstream_error", 0, false);
    }
  }

  @Test
  void errorInsteadOfACompletion() throws Exception {
    String body = "{\"error\":\"model not found\"}";
    try (RecordedRun run =
        failing(
            c -> {
              c.readRequest();
              c.send("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n");
              c.send("Content-Length: " + body.length() + "\r\n\r\n" + body);
            })) {
      checkError(run, "upstream_error", 0, false);
      assertEquals(
          "The model server reported: model not found",
          run.event("error").path("data").stringValue());
    }
  }

  @Test
  void malformed() throws Exception {
    String json = "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: ";
    String stream = "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n";
    for (String response :
        List.of(
            stream + "\r\ndata: {\"choices\":[\n\n",
            stream + "\r\ndata: 5\n\n",
            stream + "\r\ndata: [DONE] or not\n\n",
            stream + "\r\ndata: " + "x".repeat(70_000),
            stream + "\r\n: " + "x".repeat(70_000),
            stream + "Content-Encoding: gzip\r\n\r\nxxx",
            stream + "Transfer-Encoding: chunked\r\n\r\nno size\r\n",
            "HTTP/1.1 200 OK\r\nContent-Type: text/html\r\n\r\n<html>",
            "SSH-2.0-OpenSSH_9.2\r\n",
            json + "2\r\n\r\n{}",
            json + "3\r\n\r\nnot",
            json + "70000\r\n\r\n" + "x".repeat(70_000))) {
      try (RecordedRun run =
          failing(
              c -> {
                c.readRequest();
                c.send(response);
                c.awaitEof();
              })) {
        checkError(run, "upstream_malformed", 0, false);
      }
    }
  }

  @Test
  void toolCallsOverTheBound() throws Exception {
    String piece =
        "{\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\""
            + "x".repeat(9_000)
            + "\"}}]}";
    try (RecordedRun run =
        failing(
            c -> {
              c.readRequest();
              c.send(ScriptedServer.STREAM_HEAD);
              for (int i = 0; i < 8; i++) {
                c.delta(piece);
              }
              c.awaitEof();
            })) {
      checkError(run, "upstream_malformed", 0, false);
    }
  }

  @Test
  void cut() throws Exception {
    String[] starts = {
      "",
      "HTTP/1.1 200 OK\r\nContent-",
      ScriptedServer.STREAM_HEAD,
      ScriptedServer.STREAM_HEAD + "5\r\ndata:",
      ScriptedServer.STREAM_HEAD + "0\r\n\r\n",
      "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nContent-Length: 0\r\n\r\n",
      "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\n\r\ndata: {\"choices\":[]}\n\ndata: [DO",
      "HTTP/1.1 200 OK\r\nContent-Type: application/json\r\nContent-Length: 9\r\n\r\n{",
    };
    for (String start : starts) {
      try (RecordedRun run =
          failing(
              c -> {
                c.readRequest();
                c.send(start);
              })) {
        checkError(run, "upstream_cut", 0, true);
      }
    }
  }

  @Test
  void cutKeepsWhatCame() throws Exception {
    try (RecordedRun run =
        failing(
            c -> {
              c.readRequest();
              c.send(ScriptedServer.STREAM_HEAD);
              c.delta("{\"content\":\"half\"}");
              c.delta(
                  "{\"tool_calls\":[{\"index\":0,\"function\":{\"name\":\"t\",\"arguments\":\"{\"}}]}");
            })) {
      checkError(run, "upstream_cut", 0, true);
      assertEquals(
          List.of(
              "start ",
              "token/finalResponse half",
              "error The model server broke off its answer.",
              "end [DONE]"),
          run.lines());
    }
  }

  @Test
  void idle() throws Exception {
    Script silentFromTheStart = ScriptedServer.Connection::awaitEof;
    Script silentInTheMiddle =
        c -> {
          c.readRequest();
          c.send(ScriptedServer.STREAM_HEAD);
          c.delta("{\"content\":\"half\"}");
          c.awaitEof();
        };
    for (Script script : List.of(silentFromTheStart, silentInTheMiddle)) {
      try (ScriptedServer server = new ScriptedServer(script);
          UpstreamFixture fixture = new UpstreamFixture();
          RecordedRun run = new RecordedRun()) {
        run.answer(fixture.upstream(run, impatient(server.url(), 30_000, 50)), "Why?");
        checkError(run, "upstream_idle", 0, true);
      }
    }
  }

  @Test
  void aResetIsACut() throws Exception {
    try (ServerSocket listening = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        UpstreamFixture fixture = new UpstreamFixture();
        RecordedRun run = new RecordedRun()) {
      URI url = URI.create("http://127.0.0.1:" + listening.getLocalPort() + "/v1");
      fixture.upstream(run, url).answer(RecordedRun.prompt("Why?"), run.run());
      try (Socket socket = listening.accept()) {
        assertTrue(socket.getInputStream().read() > 0);
        socket.setSoLinger(true, 0);
      }
      run.awaitEnd();
      checkError(run, "upstream_cut", 0, true);
    }
  }

  static UpstreamSettings impatient(URI url, long connectTimeoutMs, long idleTimeoutMs) {
    return new UpstreamSettings(
        "assistant",
        url,
        "model-1",
        UpstreamFixture.KEY,
        Map.of(),
        null,
        true,
        connectTimeoutMs,
        idleTimeoutMs,
        65_536);
  }

  /** A run that has ended after such an answer; to be closed. */
  private static RecordedRun failing(Script script) throws Exception {
    RecordedRun run = new RecordedRun();
    try (ScriptedServer server = new ScriptedServer(script);
        UpstreamFixture fixture = new UpstreamFixture()) {
      run.answer(fixture.upstream(run, server.url()), "Why?");
    }
    return run;
  }

  static void checkError(RecordedRun run, String code, int status, boolean retryable)
      throws Exception {
    JsonNode error = run.event("error");
    assertFalse(error.toString().contains(UpstreamFixture.KEY), error.toString());
    JsonNode detail = error.path("detail");
    assertNotNull(detail);
    assertEquals(code, detail.path("code").stringValue(), error.toString());
    assertEquals(error.path("data").stringValue(), detail.path("message").stringValue());
    assertEquals("assistant", detail.path("upstream").stringValue());
    assertEquals(status, detail.path("status").asInt(0), error.toString());
    assertEquals(1, detail.path("attempts").asInt(0));
    assertEquals(retryable, detail.path("retryable").booleanValue(), error.toString());
    assertTrue(run.hasCounted(code));
    List<String> lines = run.lines();
    assertEquals("end [DONE]", lines.get(lines.size() - 1));
  }
}
