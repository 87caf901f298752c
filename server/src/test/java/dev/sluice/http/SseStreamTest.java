package dev.sluice.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.chat.EventDraft;
import dev.sluice.frame.TokenType;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** One stream, byte for byte. */
class SseStreamTest {
  private static final String ID = "id:" + EdgeFixture.EPOCH + "-";
  private static final String START = "message:\ndata:{\"event\":\"start\",\"data\":\"\"}\n\n";
  private static final String END = "message:\ndata:{\"event\":\"end\",\"data\":\"[DONE]\"}\n\n";
  private static final Pattern RETRY = Pattern.compile("retry:(\\d+)\n");

  private final EdgeFixture edge = new EdgeFixture();
  private final Connection connection = edge.connect();

  @AfterEach
  void close() {
    edge.close();
  }

  @Test
  void headIsSentAtOnceAsTheContractSays() {
    String head = connection.subscribe("/v1/chats/c/stream");
    assertTrue(head.startsWith("HTTP/1.1 200 OK\r\n"), head);
    assertTrue(head.endsWith("\r\n\r\n"), head);
    Answer answer = Answer.parse(head).get(0);
    assertEquals("text/event-stream", answer.field("content-type"));
    assertEquals("no-cache, no-transform", answer.field("cache-control"));
    assertEquals("no", answer.field("x-accel-buffering"));
    assertEquals("nosniff", answer.field("x-content-type-options"));
    assertEquals("chunked", answer.field("transfer-encoding"));
    assertFalse(answer.fields().containsKey("content-length"));
    assertTrue(answer.fields().containsKey("date"));
    assertEquals(6, answer.fields().size(), head);
  }

  @Test
  void http10GetsABodyThatEndsWithTheConnection() {
    connection.send("GET /v1/chats/c/stream HTTP/1.0\r\nHost: x\r\n\r\n");
    Answer answer = connection.answer();
    assertFalse(answer.fields().containsKey("transfer-encoding"));
    assertFalse(answer.fields().containsKey("content-length"));
    assertEquals("close", answer.field("connection"));
    edge.token("c", "x");
    edge.event("c", "end");
    String body = RETRY.matcher(connection.sent()).replaceAll("");
    assertEquals(ID + "1\n" + START + ID + "2\n" + token("x") + ID + "3\n" + END, body);
    assertFalse(connection.isOpen());
  }

  /** What proxies ask in; nginx speaks HTTP/1.0 to servers unless told otherwise. */
  @ParameterizedTest
  @CsvSource({
    "1.0, '', false, true",
    "1.0, close, false, true",
    "1.0, keep-alive, false, true",
    "1.1, '', true, false",
    "1.1, close, true, true",
    "1.1, keep-alive, true, false"
  })
  void aBodyIsInChunksWhereTheVersionHasThem(
      String version, String field, boolean chunked, boolean closes) {
    String asked = field.isEmpty() ? "" : "Connection: " + field + "\r\n";
    connection.send(
        "GET /v1/chats/c/stream?ids=off HTTP/" + version + "\r\nHost: x\r\n" + asked + "\r\n");
    Answer answer = connection.answer();
    assertEquals(chunked ? "chunked" : null, answer.field("transfer-encoding"));
    assertFalse(answer.fields().containsKey("content-length"));
    assertEquals(closes, answer.closes(), answer.head());
    connection.advance(EdgeFixture.HEARTBEAT_MS + 100);
    String heartbeat = connection.sent();
    assertEquals(":hb\n", chunked ? Chunks.soFar(heartbeat) : heartbeat);
    edge.event("c", "start");
    edge.event("c", "end");
    String rest = connection.sent();
    String body = RETRY.matcher(chunked ? Chunks.whole(rest) : rest).replaceAll("");
    assertEquals(START + END, body);
    assertEquals(closes, !connection.isOpen());
  }

  @Test
  void headOfAStreamHasNoBody() {
    edge.token("c", "x");
    connection.send("HEAD /v1/chats/c/stream HTTP/1.1\r\nHost: x\r\n\r\n");
    Answer answer = connection.answer();
    assertEquals(200, answer.status());
    assertEquals("text/event-stream", answer.field("content-type"));
    assertEquals("", answer.body());
    edge.token("c", "y");
    assertEquals("", connection.sent());
    assertEquals(0, edge.edge.admission().openStreams());
  }

  @Test
  void framesAreByteForByteThoseOfTheContract() {
    connection.subscribe("/v1/chats/c/stream");
    edge.event("c", "start");
    String first = Chunks.soFar(connection.sent());
    assertTrue(
        first.matches(Pattern.quote(ID + "1\n") + "retry:\\d+\n" + Pattern.quote(START)), first);
    edge.token("c", " Hel");
    assertEquals(ID + "2\n" + token(" Hel"), Chunks.soFar(connection.sent()));
    edge.token("c", "lo");
    edge.token("c", "!");
    assertEquals(ID + "4\n" + token("lo!"), Chunks.soFar(connection.sent()));
    edge.event("c", "end");
    String last = connection.sent();
    assertEquals(ID + "5\n" + END, Chunks.whole(last));
  }

