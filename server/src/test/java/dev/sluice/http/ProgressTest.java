package dev.sluice.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.chat.OnLag;
import dev.sluice.chat.PublishResult;
import dev.sluice.chat.RunPublisher;
import dev.sluice.frame.TokenType;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Who is too slow to be kept, when that is told, and how one comes back. */
class ProgressTest {
  private static final String STREAM = "/v1/chats/c/stream?ids=on";
  private static final int KIB = 1024;
  private static final long MAX_LAG_BYTES = 1024 * KIB;
  private static final int STEP_MS = 50;
  private static final Pattern ID = Pattern.compile("(?m)^id:(\\S+)$");

  /**
   * What a reader lacks at first, what is published and what its socket takes from then on; by when
   * it is closed for what reason.
   */
  @ParameterizedTest(name = "{0}")
  @CsvSource({
    "takes nothing,                       100,   0,      0, 1024, stalled,   5",
    "takes nothing though more comes,     100, 100,      0, 1024, stalled,   5",
    "takes nothing of very much,         8000,   0,      0, 1024, stalled,   5",
    "one byte a second within the limit,  900,   0,      1, 1024, '',       60",
    "crawls beyond the limit,            2000,   0,   1000, 1024, lag_limit, 5",
    "gets beyond the limit on the way,    200, 100,   1000, 1024, lag_limit, 14",
    "comes back inside in time,          3000,   0, 800000, 1024, '',       20",
    "does not come back inside in time,  8000,   0, 800000, 1024, lag_limit, 5",
    "keeps up with a fast publisher,      200, 500, 600000, 1024, '',       20",
    "crawls and there is no limit,       2000,   0,   1000,    0, '',       60"
  })
  void whoIsClosed(
      String name,
      int backlogKib,
      int publishedKibPerS,
      int takenBytesPerS,
      int maxLagKib,
      String reason,
      int seconds) {
    try (EdgeFixture edge = EdgeFixture.maxLagBytes((long) maxLagKib * KIB)) {
      Connection connection = edge.connect();
      connection.take(0);
      connection.subscribe(STREAM);
      publish(edge, backlogKib);
      connection.runPendingTasks();
      int closedMs = -1;
      double due = 0;
      double credit = 0;
      for (int ms = 0; ms < (seconds + 5) * 1000 && closedMs < 0; ms += STEP_MS) {
        credit += takenBytesPerS * STEP_MS / 1000.0;
        connection.take((long) credit);
        credit -= (long) credit;
        due += publishedKibPerS * STEP_MS / 1000.0;
        publish(edge, (int) due);
        due -= (int) due;
        connection.advance(STEP_MS);
        closedMs = edge.edge.admission().openStreams() == 0 ? ms : -1;
      }
      if (reason.isEmpty()) {
        assertEquals(-1, closedMs, name);
        assertEquals("", closes(edge));
      } else {
        assertEquals("{reason=\"" + reason + "\"} 1.0", closes(edge));
        assertTrue(closedMs >= (seconds - 1) * 1000, name + " after " + closedMs);
        assertTrue(closedMs <= (seconds + 1) * 1000, name + " after " + closedMs);
      }
    }
  }

  @ParameterizedTest
  @CsvSource({"stalled, 0, 900", "lag_limit, 1000, 3000"})
  void whoIsClosedIsToldWhenToComeAgainIfItStillListens(String reason, int taken, int backlogKib) {
    try (EdgeFixture edge = EdgeFixture.maxLagBytes(MAX_LAG_BYTES)) {
      Connection connection = edge.connect();
      connection.take(0);
      connection.subscribe(STREAM);
      publish(edge, backlogKib);
      connection.runPendingTasks();
      StringBuilder sent = new StringBuilder(connection.sent());
      while (edge.edge.admission().openStreams() > 0) {
        connection.take(taken).advance(STEP_MS);
        sent.append(connection.sent());
      }
      assertTrue(edge.numbers().contains("{reason=\"" + reason + "\"} 1.0"));
      publish(edge, 1);
      connection.takeAll();
      sent.append(connection.sent());
      assertFalse(connection.isOpen());
      String body = Chunks.soFar(sent.substring(sent.indexOf("\r\n\r\n") + 4));
      assertTrue(body.matches("(?s).*\\}\n\nretry:\\d+\n"), "ends in " + end(body));
      assertFalse(Chunks.isComplete(sent.toString()), "looks like the end of the answer");
    }
  }

  @Test
  void whoDoesNotListenIsCutALittleLater() {
    try (EdgeFixture edge = EdgeFixture.maxLagBytes(MAX_LAG_BYTES)) {
      Connection connection = edge.connect();
      connection.take(0);
      connection.subscribe(STREAM);
      publish(edge, 10);
      connection.advance(EdgeFixture.STALL_TIMEOUT_MS + 1000);
      assertEquals(0, edge.edge.admission().openStreams());
      connection.advance(TimedHandler.LINGER_MS + 500);
      assertFalse(connection.isOpen());
      assertEquals("{reason=\"stalled\"} 1.0", closes(edge));
    }
  }

