package dev.sluice.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.chat.EventDraft;
import dev.sluice.chat.RunPublisher;
import dev.sluice.frame.TokenType;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** What waits for a pacing window, and which window it is. */
class PacingTest {
  private static final String STREAM = "/v1/chats/c/stream";

  private final EdgeFixture edge = new EdgeFixture();
  private final Connection connection = edge.connect();

  @AfterEach
  void close() {
    edge.close();
  }

  @Test
  void pacedTokensWaitForTheirWindowButTheFirstDoesNot() {
    connection.subscribe(STREAM + "?batch=1000&ids=off");
    edge.event("c", "start");
    assertTrue(connection.sent().contains("\"start\""));
    edge.token("c", "first");
    assertTrue(connection.sent().contains("\"first\""), "the first token waited");
    edge.token("c", "a");
    edge.token("c", "b");
    connection.advance(950);
    assertEquals("", connection.sent());
    connection.advance(100);
    assertTrue(connection.sent().contains("\"ab\""));
    edge.token("c", "c");
    connection.advance(850);
    assertEquals("", connection.sent());
    edge.event("c", "end");
    assertTrue(connection.sent().contains("\"c\""), "an event does not wait");
  }

  @Test
  void aPacedBacklogIsNotCutIntoWindows() {
    connection.subscribe(STREAM + "?batch=1000&ids=off");
    edge.token("c", "first");
    connection.sent();
    for (int i = 0; i < 10; i++) {
      // Of different types, so that they are frames of their own.
      for (TokenType type : TokenType.values()) {
        edge.publish("c", new EventDraft().token(type, "x".repeat(20_000)));
      }
    }
    connection.advance(1050);
    assertEquals(30, connection.sent().split("data:\\{", -1).length - 1);
  }

  @Test
  void theFirstTokenAfterAnotherEventDoesNotWait() {
    connection.subscribe(STREAM + "?batch=1000&ids=off&mode=follow");
    edge.token("c", "first");
    connection.sent();
    edge.token("c", "a");
    edge.event("c", "end");
    assertTrue(connection.sent().contains("\"a\""));
    edge.token("c", "b");
    assertTrue(connection.sent().contains("\"b\""), "the first token of the next run waited");
    edge.token("c", "c");
    assertEquals("", connection.sent());
  }

  @Test
  void aTokenWithKeysOfItsOwnIsPacedLikeTheOthers() {
    connection.subscribe(STREAM + "?batch=1000&ids=off");
    edge.token("c", "first");
    connection.sent();
    edge.publish("c", new EventDraft().token(TokenType.FINAL_RESPONSE, "a").extra("mark", "1"));
    assertEquals("", connection.sent());
    connection.advance(1050);
    assertTrue(connection.sent().contains("\"mark\":1"));
  }

  /** White space that rides on the next token is no write, so no window begins with it. */
  @Test
  void blankTokensTakeNoWindow() {
    connection.subscribe(STREAM + "?batch=1000&ids=off");
    edge.token("c", "first");
    connection.sent();
    edge.token("c", " ");
    connection.advance(1100);
    assertEquals("", connection.sent());
    edge.token("c", "next");
    assertTrue(connection.sent().contains("\" next\""));
  }

  @Test
  void aChatThatIsDeletedWithinAWindowEndsTheStream() {
    connection.subscribe(STREAM + "?batch=1000&mode=follow&run=r");
    edge.publish("c", new EventDraft().token(TokenType.FINAL_RESPONSE, "x").run("r"));
    connection.sent();
    edge.call("DELETE", "/v1/chats/c", "", "");
    assertTrue(Chunks.isComplete(connection.sent()));
  }

  @Test
  void aWindowThatEndsWhileTheChannelIsNotWritableIsNotForgotten() {
    connection.subscribe(STREAM + "?batch=1000&ids=off");
    edge.event("c", "start");
    connection.sent();
    connection.take(0);
    edge.token("c", "x".repeat(80_000));
    connection.sent();
    edge.token("c", "late");
    connection.advance(2000);
    assertEquals("", connection.sent());
    connection.takeAll();
    assertTrue(connection.sent().contains("\"late\""));
  }