  @Test
  void theConnectionTakesTheNextRequestAfterAWholeBody() {
    for (int round = 0; round < 3; round++) {
      String chatId = "c" + round;
      connection.subscribe("/v1/chats/" + chatId + "/stream");
      edge.event(chatId, "start");
      edge.event(chatId, "end");
      assertTrue(Chunks.isComplete(connection.sent()));
      assertEquals(200, connection.call("GET", "/v1/chats/" + chatId, "", "").status());
    }
    connection.advance(EdgeFixture.IDLE_TIMEOUT_MS - 100);
    assertTrue(connection.isOpen());
    connection.advance(300);
    assertFalse(connection.isOpen());
  }

  @Test
  void aHeadThatIsBegunAfterAWholeBodyHasToArriveInTime() {
    connection.subscribe("/v1/chats/c/stream");
    edge.event("c", "start");
    edge.event("c", "end");
    connection.sent();
    connection.send("GET / HTT");
    connection.advance(EdgeFixture.HEAD_TIMEOUT_MS + 100);
    assertEquals(408, connection.answer().status());
    assertFalse(connection.isOpen());
  }

  /** What comes before the end of the answer is not kept, so the rest cannot be told apart. */
  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void whoTalksOnDuringAnAnswerIsClosedAfterIt(boolean atOnce) {
    String next = "GET /v1/chats/c HTTP/1.1\r\nHost: x\r\n\r\n";
    connection.send("GET /v1/chats/c/stream HTTP/1.1\r\nHost: x\r\n\r\n" + (atOnce ? next : ""));
    connection.send(atOnce ? "" : next);
    edge.event("c", "start");
    edge.event("c", "end");
    assertTrue(connection.sent().endsWith("0\r\n\r\n"));
    assertFalse(connection.isOpen());
  }

  @Test
  void aWholeBodyThatIsNotTakenKeepsTheConnectionFromTheNextRequest() {
    connection.subscribe("/v1/chats/c/stream");
    connection.take(0);
    edge.event("c", "start");
    edge.event("c", "end");
    connection.advance(EdgeFixture.STALL_TIMEOUT_MS - 1000);
    assertTrue(connection.isOpen());
    connection.takeAll();
    assertTrue(Chunks.isComplete(connection.sent()));
    assertEquals(200, connection.call("GET", "/v1/chats/c", "", "").status());
  }

  @Test
  void aLargeFrameIsOneChunkWithItsSizeInHex() {
    connection.subscribe("/v1/chats/c/stream");
    String text = "\u00E4\u20AC\uD83D\uDE00".repeat(20_000);
    edge.token("c", text);
    assertTrue(Chunks.soFar(connection.sent()).contains(text));
  }

  @Test
  void retryStandsOnlyInTheFirstFrameAndIsJittered() {
    long least = Long.MAX_VALUE;
    long most = 0;
    edge.token("c", "x");
    for (int i = 0; i < 60; i++) {
      Connection one = edge.connect();
      String all = one.subscribe("/v1/chats/c/stream");
      var retry = RETRY.matcher(all);
      assertTrue(retry.find(), all);
      long ms = Long.parseLong(retry.group(1));
      least = Math.min(least, ms);
      most = Math.max(most, ms);
      assertFalse(retry.find(), all);
    }
    assertTrue(least >= EdgeFixture.RETRY_MS / 2, "least " + least);
    assertTrue(most <= EdgeFixture.RETRY_MS * 3 / 2, "most " + most);
    assertTrue(most - least > 100, "not jittered: " + least + " to " + most);
  }

