package dev.sluice.http;

import dev.sluice.chat.EventDraft;
import dev.sluice.chat.RunPublisher;
import dev.sluice.frame.TokenType;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;

/** What the files in {@code docs/wire} show, each made by the whole HTTP side on frozen time. */
final class WireScenes {
  /**
   * @param file the name of its file: {@code .sse} for the body of a stream without its chunks,
   *     {@code .http} for responses as they leave the connection
   * @param play makes the bytes
   */
  record Scene(String file, Function<EdgeFixture, String> play) {
    @Override
    public String toString() {
      return file;
    }
  }

  private static final String CHAT = "/v1/chats/c";
  private static final String JSON = "application/json";
  private static final String NDJSON = "application/x-ndjson";

  private static final List<String> PREFLIGHT =
      List.of(
          "OPTIONS /v1/chats/c/stream HTTP/1.1",
          "Host: x",
          "Origin: https://a.example",
          "Access-Control-Request-Method: GET",
          "Access-Control-Request-Headers: last-event-id",
          "",
          "");

  private final List<Scene> scenes = new ArrayList<>();

  private WireScenes() {}

  static List<Scene> all() {
    WireScenes scenes = new WireScenes();
    scenes.addFrames();
    scenes.addRuns();
    scenes.addGapsAndSilence();
    scenes.addStreamHeads();
    scenes.addAnswers();
    scenes.addProblems();
    return List.copyOf(scenes.scenes);
  }

  private void addFrames() {
    live("token.sse", edge -> edge.token("c", " Hel"));
    live(
        "merged-tokens.sse",
        edge -> {
          edge.token("c", " Hel");
          edge.token("c", "lo");
          edge.token("c", "!");
        });
    live(
        "token-types.sse",
        edge -> {
          for (TokenType type : TokenType.values()) {
            edge.publish("c", new EventDraft().token(type, type.wireName() + " 1"));
            edge.publish("c", new EventDraft().token(type, ", 2"));
          }
          edge.publish("c", new EventDraft().event("token").string("no type given"));
        });
    scene(
        "blank-tokens.sse",
        edge -> {
          Connection connection = edge.connect();
          connection.subscribe(CHAT + "/stream");
          StringBuilder sent = new StringBuilder();
          for (String token : List.of("def f(x):", "\n", "    ", "return x", "", "\n")) {
            edge.token("c", token);
            sent.append(connection.sent());
          }
          edge.publish("c", new EventDraft().event("nextAgent").string("reviewer"));
          edge.token("c", " ");
          edge.event("c", "end");
          return Chunks.whole(sent + connection.sent());
        });
    live(
        "escapes.sse",
        edge ->
            edge.token(
                "c",
                "\"quoted\" back\\slash /slash tab\t CRLF\r\n NUL\0 DEL\u007f NEL\u0085 LS\u2028"
                    + " PS\u2029 é 漢字 \ud83d\ude00 lone \ud83d"));
    live(
        "split-surrogate-pair.sse",
        edge -> {
          edge.token("c", "\ud83d");
          edge.token("c", "\ude00");
        });
    live(
        "own-keys.sse",
        edge -> {
          edge.publish(
              "c", new EventDraft().token(TokenType.FINAL_RESPONSE, "a").extra("logprob", "-0.5"));
          edge.token("c", "b");
          edge.publish("c", new EventDraft().event("my.event-1").json("[1,{\"k\":null}]"));
        });
    live(
        "tool.sse",
        edge -> {
          String call = "{\"tool\":\"add\",\"toolInput\":{\"a\":1,\"b\":2},\"toolOutput\":\"\"}";
          edge.publish("c", new EventDraft().event("calledTools").json("[" + call + "]"));
          edge.publish("c", new EventDraft().event("tool").json(call));
          edge.publish("c", new EventDraft().token(TokenType.TOOL_RESPONSE, "3"));
        });
    scene(
        "ids-off.sse",
        edge -> {
          edge.token("c", "a");
          edge.event("c", "end");
          return body(edge.connect().subscribe(CHAT + "/stream?ids=off"));
        });
  }

