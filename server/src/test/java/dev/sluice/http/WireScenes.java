package dev.sluice.http;

import dev.sluice.chat.EventDraft;
import dev.sluice.chat.RunPublisher;
import dev.sluice.frame.TokenType;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Consumer;
import java.util.function.Function;

/**
 * What the files in {@code docs/wire} show, each made by the whole HTTP side on frozen time. Here:
 * streams.
 */
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

  private final List<Scene> scenes = new ArrayList<>();

  private WireScenes() {}

  static List<Scene> all() {
    WireScenes scenes = new WireScenes();
    scenes.addFrames();
    scenes.addRuns();
    scenes.addGapsAndSilence();
    scenes.addStreamHeads();
    scenes.scenes.addAll(WireAnswers.all());
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
                      stream.sendAway(edge.edge::retryMs);
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

  static String question(String more) {
    return "{\"question\":\"q?\",\"chatId\":\"c\"," + more + "}";
  }

  static void answer(EdgeFixture edge) {
    RunPublisher run = edge.asked.get(0).run();
    run.token(TokenType.AGENT_REASONING, "Hm.");
    run.token(TokenType.FINAL_RESPONSE, "So.");
    run.end();
  }

  static String get(EdgeFixture edge, String path, String fields) {
    return edge.connect().send("GET " + path + " HTTP/1.1\r\nHost: x\r\n" + fields + "\r\n").sent();
  }

  static String post(Connection connection, String path, String type, String body) {
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
