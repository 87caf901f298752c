package dev.sluice.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Where a subscription begins, when it waits and how it is handed over. */
class SubscribeTest {
  private static final String STREAM = "/v1/chats/c/stream";

  private final EdgeFixture edge = new EdgeFixture();
  private final Connection connection = edge.connect();

  @AfterEach
  void close() {
    edge.close();
  }

  @ParameterizedTest
  @CsvSource({
    "'', '', abcd",
    "?from=start, '', abcd",
    "?from=live, '', ''",
    "?from=E-3, '', cd",
    "?lastEventId=E-2, '', bcd",
    "?lastEventId=E-2&from=live, '', bcd",
    "?lastEventId=&from=live, '', ''",
    "?lastEventId=E-2, E-4, d",
    "?from=live, E-4, d",
    "'', E-0, abcd"
  })
  void aSubscriptionBeginsWhereItIsAsked(String query, String header, String text) {
    for (String token : new String[] {"a", "b", "c", "d"}) {
      edge.token("c", token);
    }
    String sent = subscribe(query, header);
    String body = Chunks.soFar(sent.substring(sent.indexOf("\r\n\r\n") + 4));
    assertEquals(!text.isEmpty(), body.contains("\"data\":\"" + text + "\",\"type\""), body);
  }

  @ParameterizedTest
  @CsvSource({"E-9, unknown_id", "1-1, epoch", "E-999999999999999999, unknown_id"})
  void anIdThatTheLogDoesNotKnowIsAGapThatIsTold(String id, String reason) {
    edge.token("c", "abcd");
    String sent = subscribe("", id);
    String gap =
        "{\"event\":\"gap\",\"data\":{\"from\":\""
            + id.replace("E", String.valueOf(EdgeFixture.EPOCH))
            + "\",\"to\":\""
            + EdgeFixture.EPOCH
            + "-0\",\"reason\":\""
            + reason
            + "\"}}";
    assertTrue(sent.contains(gap), sent);
    assertTrue(sent.contains("abcd"), sent);
  }

  @ParameterizedTest
  @CsvSource({
    "'', E-3, 204",
    "?mode=run, E-3, 204",
    "?mode=follow, E-3, 200",
    "'', E-2, 200",
    "'', E-4, 200",
    "'', 1-3, 200",
    "?run=x, E-3, 200",
    "?from=E-3, '', 204"
  })
  void nothingLeftAndTheRunOverIsNoContent(String query, String header, int status) {
    edge.token("c", "x");
    edge.event("c", "end");
    String sent = subscribe(query, header);
    assertTrue(sent.startsWith("HTTP/1.1 " + status + " "), sent);
    if (status == 204) {
      assertFalse(sent.contains("content-length"), sent);
      assertEquals(0, edge.edge.admission().openStreams());
    }
  }

  @Test
  void aChatThatDoesNotExistIsAwaitedUnlessToldOtherwise() {
    assertEquals("404 chat_not_found", edge.get(STREAM + "?wait=false").outcome());
    connection.subscribe(STREAM + "?wait=true");
    edge.token("c", "x");
    assertTrue(connection.sent().contains("\"x\""));
    assertEquals("200", edge.get(STREAM + "?wait=false").outcome());
  }

  @Test
  void anAwaitedChatIsForgottenWhenNobodyWaitsAnyMore() {
    connection.subscribe(STREAM);
    assertEquals(200, edge.get("/v1/chats/c").status());
    connection.close();
    assertEquals(404, edge.get("/v1/chats/c").status());
  }

  @Test
  void whoIsSentAwayIsToldWhenToComeAgain() {
    connection.subscribe(STREAM + "?mode=follow");
    edge.token("c", "x");
    connection.sent();
    sendAway(1234);
    assertEquals("retry:1234\n", Chunks.whole(connection.sent()));
    assertFalse(connection.isOpen());
    assertTrue(edge.numbers().contains("{reason=\"drained\"} 1"));
    assertEquals(0, edge.edge.admission().openStreams());
  }

  @Test
  void whoWaitsForAChatIsSentAwayToo() {
    connection.subscribe(STREAM);
    sendAway(1);
    assertEquals("retry:1\n", Chunks.whole(connection.sent()));
  }

  @Test
  void whoIsToldNoTimeIsSentAwayWithoutAWord() {
    connection.subscribe(STREAM);
    sendAway(0);
    assertEquals("", Chunks.whole(connection.sent()));
    assertFalse(connection.isOpen());
  }

  /** A pacing window is no reason to lose what is there. */
  @Test
  void whoIsSentAwayHasWhatTheLogHas() {
    connection.subscribe(STREAM + "?batch=10000");
    edge.token("c", "first");
    connection.sent();
    edge.token("c", "second");
    assertEquals("", connection.sent());
    sendAway(1234);
    String rest = Chunks.whole(connection.sent());
    assertTrue(rest.matches("(?s)id:\\S+\nmessage:\ndata:.*second.*\n\nretry:1234\n"), rest);
  }

  @Test
  void whoReadsSlowlyIsSentAwayOnceItHasIt() {
    connection.subscribe(STREAM);
    connection.take(0);
    edge.token("c", "x".repeat(80_000));
    assertEquals("", connection.sent());
    edge.token("c", "last");
    sendAway(1234);
    assertEquals("", connection.sent());
    assertTrue(connection.isOpen());
    connection.takeAll();
    String rest = Chunks.whole(connection.sent());
    assertTrue(rest.endsWith("\nretry:1234\n"), rest.substring(rest.length() - 200));
    assertTrue(rest.contains("last"));
  }

  @Test
  void whoReadsARunThatEndsMeanwhileNeedNotComeAgain() {
    connection.subscribe(STREAM);
    connection.take(0);
    edge.token("c", "x".repeat(80_000));
    assertEquals("", connection.sent());
    sendAway(1234);
    edge.event("c", "end");
    connection.takeAll();
    String rest = connection.sent();
    assertTrue(Chunks.isComplete(rest) && !rest.contains("retry:1234"), rest);
    assertTrue(edge.numbers().contains("{reason=\"completed\"} 1"));
  }

  private void sendAway(long retryMs) {
    edge.loopOf(connection)
        .forEach(
            handler -> {
              if (handler instanceof SseStream stream) {
                stream.sendAway(() -> retryMs);
              }
            });
  }

  private String subscribe(String query, String lastEventId) {
    String epoch = String.valueOf(EdgeFixture.EPOCH);
    String field =
        lastEventId.isEmpty() ? "" : "Last-Event-ID: " + lastEventId.replace("E", epoch) + "\r\n";
    return connection
        .send(
            "GET "
                + STREAM
                + query.replace("E-", epoch + "-")
                + " HTTP/1.1\r\nHost: x\r\n"
                + field
                + "\r\n")
        .sent();
  }
}
