package dev.sluice.http;

import static dev.sluice.http.WireScenes.answer;
import static dev.sluice.http.WireScenes.get;
import static dev.sluice.http.WireScenes.post;
import static dev.sluice.http.WireScenes.question;

import dev.sluice.chat.EventDraft;
import dev.sluice.frame.TokenType;
import dev.sluice.http.WireScenes.Scene;
import java.util.ArrayList;
import java.util.List;
import java.util.function.Function;

/** The scenes of {@link WireScenes} that are answers in one piece. */
final class WireAnswers {
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

  private WireAnswers() {}

  static List<Scene> all() {
    WireAnswers answers = new WireAnswers();
    answers.addAnswers();
    answers.addProblems();
    return answers.scenes;
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

  private static EdgeFixture open() {
    return new EdgeFixture(EdgeFixture.settings(List.of("*"), 0, 1000, 1000), 64, 1000);
  }
}
