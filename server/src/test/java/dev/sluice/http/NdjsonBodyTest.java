package dev.sluice.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
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
    requireWhole(
        "whole", fixture.publish(PublishFixture.path("whole"), PublishFixture.NDJSON, bytes));
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
      requireWhole(
          chatId, fixture.publish(PublishFixture.path(chatId), PublishFixture.NDJSON, bytes, cut));
      assertEquals(whole, fixture.logOf(chatId), chatId);
    }
    int[] all = new int[bytes.length - 1];
    for (int i = 0; i < all.length; i++) {
      all[i] = i + 1;
    }
    requireWhole(
        "bytes", fixture.publish(PublishFixture.path("bytes"), PublishFixture.NDJSON, bytes, all));
    assertEquals(whole, fixture.logOf("bytes"));
  }

  @Test
  void buffersOfSeveralPartsGiveTheSameEvents() {
    byte[] bytes = BODY.getBytes(StandardCharsets.UTF_8);
    Random random = new Random(1);
    fixture.publish(PublishFixture.path("whole"), PublishFixture.NDJSON, bytes);
    for (int i = 0; i < 50; i++) {
      Connection connection = fixture.edge.connect();
      String chatId = "c" + i;
      connection.send(
          "POST "
              + PublishFixture.path(chatId)
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
    Connection connection = fixture.openLines("c");
    connection.send(PublishFixture.chunk(PublishFixture.token("one")));
    assertEquals(404, fixture.edge.get("/v1/chats/c").status());
    connection.send(PublishFixture.chunk("\n" + PublishFixture.token("two")));
    assertEquals("one", fixture.textOf("c"));
    connection.send(PublishFixture.chunk("\r"));
    assertEquals("one", fixture.textOf("c"));
    connection.send(PublishFixture.chunk("\n"));
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
    Connection connection = fixture.openLines("c");
    connection.send(PublishFixture.chunk("{\"event\":\"x\",\"data\":\"" + "y".repeat(500)));
    assertEquals("", connection.sent());
    connection.send(PublishFixture.chunk("y".repeat(EdgeFixture.MAX_LINE_BYTES)));
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
    Connection connection = fixture.openLines("c");
    connection.send(
        PublishFixture.chunk("{\"event\":\"start\"}\n" + PublishFixture.token("one") + "\n"));
    Objects.requireNonNull(fixture.edge.chats.find("c")).stop();
    fixture.edge.chats.delete("c");
    connection.send(
        PublishFixture.chunk("{\"event\":\"start\"}\n" + PublishFixture.token("two") + "\n"));
    assertTrue(connection.answer().body().contains("{\"stop\":"));
    assertEquals("two", fixture.textOf("c"));
    connection.close();
    String state = fixture.edge.get("/v1/chats/c").body();
    assertTrue(state.contains("producer_lost"), state);
  }

  @Test
  void aBrokenRequestEndsTheRunsItWroteToAndNoOther() {
    fixture.json("c", "{\"event\":\"start\",\"run\":\"other\"}");
    Connection connection = fixture.openLines("c");
    connection.send(
        PublishFixture.chunk("{\"event\":\"token\",\"data\":\"x\",\"run\":\"mine\"}\n{\"event\":"));
    connection.close();
    String state = fixture.edge.get("/v1/chats/c").body();
    assertTrue(state.contains("\"runId\":\"other\",\"state\":\"open\""), state);
    assertTrue(state.contains("\"runId\":\"mine\",\"state\":\"producer_lost\""), state);
  }

  @Test
  void aBrokenRequestThatEndedItsRunEndsNoOther() {
    fixture.json("c", "{\"event\":\"start\",\"run\":\"other\"}");
    Connection connection = fixture.openLines("c");
    connection.send(PublishFixture.chunk("{\"event\":\"start\",\"run\":\"mine\"}\n"));
    connection.send(
        PublishFixture.chunk("{\"event\":\"token\",\"data\":\"x\"}\n{\"event\":\"end\"}\n"));
    connection.close();
    String state = fixture.edge.get("/v1/chats/c").body();
    assertTrue(state.contains("\"runId\":\"other\",\"state\":\"open\""), state);
    assertTrue(state.contains("\"runId\":\"mine\",\"state\":\"completed\""), state);
  }

  @Test
  void aRequestThatCameToItsEndLeavesItsRunOpen() {
    Connection connection = fixture.openLines("c");
    connection.send(PublishFixture.chunk(PublishFixture.token("x") + "\n") + "0\r\n\r\n");
    assertEquals("200", connection.answer().outcome());
    connection.close();
    assertTrue(fixture.edge.get("/v1/chats/c").body().contains("\"state\":\"running\""));
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