  @Test
  void idsCanBeLeftOut() {
    connection.subscribe("/v1/chats/c/stream?ids=off");
    edge.event("c", "start");
    assertTrue(Chunks.soFar(connection.sent()).matches("retry:\\d+\n" + Pattern.quote(START)));
    edge.token("c", "x");
    assertEquals(token("x"), Chunks.soFar(connection.sent()));
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void heartbeatComesOnlyAfterSilence(boolean afterAToken) {
    connection.subscribe("/v1/chats/c/stream");
    if (afterAToken) {
      connection.advance(EdgeFixture.HEARTBEAT_MS - 100);
      edge.token("c", "x");
      connection.sent();
    }
    connection.advance(EdgeFixture.HEARTBEAT_MS - 50);
    assertEquals("", connection.sent());
    connection.advance(50 + 250);
    assertEquals("4\r\n:hb\n\r\n", connection.sent());
    connection.advance(EdgeFixture.HEARTBEAT_MS - 300);
    assertEquals("", connection.sent());
    connection.advance(300 + 250);
    assertEquals("4\r\n:hb\n\r\n", connection.sent());
  }

  @Test
  void followStaysAfterTheEndAndGetsTheNextRun() {
    connection.subscribe("/v1/chats/c/stream?mode=follow");
    edge.token("c", "one");
    edge.event("c", "end");
    String first = Chunks.soFar(connection.sent());
    assertTrue(first.endsWith(END), first);
    assertTrue(connection.isOpen());
    edge.token("c", "two");
    edge.event("c", "end");
    String second = Chunks.soFar(connection.sent());
    assertEquals(ID + "4\n" + START + ID + "5\n" + token("two") + ID + "6\n" + END, second);
  }

  @Test
  void modeRunEndsWhenTheLastOpenRunDoes() {
    connection.subscribe("/v1/chats/c/stream");
    edge.publish("c", new EventDraft().event("start").run("a"));
    edge.publish("c", new EventDraft().event("start").run("b"));
    edge.publish("c", new EventDraft().event("end").run("a"));
    assertFalse(Chunks.isComplete(connection.sent()));
    edge.publish("c", new EventDraft().event("end").run("b"));
    assertTrue(Chunks.isComplete(connection.sent()));
  }

  @Test
  void aStreamThatEndsHasNothingBehindItsLastChunk() {
    String text = "x".repeat(40_000);
    for (int run = 0; run < 3; run++) {
      edge.token("c", text);
      edge.event("c", "end");
    }
    for (String query : new String[] {"", "?mode=run"}) {
      Connection one = edge.connect();
      one.send(
          "GET /v1/chats/c/stream"
              + query
              + " HTTP/1.1\r\nHost: x\r\nLast-Event-ID: "
              + EdgeFixture.EPOCH
              + "-1\r\n\r\n");
      String body = Chunks.whole(one.answer().body());
      assertTrue(body.endsWith(END), () -> body.substring(body.length() - 200));
      assertEquals(3, body.split(text, -1).length - 1, "what has begun since is read on");
    }
  }

  @Test
  void oneRunCanBeReadAlone() {
    connection.subscribe("/v1/chats/c/stream?run=b&ids=off");
    for (String run : new String[] {"a", "b"}) {
      edge.publish("c", new EventDraft().event("start").run(run));
    }
    for (int i = 0; i < 3; i++) {
      edge.publish("c", token("a", "a" + i));
      edge.publish("c", token("b", "b" + i));
    }
    edge.publish("c", new EventDraft().event("end").run("b"));
    String body = RETRY.matcher(Chunks.whole(connection.sent())).replaceAll("");
    assertEquals(
        "message:\ndata:{\"event\":\"start\",\"data\":\"\",\"run\":\"b\"}\n\n"
            + "message:\ndata:{\"event\":\"token\",\"data\":\"b0b1b2\","
            + "\"type\":\"finalResponse\",\"run\":\"b\"}\n\n"
            + "message:\ndata:{\"event\":\"end\",\"data\":\"[DONE]\",\"run\":\"b\"}\n\n",
        body);
  }

  @ParameterizedTest
  @CsvSource({"mode=run", "mode=follow", "run=other"})
  void deletingTheChatCompletesTheBody(String query) {
    connection.subscribe("/v1/chats/c/stream?" + query);
    edge.token("c", "x");
    connection.sent();
    assertEquals(204, edge.call("DELETE", "/v1/chats/c", "", "").status());
    String rest = connection.sent();
    assertTrue(Chunks.isComplete(rest), rest);
    String content = Chunks.whole(rest);
    assertEquals(!query.startsWith("run="), content.contains("\"abort\""), content);
    assertEquals(0, edge.edge.admission().openStreams());
  }

  @Test
  void deletingAChatThatIsOnlyAwaitedCompletesTheBody() {
    connection.subscribe("/v1/chats/c/stream");
    assertEquals(204, edge.call("DELETE", "/v1/chats/c", "", "").status());
    assertEquals("0\r\n\r\n", connection.sent());
  }

  @Test
  void aDeleteRightBehindALargeTokenEndsTheBodyOnce() {
    connection.subscribe("/v1/chats/c/stream");
    edge.token("c", "x".repeat(40_000));
    edge.call("DELETE", "/v1/chats/c", "", "");
    assertTrue(Chunks.whole(connection.sent()).endsWith(END));
  }

  @Test
  void whatTheClientSendsOnAStreamIsReadOver() {
    connection.send(
        "GET /v1/chats/c/stream HTTP/1.1\r\nHost: x\r\n\r\nGET /healthz HTTP/1.1\r\n\r\n");
    connection.send("more");
    assertEquals(1, connection.answers().size());
    edge.token("c", "x");
    assertTrue(Chunks.soFar(connection.sent()).contains("\"x\""));
  }

  private static EventDraft token(String run, String text) {
    return new EventDraft().token(TokenType.FINAL_RESPONSE, text).run(run);
  }

  private static String token(String text) {
    return "message:\ndata:{\"event\":\"token\",\"data\":\""
        + text
        + "\",\"type\":\"finalResponse\"}\n\n";
  }
}
