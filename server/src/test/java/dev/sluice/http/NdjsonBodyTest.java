package dev.sluice.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.handler.codec.http.DefaultHttpContent;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Publishing lines, however they are cut. */
class NdjsonBodyTest {
  private static final String EPOCH = EdgeFixture.EPOCH + "-";
  private static final List<String> LINES =
      List.of(
          "{\"event\":\"token\",\"data\":\"a\\u00e4\u00E4\u20AC\uD83D\uDE00\\ud83d\",\"k\":[1, {}]}\r",
          "",
          " \t \r",
          "{ \"type\" : \"toolResponse\" , \"data\":\"\\ude00\\\\\\\"\",\"event\":\"token\"}",
          "{\"event\":\"any.name-1\",\"data\":{\"n\":-1.50e+10,\"t\":[true,false,null]},\"x\":\"\"}",
          "{\"event\":\"end\"}");
  private static final String BODY = String.join("\n", LINES);

  private final PublishFixture fixture = new PublishFixture();

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void everyCutGivesTheSameEvents() {
    byte[] bytes = BODY.getBytes(StandardCharsets.UTF_8);
    requireWhole("whole", fixture.publish(path("whole"), PublishFixture.NDJSON, bytes));
    List<String> whole = fixture.logOf("whole");
    assertEquals(
        List.of(
            "{\"event\":\"start\",\"data\":\"\"}",
            "{\"event\":\"token\",\"data\":\"a\u00E4\u00E4\u20AC\uD83D\uDE00\\ud83d\","
                + "\"type\":\"agentReasoning\",\"k\":[1,{}]}",
            "{\"event\":\"token\",\"data\":\"\\ude00\\\\\\\"\",\"type\":\"toolResponse\"}",
            "{\"event\":\"any.name-1\",\"data\":{\"n\":-1.50e+10,\"t\":[true,false,null]},\"x\":\"\"}",
            "{\"event\":\"end\",\"data\":\"[DONE]\"}"),
        whole);
    for (int cut = 1; cut < bytes.length; cut++) {
      String chatId = "cut" + cut;
      requireWhole(chatId, fixture.publish(path(chatId), PublishFixture.NDJSON, bytes, cut));
      assertEquals(whole, fixture.logOf(chatId), chatId);
    }
    int[] all = new int[bytes.length - 1];
    for (int i = 0; i < all.length; i++) {
      all[i] = i + 1;
    }
    requireWhole("bytes", fixture.publish(path("bytes"), PublishFixture.NDJSON, bytes, all));
    assertEquals(whole, fixture.logOf("bytes"));
  }

  @Test
  void buffersOfSeveralPartsGiveTheSameEvents() {
    byte[] bytes = BODY.getBytes(StandardCharsets.UTF_8);
    Random random = new Random(1);
    fixture.publish(path("whole"), PublishFixture.NDJSON, bytes);
    for (int i = 0; i < 50; i++) {
      Connection connection = fixture.edge.connect();
      String chatId = "c" + i;
      connection.send(
          "POST "
              + path(chatId)
              + " HTTP/1.1\r\nHost: x\r\nContent-Type: application/x-ndjson\r\n"
              + "Transfer-Encoding: chunked\r\n\r\n");
      // Behind the codec, which would take the parts apart.
      connection
          .pipeline()
          .context(io.netty.handler.codec.http.HttpServerCodec.class)
          .fireChannelRead(new DefaultHttpContent(PublishFixture.composite(bytes, random)));
      connection.send("0\r\n\r\n");
      requireWhole(chatId, connection.answer());
      assertEquals(fixture.logOf("whole"), fixture.logOf(chatId));
    }
  }