  /** Further behind than it may be again and again, a reader that resumes still gets everything. */
  @Test
  void whoResumesFarBehindGetsAllOfItInTheEnd() {
    try (EdgeFixture edge = EdgeFixture.maxLagBytes(MAX_LAG_BYTES)) {
      publish(edge, 8000);
      edge.event("c", "end");
      StringBuilder text = new StringBuilder();
      String lastId = EdgeFixture.EPOCH + "-0";
      int connections = 0;
      boolean whole = false;
      while (!whole) {
        connections++;
        Connection connection = edge.connect();
        connection.take(0);
        connection.send(
            "GET " + STREAM + " HTTP/1.1\r\nHost: x\r\nLast-Event-ID: " + lastId + "\r\n\r\n");
        StringBuilder sent = new StringBuilder();
        while (connection.isOpen()) {
          connection.take(10_000).advance(STEP_MS);
          sent.append(connection.sent());
        }
        whole = Chunks.isComplete(sent.toString());
        String body = Chunks.soFar(sent.substring(sent.indexOf("\r\n\r\n") + 4));
        assertEquals(!whole, body.endsWith("\n") && !body.endsWith("\n\n"), end(body));
        Matcher id = ID.matcher(body);
        while (id.find()) {
          lastId = id.group(1);
        }
        text.append(texts(body));
      }
      assertTrue(connections > 3 && connections < 20, connections + " connections");
      assertEquals(8000 * KIB, text.length());
      assertEquals("x".repeat(text.length()), text.toString());
      assertTrue(edge.numbers().contains("{reason=\"lag_limit\"} " + (connections - 1) + ".0"));
    }
  }

  /** A publisher that has filled the log waits for a reader that takes so many bytes a second. */
  @ParameterizedTest
  @CsvSource({"1000, true", "20000, false"})
  void whoHoldsPublishersUpHasToTakeAWriteInTime(int takenBytesPerS, boolean closed) {
    try (EdgeFixture edge = EdgeFixture.maxLagBytes(MAX_LAG_BYTES)) {
      RunPublisher run = Objects.requireNonNull(edge.chats.startRun("c", true, OnLag.PUSH_BACK));
      Connection connection = edge.connect();
      connection.take(0);
      connection.subscribe(STREAM);
      String text = "x".repeat(KIB);
      for (int second = 0; second < 20; second++) {
        PublishResult result = PublishResult.ACCEPTED;
        while (result == PublishResult.ACCEPTED && edge.edge.admission().openStreams() > 0) {
          result = run.token(TokenType.FINAL_RESPONSE, text);
        }
        connection.take(takenBytesPerS).advance(1000);
      }
      assertEquals(closed ? 0 : 1, edge.edge.admission().openStreams());
      assertEquals(closed ? "{reason=\"lag_limit\"} 1.0" : "", closes(edge));
    }
  }

  /** It is the publishers then who keep it behind. */
  @Test
  void whoIsWaitedForMayCrawlButNotStall() {
    try (EdgeFixture edge = EdgeFixture.maxLagBytes(MAX_LAG_BYTES)) {
      assertNotNull(edge.chats.startRun("c", true, OnLag.PUSH_BACK));
      Connection connection = edge.connect();
      connection.take(0);
      connection.subscribe(STREAM);
      publish(edge, 3000);
      for (int i = 0; i < 20; i++) {
        connection.take(1000).advance(EdgeFixture.STALL_TIMEOUT_MS / 2);
        assertEquals(1, edge.edge.admission().openStreams());
      }
      connection.advance(EdgeFixture.STALL_TIMEOUT_MS + 1000);
      assertEquals("{reason=\"stalled\"} 1.0", closes(edge));
    }
  }

  /** Nothing but the numbers of closed streams. */
  private static String closes(EdgeFixture edge) {
    StringBuilder closes = new StringBuilder();
    Matcher line = Pattern.compile("(?m)^sluice_streams_closed_total(.*)$").matcher(edge.numbers());
    while (line.find()) {
      closes.append(line.group(1));
    }
    return closes.toString();
  }

  private static void publish(EdgeFixture edge, int kib) {
    for (int i = 0; i < kib; i++) {
      edge.token("c", "x".repeat(KIB));
    }
  }

  private static String texts(String body) {
    StringBuilder texts = new StringBuilder();
    Matcher token = Pattern.compile("\"token\",\"data\":\"(x*+)\"").matcher(body);
    while (token.find()) {
      texts.append(token.group(1));
    }
    return texts.toString();
  }

  private static String end(String body) {
    return body.substring(Math.max(0, body.length() - 100));
  }
}