  private void addRuns() {
    scene(
        "first-frame-with-retry.sse",
        edge -> {
          edge.event("c", "start");
          return body(edge.connect().subscribe(CHAT + "/stream"));
        });
    finished(
        "agent-flow-start.sse",
        edge -> {
          edge.publish("c", new EventDraft().event("agentFlowEvent").string("INPROGRESS"));
          edge.token("c", "a");
          edge.publish("c", new EventDraft().event("agentFlowEvent").string("FINISHED"));
          edge.event("c", "end");
        });
    finished(
        "metadata-and-end.sse",
        edge -> {
          edge.token("c", "a");
          edge.publish("c", new EventDraft().event("usageMetadata").json("{\"total_tokens\":3}"));
          edge.publish("c", new EventDraft().event("metadata").json("{\"chatId\":\"c\"}"));
          edge.event("c", "end");
        });
    finished(
        "several-runs.sse",
        edge -> {
          edge.publish("c", new EventDraft().token(TokenType.FINAL_RESPONSE, "a1").run("a"));
          edge.publish("c", new EventDraft().token(TokenType.FINAL_RESPONSE, "b1").run("b"));
          edge.publish("c", new EventDraft().token(TokenType.FINAL_RESPONSE, "a2").run("a"));
          edge.publish("c", new EventDraft().event("end").run("a"));
          edge.publish("c", new EventDraft().event("end").run("b"));
        });
    finished(
        "error.sse",
        edge -> {
          edge.token("c", "a");
          edge.publish(
              "c",
              new EventDraft()
                  .event("error")
                  .string("The model is away.")
                  .extra("detail", "{\"code\":\"upstream_status\",\"status\":503}"));
        });
    finished(
        "producer-lost.sse",
        edge -> {
          edge.publish("c", new EventDraft().token(TokenType.FINAL_RESPONSE, "a").run("r"));
          edge.chats.all().forEach(chat -> chat.loseProducer("r"));
        });
    finished(
        "abort.sse",
        edge -> {
          edge.token("c", "a");
          edge.call("POST", CHAT + "/stop", "", "");
        });
  }

  private void addGapsAndSilence() {
    scene(
        "gap.sse",
        edge -> {
          edge.token("c", "a");
          edge.event("c", "end");
          return body(edge.connect().subscribe(CHAT + "/stream?lastEventId=1600000000000-7"));
        });
    scene(
        "gap-unknown-id.sse",
        edge -> {
          edge.token("c", "a");
          edge.event("c", "end");
          String id = EdgeFixture.EPOCH + "-99";
          return body(edge.connect().subscribe(CHAT + "/stream?lastEventId=" + id));
        });
    scene(
        "gap-lapped.sse",
        edge -> {
          for (int i = 0; i < 12; i++) {
            edge.token("c", "x".repeat(1 << 20));
          }
          edge.event("c", "end");
          edge.publish("c", new EventDraft().token(TokenType.FINAL_RESPONSE, "a").run("second"));
          edge.publish("c", new EventDraft().event("end").run("second"));
          String after = EdgeFixture.EPOCH + "-1";
          String sent =
              body(edge.connect().subscribe(CHAT + "/stream?run=second&lastEventId=" + after));
          // How much is shed at once is the log's own affair.
          return sent.replace(sent.substring(3, sent.indexOf('\n')), "<lastLostId>");
        });
    scene(
        "heartbeat.sse",
        edge -> {
          Connection connection = edge.connect();
          connection.subscribe(CHAT + "/stream");
          connection.advance(2 * EdgeFixture.HEARTBEAT_MS + 500);
          String silence = connection.sent();
          edge.token("c", "a");
          return Chunks.soFar(silence + connection.sent());
        });
    scene(
        "drained.sse",
        edge -> {
          Connection connection = edge.connect();
          connection.subscribe(CHAT + "/stream");
          edge.token("c", "a");
          String before = connection.sent();
          edge.loopOf(connection)
              .forEach(
                  handler -> {
                    if (handler instanceof SseStream stream) {
                      stream.drain(true);
                    }
                  });
          return Chunks.whole(before + connection.sent());
        });
  }