  @Test
  void aLineTakesEffectWhenItsEndArrives() {
    Connection connection = open("c");
    connection.send(chunk(PublishFixture.token("one")));
    assertEquals(404, fixture.edge.get("/v1/chats/c").status());
    connection.send(chunk("\n" + PublishFixture.token("two")));
    assertEquals("one", fixture.textOf("c"));
    connection.send(chunk("\r"));
    assertEquals("one", fixture.textOf("c"));
    connection.send(chunk("\n"));
    assertEquals("onetwo", fixture.textOf("c"));
    connection.send("0\r\n\r\n");
    assertEquals(
        "{\"chatId\":\"c\",\"accepted\":2,\"lastId\":\"" + EPOCH + "3\"}",
        connection.answer().body());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "{                                  | malformed_line",
        "}                                  | malformed_line",
        "x                                  | malformed_line",
        "nul                                | malformed_line",
        "{\"event\":\"end\"} x              | malformed_line",
        "{\"event\":\"end\"}{\"event\":\"end\"} | malformed_line",
        "{\"event\":\"end\"},               | malformed_line",
        "{\"event\":\"end\",}               | malformed_line",
        "{'event':'end'}                    | malformed_line",
        "{\"event\":\"token\",\"data\":     | malformed_line",
        "{\"event\":\"token\",\"data\":\"   | malformed_line",
        "{\"event\":\"token\",\"data\":01}  | malformed_line",
        "{\"event\":\"token\",\"data\":NaN} | malformed_line",
        "{\"event\":\"x\",\"data\":\"\\x\"} | malformed_line",
        "// comment                         | malformed_line",
        "12                                 | malformed_event",
        "\"text\"                           | malformed_event",
        "[{\"event\":\"end\"}]              | malformed_event",
        "{}                                 | event_missing",
        "{\"event\":\"gap\",\"data\":{}}    | event_reserved",
        "{\"event\":\"end\",\"chatId\":\"d\"} | chat_id_mismatch"
      })
  void theFirstBadLineEndsTheRequestAndTheGoodOnesBeforeItStand(String bad, String code) {
    String good = PublishFixture.token("good") + "\n";
    for (String rest : new String[] {"\n" + PublishFixture.token("never") + "\n", "\n", ""}) {
      String chatId = "c" + rest.length();
      Answer answer = fixture.lines(chatId, good + "\n" + good + bad + rest);
      assertEquals("400 " + code, answer.outcome());
      JsonNode problem = answer.json();
      assertEquals(4, problem.path("line").asInt(), answer.body());
      assertEquals(2, problem.path("accepted").asInt());
      assertEquals("3", problem.path("lastId").asString().substring(EPOCH.length()), answer.body());
      assertEquals("goodgood", fixture.textOf(chatId));
      assertTrue(fixture.edge.get("/v1/chats/" + chatId).body().contains("\"open\""));
    }
  }

  @Test
  void aBadLineOfTheFirstEventSaysThatNothingWasAccepted() {
    Answer answer = fixture.lines("c", "x\n");
    assertEquals(0, answer.json().path("accepted").asInt());
    assertTrue(answer.json().path("lastId").isMissingNode());
    assertEquals(404, fixture.edge.get("/v1/chats/c").status());
  }

  @Test
  void oneObjectOverTwoLinesIsBadThoughItIsJson() {
    Answer answer = fixture.lines("c", "{\"event\":\n\"end\"}\n");
    assertEquals("400 malformed_line", answer.outcome());
    assertEquals(1, answer.json().path("line").asInt());
  }

  @ParameterizedTest
  @ValueSource(ints = {-1, 0, 1, 1000})
  void aLineHasALimit(int over) {
    String line = PublishFixture.token("x");
    line = " ".repeat(EdgeFixture.MAX_LINE_BYTES + over - line.length()) + line;
    Answer answer = fixture.lines("c", PublishFixture.token("good") + "\n" + line + "\n");
    if (over <= 0) {
      assertEquals("200", answer.outcome());
    } else {
      assertEquals("413 line_too_large", answer.outcome());
      assertEquals(2, answer.json().path("line").asInt());
      assertEquals("good", fixture.textOf("c"));
    }
  }

  @Test
  void aLineWithoutEndIsRefusedAsSoonAsItIsTooLong() {
    Connection connection = open("c");
    connection.send(chunk("{\"event\":\"x\",\"data\":\"" + "y".repeat(500)));
    assertEquals("", connection.sent());
    connection.send(chunk("y".repeat(EdgeFixture.MAX_LINE_BYTES)));
    String outcome = connection.answer().outcome();
    assertTrue(outcome.startsWith("413 "), outcome);
  }

  @ParameterizedTest
  @CsvSource({"510,true", "520,false"})
  void anEventHasALimit(int chars, boolean accepted) {
    String text = "x".repeat(chars - "token".length());
    Answer answer = fixture.lines("c", PublishFixture.token(text));
    assertEquals(accepted ? "200" : "413 event_too_large", answer.outcome());
  }

  @Test
  void aBodyMayBeLongerThanAnyOtherBody() {
    String lines = (PublishFixture.token("0123456789") + "\n").repeat(2000);
    Answer answer = fixture.lines("c", lines);
    assertEquals(2000, answer.json().path("accepted").asInt());
    assertEquals("0123456789".repeat(2000), fixture.textOf("c"));
  }

  @Test
  void manyChatsShareOneRequest() {
    StringBuilder lines = new StringBuilder();
    for (int i = 0; i < 9; i++) {
      lines.append("{\"chatId\":\"m" + i % 3 + "\",\"event\":\"token\",\"data\":\"" + i + "\"}\n");
    }
    Answer answer =
        fixture.publish(
            "/v1/events", PublishFixture.NDJSON, lines.toString().getBytes(StandardCharsets.UTF_8));
    assertEquals(9, answer.json().path("accepted").asInt());
    assertEquals("m2", answer.json().path("chatId").asString());
    assertEquals("036", fixture.textOf("m0"));
    assertEquals("258", fixture.textOf("m2"));
    String nothing = fixture.publish("/v1/events", PublishFixture.NDJSON, new byte[0]).body();
    assertEquals("{\"accepted\":0,\"lastId\":null}", nothing);
  }

  @Test
  void aStartBeginsAChatAnewThatWasForgottenMeanwhile() {
    Connection connection = open("c");
    connection.send(chunk("{\"event\":\"start\"}\n" + PublishFixture.token("one") + "\n"));
    Objects.requireNonNull(fixture.edge.chats.find("c")).stop();
    fixture.edge.chats.delete("c");
    connection.send(chunk("{\"event\":\"start\"}\n" + PublishFixture.token("two") + "\n"));
    assertTrue(connection.answer().body().contains("{\"stop\":"));
    assertEquals("two", fixture.textOf("c"));
    connection.close();
    String state = fixture.edge.get("/v1/chats/c").body();
    assertTrue(state.contains("producer_lost"), state);
  }

  @Test
  void aBrokenRequestEndsTheRunsItWroteToAndNoOther() {
    fixture.json("c", "{\"event\":\"start\",\"run\":\"other\"}");
    Connection connection = open("c");
    connection.send(chunk("{\"event\":\"token\",\"data\":\"x\",\"run\":\"mine\"}\n{\"event\":"));
    connection.close();
    String state = fixture.edge.get("/v1/chats/c").body();
    assertTrue(state.contains("\"runId\":\"other\",\"state\":\"open\""), state);
    assertTrue(state.contains("\"runId\":\"mine\",\"state\":\"producer_lost\""), state);
  }

  @Test
  void aBrokenRequestThatEndedItsRunEndsNoOther() {
    fixture.json("c", "{\"event\":\"start\",\"run\":\"other\"}");
    Connection connection = open("c");
    connection.send(chunk("{\"event\":\"start\",\"run\":\"mine\"}\n"));
    connection.send(chunk("{\"event\":\"token\",\"data\":\"x\"}\n{\"event\":\"end\"}\n"));
    connection.close();
    String state = fixture.edge.get("/v1/chats/c").body();
    assertTrue(state.contains("\"runId\":\"other\",\"state\":\"open\""), state);
    assertTrue(state.contains("\"runId\":\"mine\",\"state\":\"completed\""), state);
  }

  @Test
  void aRequestThatCameToItsEndLeavesItsRunOpen() {
    Connection connection = open("c");
    connection.send(chunk(PublishFixture.token("x") + "\n") + "0\r\n\r\n");
    assertEquals("200", connection.answer().outcome());
    connection.close();
    assertTrue(fixture.edge.get("/v1/chats/c").body().contains("\"state\":\"running\""));
  }

  @Test
  void aStoppedRunIsToldToItsPublisherAtOnce() {
    Connection connection = open("c");
    connection.send(chunk(named("r", "x") + "\n"));
    stop("c");
    Answer begun = connection.answer();
    assertEquals("200 application/x-ndjson", begun.status() + " " + begun.field("content-type"));
    assertEquals("{\"stop\":\"r\"}\n", Chunks.soFar(begun.body()));
    connection.send(chunk(named("r", "late") + "\n\n") + "0\r\n\r\n");
    assertEquals(
        "{\"chatId\":\"c\",\"accepted\":1,\"dropped\":1,\"lastId\":\"" + EPOCH + "4\"}\n",
        Chunks.whole(connection.sent()));
    assertFalse(connection.isOpen());
    assertFalse(fixture.textOf("c").contains("late"));
  }

  @Test
  void aRunWithoutANameIsToldByTheOneThatTheServerGaveIt() {
    Connection connection = open("c");
    connection.send(chunk(PublishFixture.token("x") + "\n"));
    stop("c");
    String run = fixture.edge.get("/v1/chats/c").json().at("/runs/0/runId").asString();
    assertEquals("{\"stop\":\"" + run + "\"}\n", Chunks.soFar(connection.answer().body()));
    connection.send(chunk(PublishFixture.token("late") + "\n"));
    assertEquals("", connection.sent());
  }

  @Test
  void theNextRunGoesOnTheSameRequest() {
    Connection connection = open("c");
    connection.send(chunk(named("r", "x") + "\n"));
    stop("c");
    connection.send(chunk(named("r", "late") + "\n{\"event\":\"start\",\"run\":\"s\"}\n"));
    connection.send(chunk(named("s", "y") + "\n" + named("r", "later") + "\n"));
    stop("c");
    connection.send("0\r\n\r\n");
    assertEquals(
        "{\"stop\":\"r\"}\n{\"stop\":\"s\"}\n{\"chatId\":\"c\",\"accepted\":3,\"dropped\":2,"
            + "\"lastId\":\""
            + EPOCH
            + "8\"}\n",
        Chunks.whole(connection.answer().body()));
    assertEquals("y", fixture.textOf("c"));
  }

  @Test
  void whoDoesNotHeedAStopIsRefusedAfterASecond() {
    Connection connection = open("c");
    connection.send(chunk(named("r", "x") + "\n"));
    stop("c");
    connection.send(chunk(named("r", "late") + "\n"));
    connection.advance(1000);
    connection.send(chunk(named("r", "too late") + "\n" + named("r", "never") + "\n"));
    String[] lines = Chunks.whole(connection.answer().body()).split("\n", -1);
    assertEquals("{\"stop\":\"r\"}", lines[0]);
    JsonNode refusal = Json.MAPPER.readTree(lines[1]);
    assertEquals("409 run_stopped", refusal.path("status") + " " + refusal.path("code").asString());
    assertEquals(3, refusal.path("line").asInt());
    assertEquals("", lines[2]);
    assertEquals(3, lines.length);
  }

  @Test
  void aStopBeforeTheFirstLineIsARefusal() {
    fixture.json("c", "{\"event\":\"start\",\"run\":\"r\"}");
    stop("c");
    Answer answer = fixture.lines("c", named("r", "x") + "\n");
    assertEquals("409 run_stopped", answer.outcome());
    assertEquals(1, answer.json().path("line").asInt());
  }

  @Test
  void aStopOfOneChatIsNoneOfTheOthersOfTheRequest() {
    Connection connection =
        fixture
            .edge
            .connect()
            .send(
                String.join(
                    "\r\n",
                    "POST /v1/events HTTP/1.1",
                    "Host: x",
                    "Content-Type: application/x-ndjson",
                    "Transfer-Encoding: chunked",
                    "\r\n"));
    fixture.json("d", "{\"event\":\"start\",\"run\":\"before\"}");
    stop("d");
    connection.send(chunk(to("a", named("r", "a1")) + to("b", named("r", "b1"))));
    stop("a");
    connection.advance(2500);
    connection.send(
        chunk(
            to("a", named("r", "late"))
                + to("b", named("r", "b2"))
                + to("d", named("before", "late"))
                + to("d", named("before", "late"))
                + to("d", PublishFixture.token("late"))));
    fixture.edge.chats.delete("b");
    connection.send(chunk(to("b", named("r", "late")) + to("a", named("s", "a2"))));
    connection.send("0\r\n\r\n");
    assertEquals(
        """
        {"chatId":"a","stop":"r"}
        {"chatId":"d","stop":"before"}
        {"chatId":"b","stop":"r"}
        {"chatId":"a","accepted":4,"dropped":5,"lastId":"%s"}
        """
            .formatted(EdgeFixture.EPOCH + 1 + "-6"),
        Chunks.whole(connection.answer().body()));
    assertEquals("a2", fixture.textOf("a"));
    assertEquals(404, fixture.edge.get("/v1/chats/b").status());
  }

  @Test
  void aRequestOfHttp10IsToldTooAndEndsWithItsConnection() {
    Connection connection = fixture.edge.connect();
    String line = named("r", "x") + "\n";
    connection.send(
        "POST "
            + path("c")
            + " HTTP/1.0\r\nContent-Type: application/x-ndjson\r\nContent-Length: "
            + (line.length() + 1)
            + "\r\n\r\n"
            + line);
    stop("c");
    connection.send("\n");
    String sent = connection.sent();
    assertFalse(sent.contains("chunked"), sent);
    assertTrue(sent.contains("\r\n\r\n{\"stop\":\"r\"}\n{\"chatId\":\"c\",\"accepted\":1,"), sent);
    assertFalse(connection.isOpen());
  }

  private void stop(String chatId) {
    assertEquals(200, fixture.edge.call("POST", "/v1/chats/" + chatId + "/stop", "", "").status());
  }

  private static String named(String run, String text) {
    return "{\"event\":\"token\",\"run\":\"" + run + "\",\"data\":\"" + text + "\"}";
  }

  private static String to(String chatId, String event) {
    return "{\"chatId\":\"" + chatId + "\"," + event.substring(1) + "\n";
  }

  private Connection open(String chatId) {
    return fixture
        .edge
        .connect()
        .send(
            "POST "
                + path(chatId)
                + " HTTP/1.1\r\nHost: x\r\nContent-Type: Application/X-NDJSON; charset=utf-8\r\n"
                + "Transfer-Encoding: chunked\r\n\r\n");
  }

  private static String chunk(String text) {
    return Integer.toHexString(text.getBytes(StandardCharsets.UTF_8).length)
        + "\r\n"
        + text
        + "\r\n";
  }

  private static String path(String chatId) {
    return "/v1/chats/" + chatId + "/events";
  }

  private static void requireWhole(String chatId, Answer answer) {
    assertEquals(
        "{\"chatId\":\""
            + chatId
            + "\",\"accepted\":4,\"lastId\":\""
            + answer.json().path("lastId").asString()
            + "\"}",
        answer.body());
    assertEquals(200, answer.status());
  }
}