  @Test
  void streamsThatArePacedAlikeGetTheSameBytesAtTheSameTime() {
    List<Connection> all = new ArrayList<>(List.of(connection));
    for (int i = 0; i < 4; i++) {
      all.add(edge.connectBeside(connection));
    }
    for (Connection one : all) {
      one.subscribe(STREAM + "?batch=1000&ids=off");
    }
    edge.event("c", "start");
    edge.token("c", "first");
    connection.runPendingTasks();
    all.forEach(Connection::sent);
    for (int i = 0; i < 20; i++) {
      edge.token("c", "t" + i);
      connection.advance(50);
    }
    connection.advance(50);
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 20; i++) {
      text.append('t').append(i);
    }
    String sent = connection.sent();
    assertTrue(sent.contains("\"" + text + "\""), sent);
    for (Connection one : all.subList(1, all.size())) {
      assertEquals(sent, one.sent());
    }
  }

  /** The subscriber's wish beats the flow's, that the server's; 0 is a wish, too. */
  @ParameterizedTest
  @CsvSource({
    "'', -1, 0, 0",
    "'', -1, 300, 300",
    "'', 200, 0, 200",
    "'', 200, 300, 200",
    "'', 0, 300, 0",
    "?batch=100, 200, 300, 100",
    "?batch=0, 200, 300, 0",
    "?batch=400, -1, 0, 400"
  })
  void whoseWindowItIs(String query, int flowMs, int serverMs, int windowMs) {
    try (EdgeFixture paced = EdgeFixture.paced(serverMs, flowMs)) {
      Connection reader = paced.connect();
      reader.subscribe(STREAM + query);
      String question = "{\"question\":\"q\"}";
      assertEquals(
          202, paced.call("POST", "/v1/chats/c/runs", "application/json", question).status());
      reader.sent();
      assertEquals(windowMs, windowMs(paced.asked.get(0).run(), reader));
    }
  }

  @ParameterizedTest
  @CsvSource({"-1, 300, 300", "200, 300, 200", "0, 300, 0", "200, 0, 200", "-1, 0, 0"})
  void aPredictionIsPacedAsItsFlowSays(int flowMs, int serverMs, int windowMs) {
    try (EdgeFixture paced = EdgeFixture.paced(serverMs, flowMs)) {
      Connection asking = paced.connect();
      String question = "{\"question\":\"q\",\"chatId\":\"c\",\"streaming\":true}";
      asking.send(
          "POST /api/v1/prediction/f HTTP/1.1\r\nHost: x\r\nContent-Type: application/json\r\n"
              + "Content-Length: "
              + question.length()
              + "\r\n\r\n"
              + question);
      asking.sent();
      assertEquals(windowMs, windowMs(paced.asked.get(0).run(), asking));
    }
  }

  /** A publisher's own run is of no flow. */
  @Test
  void whatIsPublishedToTheChatIsPacedAsTheServerSays() {
    try (EdgeFixture paced = EdgeFixture.paced(300, 200)) {
      Connection reader = paced.connect();
      reader.subscribe(STREAM);
      RunPublisher run = Objects.requireNonNull(paced.chats.startRun("c"));
      reader.sent();
      assertEquals(300, windowMs(run, reader));
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"-1", "10001", "x", "", "1.5"})
  void aWindowThatIsNotAllowedIsABadParameter(String batch) {
    assertEquals("400 bad_parameter", edge.get(STREAM + "?batch=" + batch).outcome());
    assertFalse(edge.chats.find("c") != null);
  }

  /** How long the second of two tokens waits, in steps of 50 ms. */
  private static int windowMs(RunPublisher run, Connection reader) {
    run.token(TokenType.FINAL_RESPONSE, "first");
    assertTrue(reader.sent().contains("first"));
    run.token(TokenType.FINAL_RESPONSE, "second");
    // Windows end on a whole ms.
    reader.advanceToTimer(TimeUnit.MILLISECONDS.toNanos(1));
    for (int ms = 0; ms <= HttpSettings.MAX_BATCH_MS; ms += 50) {
      if (reader.sent().contains("second")) {
        return ms;
      }
      reader.advance(50);
    }
    throw new AssertionError("never");
  }
}