  private void addStreamHeads() {
    scene(
        "stream-http-1.1.http",
        edge -> {
          Connection connection = edge.connect();
          String head = connection.subscribe(CHAT + "/stream");
          edge.token("c", "é");
          String token = connection.sent();
          edge.event("c", "end");
          return head + token + connection.sent();
        });
    scene(
        "stream-http-1.0.http",
        edge -> {
          edge.token("c", "é");
          edge.event("c", "end");
          return edge.connect().send("GET " + CHAT + "/stream HTTP/1.0\r\n\r\n").sent();
        });
    scene(
        "nothing-left.http",
        edge -> {
          edge.token("c", "a");
          edge.event("c", "end");
          String id = EdgeFixture.EPOCH + "-3";
          return get(edge, CHAT + "/stream", "Last-Event-ID: " + id + "\r\n");
        });
    scene(
        "prediction-stream.http",
        edge -> {
          Connection connection = edge.connect();
          String head =
              post(connection, "/api/v1/prediction/f", JSON, question("\"streaming\":true"));
          answer(edge);
          return head + connection.sent();
        });
  }

  private void addAnswers() {
    scene(
        "publish-json.http",
        edge -> post(edge.connect(), CHAT + "/events", JSON, "[{\"event\":\"end\"}]"));
    scene(
        "publish-ndjson.http",
        edge ->
            post(
                edge.connect(),
                CHAT + "/events",
                NDJSON,
                "{\"event\":\"token\",\"data\":\"a\"}\n\n{\"event\":\"end\"}"));
    scene(
        "publish-many-chats.http",
        edge ->
            post(
                edge.connect(),
                "/v1/events",
                NDJSON,
                """
                {"chatId":"c","event":"token","data":"a"}
                {"chatId":"d","event":"token","data":"a"}
                """));
    scene(
        "state.http",
        edge -> {
          edge.publish("c", new EventDraft().token(TokenType.FINAL_RESPONSE, "a").run("r1"));
          edge.publish("c", new EventDraft().event("end").run("r1"));
          edge.token("c", "b");
          return get(edge, CHAT, "");
        });
    scene("run.http", edge -> post(edge.connect(), CHAT + "/runs", JSON, "{\"question\":\"q?\"}"));
    scene(
        "stop.http",
        edge -> {
          edge.token("c", "a");
          return post(edge.connect(), CHAT + "/stop", "", "");
        });
    scene(
        "delete.http",
        edge -> {
          edge.token("c", "a");
          return edge.connect().send("DELETE " + CHAT + " HTTP/1.1\r\nHost: x\r\n\r\n").sent();
        });
    scene(
        "prediction.http",
        edge -> {
          Connection connection = edge.connect();
          post(connection, "/api/v1/prediction/f", JSON, question("\"streaming\":false"));
          answer(edge);
          return connection.sent();
        });
    scene("chatflows-streaming.http", edge -> get(edge, "/api/v1/chatflows-streaming/f", ""));
    scene("chatbot-config.http", edge -> get(edge, "/api/v1/public-chatbotConfig/f", ""));
    scene(
        "chatmessage-abort.http",
        edge ->
            edge.connect()
                .send("PUT /api/v1/chatmessage/abort/f/c HTTP/1.1\r\nHost: x\r\n\r\n")
                .sent());
    scene("ping.http", edge -> get(edge, "/api/v1/ping", ""));
    scene(
        "preflight.http",
        edge -> {
          try (EdgeFixture open = open()) {
            return open.connect().send(String.join("\r\n", PREFLIGHT)).sent();
          }
        });
    scene(
        "stream-of-a-page.http",
        edge -> {
          try (EdgeFixture open = open()) {
            open.event("c", "start");
            open.event("c", "end");
            return get(open, CHAT + "/stream", "Origin: https://a.example\r\n");
          }
        });
  }

