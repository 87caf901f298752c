package dev.sluice.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.chat.EventDraft;
import dev.sluice.chat.RunPublisher;
import dev.sluice.frame.TokenType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** The call that Flowise's clients make, with an upstream that answers when the test says so. */
class PredictionTest {
  /** What {@link EdgeFixture} gives a log. */
  private static final long MAX_LOG_BYTES = 8 << 20;

  private static final String PATH = "/api/v1/prediction/flow";
  private static final String JSON = "application/json";

  private final EdgeFixture edge = new EdgeFixture();
  private final Connection connection = edge.connect();

  @AfterEach
  void close() {
    edge.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"true", "\"true\""})
  void aStreamingAnswerIsTheRunsStream(String streaming) {
    String head = ask(connection, "", "\"streaming\":" + streaming);
    assertTrue(head.startsWith("HTTP/1.1 200 OK\r\n"), head);
    assertTrue(head.contains("text/event-stream"), head);
    assertTrue(head.contains("\"start\""), head);
    RunPublisher run = edge.asked.get(0).run();
    run.token(TokenType.FINAL_RESPONSE, "hi");
    assertTrue(Chunks.soFar(connection.sent()).contains("\"hi\""));
    run.end();
    assertTrue(Chunks.whole(connection.sent()).contains("\"end\""));
  }

  @ParameterizedTest
  @ValueSource(strings = {"false", "\"false\"", "null", "0", "1", "\"yes\"", "[]"})
  void anythingElseGetsOneJson(String streaming) {
    assertEquals("", ask(connection, "", "\"streaming\":" + streaming));
    finish(0, "all at once");
    JsonNode answer = connection.answer().json();
    assertEquals("all at once", answer.path("text").asString());
    assertEquals("q?", answer.path("question").asString());
    assertEquals("c", answer.path("chatId").asString());
    assertEquals("c", answer.path("sessionId").asString());
    assertEquals(
        edge.asked.get(0).prompt().chatMessageId(), answer.path("chatMessageId").asString());
    assertEquals(5, answer.size());
    assertTrue(connection.isOpen());
  }

  @Test
  void onlyTheFinalResponseOfThisRunIsItsText() {
    ask(connection, "", "\"streaming\":false");
    edge.publish("c", new EventDraft().token(TokenType.FINAL_RESPONSE, "other").run("other"));
    RunPublisher run = edge.asked.get(0).run();
    run.token(TokenType.AGENT_REASONING, "thinking");
    run.token(TokenType.FINAL_RESPONSE, "\"a\u2028\n");
    run.token(TokenType.FINAL_RESPONSE, " ");
    run.end();
    assertEquals("\"a\u2028\n ", connection.answer().json().path("text").asString());
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aFailingUpstreamIsABadGateway(boolean saysWhy) {
    ask(connection, "", "\"streaming\":false");
    RunPublisher run = edge.asked.get(0).run();
    run.token(TokenType.FINAL_RESPONSE, "half");
    if (saysWhy) {
      run.error("The model is away.", "{\"code\":\"x\"}");
    } else {
      edge.chats.all().forEach(chat -> chat.loseProducer(run.runId()));
    }
    Answer answer = connection.answer();
    assertEquals("502 upstream_failed", answer.outcome());
    String detail = answer.json().path("detail").asString();
    assertEquals(saysWhy, detail.equals("The model is away."), detail);
  }

  @Test
  void anAnswerThatWasShedIsRefusedAndNotCutShort() {
    ask(connection, "", "\"streaming\":false");
    RunPublisher run = edge.asked.get(0).run();
    String text = "x".repeat(1000);
    for (long sent = 0; sent < 2 * MAX_LOG_BYTES; sent += text.length()) {
      run.token(TokenType.FINAL_RESPONSE, text);
    }
    run.end();
    assertEquals("429 over_budget", connection.answer().outcome());
  }

  @Test
  void aStoppedAnswerIsWhatThereWas() {
    ask(connection, "", "\"streaming\":false");
    edge.asked.get(0).run().token(TokenType.FINAL_RESPONSE, "half");
    assertEquals(
        "{\"status\":200,\"message\":\"Chat message aborted\"}",
        edge.call("PUT", "/api/v1/chatmessage/abort/flow/c", "", "").body());
    assertEquals("half", connection.answer().json().path("text").asString());
  }

  @Test
  void aDeletedChatDoesNotLeaveTheQuestionHanging() {
    ask(connection, "", "\"streaming\":false");
    assertEquals(204, edge.call("DELETE", "/v1/chats/c", "", "").status());
    assertEquals(200, connection.answer().status());
  }

  @Test
  void theStreamHasNoEventOfAnotherRun() {
    edge.publish("c", new EventDraft().token(TokenType.FINAL_RESPONSE, "before").run("other"));
    ask(connection, "", "\"streaming\":true");
    edge.publish("c", new EventDraft().token(TokenType.FINAL_RESPONSE, "between").run("other"));
    edge.publish("c", new EventDraft().event("action").json("{}").run("other"));
    edge.asked.get(0).run().token(TokenType.FINAL_RESPONSE, "mine");
    edge.asked.get(0).run().end();
    String body = Chunks.whole(connection.sent());
    assertTrue(body.contains("mine"));
    assertFalse(body.contains("other"), body);
  }

  @ParameterizedTest
  @CsvSource({
    "'', a-chat-of-its-own",
    "'\"chatId\":null', a-chat-of-its-own",
    "'\"chatId\":\"\"', a-chat-of-its-own",
    "'\"chatId\":\"given\"', given"
  })
  void withoutAChatIdThereIsANewChat(String field, String chatId) {
    String body = "{\"question\":\"q\"" + (field.isEmpty() ? "" : "," + field) + "}";
    connection.send(
        "POST "
            + PATH
            + " HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\nContent-Length: "
            + body.length()
            + "\r\n\r\n"
            + body);
    assertEquals("", connection.sent());
    finish(0, "x");
    String answered = connection.answer().json().path("chatId").asString();
    assertEquals(chatId.equals("given"), answered.equals("given"));
    assertEquals(200, edge.get("/v1/chats/" + answered).status());
  }

  @Test
  void theUpstreamIsAskedWithTheHistoryAndTheSession() {
    ask(
        connection,
        "",
        "\"history\":[{\"role\":\"userMessage\",\"content\":\"a\"},{\"role\":\"apiMessage\","
            + "\"content\":\"b\"},{\"content\":5},7],\"overrideConfig\":{\"sessionId\":\"s\"},"
            + "\"unknown\":{\"x\":[1]}");
    assertEquals(
        "[{\"role\":\"user\",\"content\":\"a\"},{\"role\":\"assistant\",\"content\":\"b\"},"
            + "{\"role\":\"user\",\"content\":\"q?\"}]",
        edge.asked.get(0).prompt().messagesJson());
    finish(0, "x");
    assertEquals("s", connection.answer().json().path("sessionId").asString());
  }

  @Test
  void theBodyMayBeCutAnywhere() {
    String request = request(PATH, "", "\"unknown\":[1.5,{\"a\":null}],\"streaming\":false");
    int head = request.indexOf("\r\n\r\n") + 4;
    for (int cut = head; cut < request.length(); cut++) {
      Connection one = edge.connect();
      one.send(request.substring(0, cut)).send(request.substring(cut));
      finish(cut - head, "x" + cut);
      assertEquals("x" + cut, one.answer().json().path("text").asString());
    }
  }

  @Test
  void http10GetsAStreamWithoutChunks() {
    String body = "{\"question\":\"q?\",\"chatId\":\"c\",\"streaming\":true}";
    connection.send(
        "POST "
            + PATH
            + " HTTP/1.0\r\nContent-Type: application/json\r\nContent-Length: "
            + body.length()
            + "\r\n\r\n"
            + body);
    finish(0, "x");
    String sent = connection.sent();
    assertFalse(sent.contains("chunked"), sent);
    assertTrue(sent.endsWith("\"[DONE]\"}\n\n"), sent);
    assertFalse(connection.isOpen());
  }

  @Test
  void clientsOfTheInternalCallAreCountedApart() {
    Connection internal = edge.connect();
    internal.send(request("/api/v1/internal-prediction/flow", "", "\"streaming\":true"));
    ask(connection, "", "\"streaming\":true");
    assertTrue(edge.numbers().contains("sluice_streams{client=\"internal\"} 1.0"));
    assertTrue(edge.numbers().contains("sluice_streams{client=\"external\"} 1.0"));
  }

  @Test
  void aRunIsStartedAndReadByWhoeverWants() {
    Connection reader = edge.connect();
    reader.subscribe("/v1/chats/r/stream");
    Answer answer =
        edge.call(
            "POST",
            "/v1/chats/r/runs",
            JSON,
            "{\"flow\":\"known\",\"messages\":[{\"role\":\"user\",\"content\":\"m\"}]}");
    assertEquals(202, answer.status());
    assertEquals("r", answer.json().path("chatId").asString());
    assertEquals(edge.asked.get(0).run().runId(), answer.json().path("runId").asString());
    assertEquals("m", edge.asked.get(0).prompt().question());
    finish(0, "text");
    assertTrue(Chunks.whole(reader.sent()).contains("\"text\""));
  }

  @Test
  void anUpstreamThatReadsPredictionsGetsThemWhole() {
    String body = "{\"form\":{\"a\":1.5},\"chatId\":\"c\",\"streaming\":\"true\",\"new\":[null]}";
    connection.send(post("/api/v1/prediction/verbatim", "", body));
    assertEquals(1, edge.asked.size());
    assertEquals(body, edge.asked.get(0).prompt().predictionJson());
    assertEquals("verbatim", edge.asked.get(0).prompt().flow());
    // It says itself how the run begins.
    String head = connection.sent();
    assertTrue(head.startsWith("HTTP/1.1 200 OK\r\n"), head);
    assertFalse(head.contains("start"), head);
    RunPublisher run = edge.asked.get(0).run();
    run.event(new EventDraft().event("agentFlowEvent").string("INPROGRESS"));
    run.end();
    String stream = Chunks.whole(connection.sent());
    assertTrue(stream.contains("INPROGRESS") && !stream.contains("start"), stream);
  }

  @Test
  void everyOtherUpstreamGetsTheQuestionAlone() {
    ask(connection, "", "\"streaming\":true");
    assertNull(edge.asked.get(0).prompt().predictionJson());
    assertEquals("flow", edge.asked.get(0).prompt().flow());
    assertEquals(
        "400 question_missing",
        edge.call("POST", PATH, JSON, "{\"form\":{},\"chatId\":\"c\"}").outcome());
  }

  @Test
  void anAnswerThatItsProducerHasNamedKeepsItsName() {
    ask(connection, "", "\"streaming\":false");
    edge.asked.get(0).run().chatMessageId("m-9");
    finish(0, "x");
    assertEquals("m-9", connection.answer().json().path("chatMessageId").asString());
  }

  @Test
  void aRunThatHasNotBegunIsOpen() {
    connection.send(
        post("/api/v1/prediction/verbatim", "", "{\"chatId\":\"c\",\"streaming\":true}"));
    JsonNode state = edge.get("/v1/chats/c").json();
    assertEquals("running", state.path("state").asString());
    assertFalse(state.path("runs").get(0).has("firstId"), state::toString);
  }

  private void finish(int question, String text) {
    edge.asked.get(question).run().token(TokenType.FINAL_RESPONSE, text);
    edge.asked.get(question).run().end();
  }

  /** Sends the call with those fields and members; returns what was sent at once. */
  static String ask(Connection connection, String fields, String more) {
    return connection.send(request(PATH, fields, more)).sent();
  }

  private static String request(String path, String fields, String more) {
    return post(path, fields, "{\"question\":\"q?\",\"chatId\":\"c\"," + more + "}");
  }

  private static String post(String path, String fields, String body) {
    return "POST "
        + path
        + " HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
        + fields
        + "Content-Length: "
        + body.length()
        + "\r\n\r\n"
        + body;
  }
}
