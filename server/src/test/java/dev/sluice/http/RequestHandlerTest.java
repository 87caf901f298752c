package dev.sluice.http;

import static java.nio.charset.StandardCharsets.US_ASCII;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.chat.RunPublisher;
import dev.sluice.frame.TokenType;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The requests of one connection: one behind the other, in time, and of sane size. */
class RequestHandlerTest {
  private static final String PING = "GET /api/v1/ping HTTP/1.1\r\nHost: x\r\n\r\n";
  private static final String EVENTS = "POST /v1/chats/c/events HTTP/1.1\r\nHost: x\r\n";
  private static final String JSON = "Content-Type: application/json\r\n";
  private static final String NDJSON = "Content-Type: application/x-ndjson\r\n";

  private final EdgeFixture edge = new EdgeFixture();
  private final Connection connection = edge.connect();

  @AfterEach
  void close() {
    edge.close();
  }

  @ParameterizedTest
  @CsvSource(
      nullValues = "-",
      value = {
        "1.1, -, -, true",
        "1.1, close, close, false",
        "1.1, keep-alive, -, true",
        "1.0, -, close, false",
        "1.0, keep-alive, keep-alive, true",
        "1.0, close, close, false"
      })
  void aConnectionIsKeptAsItsClientWants(String version, String asked, String said, boolean stays) {
    String field = asked == null ? "" : "Connection: " + asked + "\r\n";
    connection.send("GET /api/v1/ping HTTP/" + version + "\r\nHost: x\r\n" + field + "\r\n");
    Answer answer = connection.answer();
    assertEquals("pong", answer.body());
    assertEquals(said, answer.field("connection"));
    assertEquals(stays, connection.isOpen());
  }

  @Test
  void everyAnswerHasItsLengthAndDateAndIsNotSniffed() {
    Answer answer = edge.get("/api/v1/ping");
    assertEquals("4", answer.field("content-length"));
    assertEquals("nosniff", answer.field("x-content-type-options"));
    assertTrue(
        String.valueOf(answer.field("date"))
            .matches("[A-Z][a-z]{2}, \\d\\d [A-Z][a-z]{2} \\d{4} \\d\\d:\\d\\d:\\d\\d GMT"));
  }

  @Test
  void headSaysWhatGetWouldAndSendsNoBody() {
    connection.send("HEAD /api/v1/ping HTTP/1.1\r\nHost: x\r\n\r\n" + PING);
    String sent = connection.sent();
    int second = sent.indexOf("HTTP/1.1 200", 1);
    Answer head = Answer.parse(sent.substring(0, second)).get(0);
    assertEquals("4", head.field("content-length"));
    assertEquals("", head.body());
    assertEquals("pong", Answer.parse(sent.substring(second)).get(0).body());
  }

  @Test
  void requestsInOneReadAreAnsweredInTheirOrder() {
    connection.send("POST /v1/chats/a HTTP/1.1\r\nHost: x\r\n\r\n" + PING + PING);
    List<Answer> answers = connection.answers();
    assertEquals("405 method_not_allowed", answers.get(0).outcome());
    assertEquals(1, answers.size(), "nothing is answered behind a close");
    Connection other = edge.connect();
    other.send(PING + EVENTS + JSON + "Content-Length: 2\r\n\r\n[]" + PING);
    assertEquals(
        List.of("pong", "{\"chatId\":\"c\",\"accepted\":0,\"lastId\":null}", "pong"),
        other.answers().stream().map(Answer::body).toList());
  }

  @Test
  void aRequestMayComeByteByByte() {
    for (byte b : (EVENTS + JSON + "Content-Length: 2\r\n\r\n[]" + PING).getBytes(US_ASCII)) {
      connection.send(new byte[] {b});
    }
    assertEquals(2, connection.answers().size());
  }