  private void addProblems() {
    scene("problem-not-found.http", edge -> get(edge, "/v2", ""));
    scene("problem-chat-not-found.http", edge -> get(edge, CHAT + "/stream?wait=false", ""));
    scene("problem-bad-event-id.http", edge -> get(edge, CHAT + "/stream?from=here", ""));
    scene("problem-bad-parameter.http", edge -> get(edge, CHAT + "/stream?mode=all", ""));
    scene(
        "problem-method-not-allowed.http", edge -> post(edge.connect(), CHAT + "/stream", "", ""));
    scene(
        "problem-media-type.http",
        edge -> post(edge.connect(), CHAT + "/events", "text/plain", "a"));
    scene(
        "problem-malformed-json.http",
        edge -> post(edge.connect(), CHAT + "/events", JSON, "{\"event\":"));
    scene(
        "problem-malformed-line.http",
        edge ->
            post(
                edge.connect(),
                CHAT + "/events",
                NDJSON,
                "{\"event\":\"token\",\"data\":\"a\"}\n[]\n"));
    scene(
        "problem-event-reserved.http",
        edge -> post(edge.connect(), CHAT + "/events", JSON, "{\"event\":\"gap\",\"data\":{}}"));
    scene(
        "problem-body-too-large.http",
        edge ->
            post(
                edge.connect(),
                CHAT + "/events",
                JSON,
                " ".repeat(EdgeFixture.MAX_BODY_BYTES + 1)));
    scene(
        "problem-run-stopped.http",
        edge -> {
          edge.token("c", "a");
          edge.call("POST", CHAT + "/stop", "", "");
          String token = "{\"event\":\"token\",\"data\":\"b\"}";
          return post(edge.connect(), CHAT + "/events", JSON, token);
        });
    scene(
        "problem-draining.http",
        edge -> {
          edge.edge.admission().drain();
          return get(edge, CHAT + "/stream", "");
        });
    scene("problem-bad-request.http", edge -> edge.connect().send("nonsense\r\n\r\n").sent());
  }

  private void scene(String file, Function<EdgeFixture, String> play) {
    scenes.add(new Scene(file, play));
  }

  /** What a reader gets who is there while it happens; the first frame is taken off. */
  private void live(String file, Consumer<EdgeFixture> happens) {
    scene(
        file,
        edge -> {
          Connection connection = edge.connect();
          connection.subscribe(CHAT + "/stream");
          edge.event("c", "start");
          connection.sent();
          happens.accept(edge);
          return Chunks.soFar(connection.sent());
        });
  }

  /** What a reader gets who comes when it is over. */
  private void finished(String file, Consumer<EdgeFixture> happens) {
    scene(
        file,
        edge -> {
          happens.accept(edge);
          return body(edge.connect().subscribe(CHAT + "/stream"));
        });
  }

  private static String body(String response) {
    return Chunks.soFar(response.substring(response.indexOf("\r\n\r\n") + 4));
  }

  private static EdgeFixture open() {
    return new EdgeFixture(EdgeFixture.settings(List.of("*"), 0, 1000, 1000), 64, 1000);
  }

  private static String question(String more) {
    return "{\"question\":\"q?\",\"chatId\":\"c\"," + more + "}";
  }

  private static void answer(EdgeFixture edge) {
    RunPublisher run = edge.asked.get(0).run();
    run.token(TokenType.AGENT_REASONING, "Hm.");
    run.token(TokenType.FINAL_RESPONSE, "So.");
    run.end();
  }

  private static String get(EdgeFixture edge, String path, String fields) {
    return edge.connect().send("GET " + path + " HTTP/1.1\r\nHost: x\r\n" + fields + "\r\n").sent();
  }

  private static String post(Connection connection, String path, String type, String body) {
    String field = type.isEmpty() ? "" : "Content-Type: " + type + "\r\n";
    return connection
        .send(
            "POST "
                + path
                + " HTTP/1.1\r\nHost: x\r\n"
                + field
                + "Content-Length: "
                + body.length()
                + "\r\n\r\n"
                + body)
        .sent();
  }
}
