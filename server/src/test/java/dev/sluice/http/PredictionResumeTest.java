package dev.sluice.http;

import static dev.sluice.http.PredictionTest.ask;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.chat.RunPublisher;
import dev.sluice.frame.TokenType;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;

/** A client repeats Flowise's call with the last id that it has seen. */
class PredictionResumeTest {
  private final EdgeFixture edge = new EdgeFixture();
  private final Connection connection = edge.connect();

  @AfterEach
  void close() {
    edge.close();
  }

  @Test
  void aRepeatWithTheLastEventIdGetsTheRestAndAsksNobody() {
    ask(connection, "", "\"streaming\":true");
    RunPublisher run = edge.asked.get(0).run();
    run.token(TokenType.FINAL_RESPONSE, "one");
    connection.close();
    run.token(TokenType.FINAL_RESPONSE, "two");
    Connection again = edge.connect();
    String resumed = ask(again, last(2), "\"streaming\":true");
    assertFalse(resumed.contains("one"), resumed);
    assertTrue(resumed.contains("\"two\""), resumed);
    run.end();
    assertTrue(Chunks.isComplete(again.sent()));
    Connection late = edge.connect();
    assertTrue(ask(late, last(4), "\"streaming\":true").startsWith("HTTP/1.1 204 "));
    assertEquals(1, edge.asked.size());
  }

  @Test
  void whoResumesGetsTheRunThatItsLastEventIsOf() {
    ask(connection, "", "\"streaming\":true");
    Connection other = edge.connect();
    ask(other, "", "\"streaming\":true");
    edge.asked.get(0).run().token(TokenType.FINAL_RESPONSE, "mine");
    edge.asked.get(1).run().token(TokenType.FINAL_RESPONSE, "other");
    connection.close();
    other.close();
    // 1 and 2 are the starts, 3 and 4 the tokens.
    for (int offset : new int[] {1, 3}) {
      Connection again = edge.connect();
      ask(again, last(offset), "\"streaming\":true");
      edge.asked.get(0).run().token(TokenType.FINAL_RESPONSE, "rest" + offset);
      edge.asked.get(1).run().token(TokenType.FINAL_RESPONSE, "not for you");
      String sent = again.sent();
      assertTrue(sent.contains("rest" + offset), sent);
      assertFalse(sent.contains("not for you"), sent);
    }
    assertEquals(2, edge.asked.size());
  }

  @Test
  void anIdOfAChatThatIsNoMoreAsksAnewAfterAGap() {
    String sent = ask(connection, "Last-Event-ID: 5-5\r\n", "\"streaming\":true");
    assertEquals(1, edge.asked.size());
    assertTrue(sent.contains(gap("5-5", 0, "epoch")), sent);
    assertTrue(sent.indexOf("\"gap\"") < sent.indexOf("\"start\""), sent);
    assertTrue(
        ask(edge.connect(), "Last-Event-ID: x\r\n", "\"streaming\":true").contains("bad_event_id"));
    assertEquals(1, edge.asked.size());
  }

  /** As when the server was started anew, and the answer to the first repeat is lost, too. */
  @Test
  void anIdOfAnotherLogGetsTheNewestAnswerAfterAGap() {
    ask(connection, "", "\"streaming\":true");
    edge.asked.get(0).run().token(TokenType.FINAL_RESPONSE, "first");
    edge.asked.get(0).run().end();
    ask(edge.connect(), "Last-Event-ID:\r\n", "\"streaming\":true");
    edge.asked.get(1).run().token(TokenType.FINAL_RESPONSE, "second");
    Connection again = edge.connect();
    String sent = ask(again, "Last-Event-ID: 5-5\r\n", "\"streaming\":true");
    assertTrue(sent.contains(gap("5-5", 3, "epoch")), sent);
    assertTrue(sent.contains("\"second\"") && !sent.contains("first"), sent);
    edge.asked.get(1).run().end();
    assertTrue(Chunks.isComplete(again.sent()));
    assertEquals(2, edge.asked.size());
  }

  @Test
  void whoComesBackAfterItsEventsWereShedIsToldAndGetsTheRest() {
    ask(connection, "", "\"streaming\":true");
    connection.close();
    RunPublisher run = edge.asked.get(0).run();
    for (int i = 0; i < 12; i++) {
      run.token(TokenType.FINAL_RESPONSE, "x".repeat(1 << 20));
    }
    run.token(TokenType.FINAL_RESPONSE, "last");
    run.end();
    Connection again = edge.connect();
    String sent = ask(again, last(1), "\"streaming\":true");
    assertTrue(sent.contains("{\"from\":\"" + EdgeFixture.EPOCH + "-1\",\"to\":\""), "no gap");
    assertTrue(sent.contains("\"lapped\""), "no reason");
    assertTrue(sent.contains("last\"") && Chunks.isComplete(sent), "not the rest");
    assertEquals(1, edge.asked.size());
  }

  @Test
  void anIdThatWasNeverGivenOutIsGone() {
    ask(connection, "", "\"streaming\":true");
    for (int offset : new int[] {0, 2, 999}) {
      String sent = ask(edge.connect(), last(offset), "\"streaming\":true");
      assertTrue(sent.startsWith("HTTP/1.1 410 ") && sent.contains("event_gone"), sent);
    }
    assertEquals(1, edge.asked.size());
  }

  private static String gap(String from, int to, String reason) {
    return "{\"event\":\"gap\",\"data\":{\"from\":\""
        + from
        + "\",\"to\":\""
        + EdgeFixture.EPOCH
        + "-"
        + to
        + "\",\"reason\":\""
        + reason
        + "\"}}";
  }

  private static String last(int offset) {
    return "Last-Event-ID: " + EdgeFixture.EPOCH + "-" + offset + "\r\n";
  }
}