  @Test
  void aRequestBehindAPendingAnswerWaits() {
    ask();
    connection.send(PING);
    connection.send(PING + PING);
    assertEquals("", connection.sent());
    finish("hello");
    List<Answer> answers = connection.answers();
    assertEquals(4, answers.size());
    assertEquals("hello", answers.get(0).json().path("text").asString());
    assertEquals("pong", answers.get(3).body());
    connection.send(PING);
    assertEquals("pong", connection.answer().body());
  }

  @Test
  void aHundredRequestsBehindAPendingAnswerAreAnswered() {
    ask();
    connection.send(PING.repeat(100));
    finish("x");
    assertEquals(101, connection.answers().size());
  }

  @Test
  void whoPipelinesWithoutEndIsCutOff() {
    ask();
    connection.send(PING.repeat(20_000));
    assertFalse(connection.isOpen());
    finish("x");
    assertEquals("", connection.sent());
  }

  @Test
  void whoTakesNoAnswersGetsNoMoreOfThemMade() {
    connection.take(0);
    for (int i = 0; i < 100; i++) {
      connection.send("GET / HTTP/1.1\r\nHost: x\r\n\r\n");
    }
    long pending = connection.unsafe().outboundBuffer().totalPendingWriteBytes();
    assertTrue(pending < 64 * 1024, "pending " + pending);
    connection.takeAll();
    assertEquals(100, connection.answers().size());
  }

  @Test
  void aStreamBehindAPendingAnswerTakesTheConnectionOver() {
    ask();
    connection.send("GET /v1/chats/c/stream HTTP/1.1\r\nHost: x\r\n\r\n" + PING);
    finish("x");
    List<Answer> answers = connection.answers();
    assertEquals(2, answers.size());
    assertEquals("text/event-stream", answers.get(1).field("content-type"));
    edge.token("c", "y");
    assertTrue(Chunks.soFar(connection.sent()).contains("\"y\""));
  }

  @Test
  void aPendingAnswerOfAClientThatWentAwayIsForgotten() {
    ask();
    connection.send(PING);
    connection.close();
    finish("x");
    assertEquals("", connection.sent());
    assertEquals(0, subscribers("p"));
  }

  @Test
  void expectContinueIsToldToGoOn() {
    connection.send(EVENTS + JSON + "Expect: 100-continue\r\nContent-Length: 2\r\n\r\n");
    assertEquals("HTTP/1.1 100 Continue\r\n\r\n", connection.sent());
    connection.send("[]");
    assertEquals("200", connection.answer().outcome());
  }

  @Test
  void expectContinueDoesNotConfuseTheAnswerBehindIt() {
    connection.send(
        EVENTS
            + JSON
            + "Expect: 100-continue\r\nContent-Length: 2\r\n\r\n[]"
            + "HEAD /api/v1/ping HTTP/1.1\r\nHost: x\r\n\r\n");
    List<Answer> answers = connection.answers();
    assertEquals(List.of(100, 200, 200), answers.stream().map(Answer::status).toList());
    assertEquals("{\"chatId\":\"c\",\"accepted\":0,\"lastId\":null}", answers.get(1).body());
    assertEquals("", answers.get(2).body());
  }

  @Test
  void aRefusedRequestIsNotToldToGoOn() {
    connection.send(EVENTS + "Expect: 100-continue\r\nContent-Length: 2\r\n\r\n");
    assertEquals("415 unsupported_media_type", connection.answer().outcome());
  }

  @Test
  void anEarlyRefusalIsReadableThoughTheClientStillSends() {
    connection.send(EVENTS + JSON + "Content-Length: 4000\r\n\r\n]");
    Answer answer = connection.answer();
    assertEquals("400 malformed_json", answer.outcome());
    assertTrue(answer.closes());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "GET /", "GET / HTTP/1.1\r\nHost: x\r\n"})
  void aHeadThatDoesNotComeToItsEndIsRefused(String begun) {
    connection.send(begun);
    connection.advance(EdgeFixture.HEAD_TIMEOUT_MS - 50);
    assertEquals("", connection.sent());
    connection.advance(50 + 250);
    Answer answer = connection.answer();
    assertEquals("408 head_timeout", answer.outcome());
    assertTrue(answer.closes());
    assertFalse(connection.isOpen());
  }

  @ParameterizedTest
  @ValueSource(strings = {"GET", "HEAD"})
  void theTimeOfALaterHeadBeginsWithItsFirstByte(String first) {
    connection.send(first + " /api/v1/ping HTTP/1.1\r\nHost: x\r\n\r\n");
    connection.sent();
    connection.advance(EdgeFixture.HEAD_TIMEOUT_MS * 2);
    connection.send("GET ");
    connection.advance(EdgeFixture.HEAD_TIMEOUT_MS - 50);
    connection.send("/");
    assertEquals("", connection.sent());
    connection.advance(300);
    Answer answer = connection.answer();
    assertEquals("408 head_timeout", answer.outcome());
    assertFalse(answer.body().isEmpty());
  }

  @Test
  void aJsonBodyThatDoesNotComeIsRefusedHoweverSlowlyItDrips() {
    connection.send(EVENTS + JSON + "Content-Length: 400\r\n\r\n[");
    for (int i = 0; i < 19; i++) {
      connection.advance(EdgeFixture.BODY_TIMEOUT_MS / 20).send(" ");
    }
    assertEquals("", connection.sent());
    connection.advance(EdgeFixture.BODY_TIMEOUT_MS / 20 + 250);
    assertEquals("408 body_timeout", connection.answer().outcome());
  }

  @Test
  void anIdleConnectionIsClosedWithoutAWord() {
    connection.send(PING);
    connection.sent();
    connection.advance(EdgeFixture.IDLE_TIMEOUT_MS - 50);
    assertTrue(connection.isOpen());
    connection.advance(50 + 250);
    assertFalse(connection.isOpen());
    assertEquals("", connection.sent());
  }

  @Test
  void aPendingAnswerHasNoDeadlineHere() {
    ask();
    connection.advance(60_000);
    finish("x");
    assertEquals("200", connection.answer().outcome());
  }

  @Test
  void linesMayComeForEverButSilenceEndsThem() {
    connection.send(EVENTS + NDJSON + "Transfer-Encoding: chunked\r\n\r\n");
    for (int i = 0; i < 10; i++) {
      connection.advance(EdgeFixture.LINE_TIMEOUT_MS - 300).send("1\r\n\n\r\n");
    }
    assertEquals("", connection.sent());
    String line = "{\"event\":\"token\",\"data\":\"x\"}\n";
    connection.send(Integer.toHexString(line.length()) + "\r\n" + line + "\r\n");
    connection.advance(EdgeFixture.LINE_TIMEOUT_MS + 250);
    assertEquals("408 body_timeout", connection.answer().outcome());
    String state = edge.get("/v1/chats/c").body();
    assertTrue(state.contains("producer_lost"), state);
  }

  @Test
  void whileDrainingAConnectionIsClosedWithItsAnswer() {
    edge.edge.admission().drain();
    connection.send(PING);
    assertTrue(connection.answer().closes());
    assertFalse(connection.isOpen());
  }

  @Test
  void nothingIsAnsweredToAnEmptyConnectionThatCloses() {
    connection.close();
    assertEquals("", connection.sent());
    assertNull(edge.chats.find("c"));
  }

  private void ask() {
    String body = "{\"question\":\"q\",\"chatId\":\"p\"}";
    connection.send(
        "POST /api/v1/prediction/f HTTP/1.1\r\nHost: x\r\n"
            + JSON
            + "Content-Length: "
            + body.length()
            + "\r\n\r\n"
            + body);
    assertEquals("", connection.sent());
  }

  private void finish(String text) {
    RunPublisher run = edge.asked.get(0).run();
    run.token(TokenType.FINAL_RESPONSE, text);
    run.end();
  }

  private int subscribers(String chatId) {
    return edge.get("/v1/chats/" + chatId).json().path("subscribers").asInt();
  }
}
