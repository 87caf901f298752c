package dev.sluice.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** A stream whose socket does not take everything at once, or not yet. */
class SlowStreamTest {
  private static final int LARGE = 80_000;

  private final EdgeFixture edge = new EdgeFixture();
  private final Connection connection = edge.connect();

  @AfterEach
  void close() {
    edge.close();
  }

  @Test
  void nothingIsWrittenWhileTheChannelIsNotWritable() {
    connection.subscribe("/v1/chats/c/stream");
    connection.take(0);
    edge.token("c", "a".repeat(LARGE));
    connection.sent();
    assertFalse(connection.isWritable());
    long pending = connection.unsafe().outboundBuffer().totalPendingWriteBytes();
    for (int i = 0; i < 1000; i++) {
      edge.token("c", "b" + i);
    }
    assertEquals("", connection.sent());
    assertEquals(pending, connection.unsafe().outboundBuffer().totalPendingWriteBytes());
    connection.takeAll();
    List<String> frames = frames(Chunks.soFar(connection.sent()));
    assertEquals(3, frames.size(), "the backlog was not merged into one frame");
    assertTrue(frames.get(2).contains("b0b1b2") && frames.get(2).contains("b998b999\""));
  }

  @Test
  void noHeartbeatWhileBytesWait() {
    connection.subscribe("/v1/chats/c/stream");
    connection.take(0);
    edge.token("c", "x");
    connection.advance(EdgeFixture.HEARTBEAT_MS * 2);
    connection.takeAll();
    assertFalse(connection.sent().contains(":hb"));
  }

  @ParameterizedTest
  @ValueSource(ints = {10, LARGE})
  void aStreamThatTakesNoByteOfWhatWaitsIsClosedAfterTheStallTimeout(int tokenChars) {
    connection.subscribe("/v1/chats/c/stream");
    connection.take(0);
    edge.token("c", "x".repeat(tokenChars));
    connection.advance(EdgeFixture.STALL_TIMEOUT_MS - 300);
    assertTrue(connection.isOpen());
    connection.advance(300 + 600);
    assertTrue(edge.numbers().contains("sluice_streams_closed_total{reason=\"stalled\"} 1"));
    assertEquals(0, edge.edge.admission().openStreams());
    connection.advance(TimedHandler.LINGER_MS + 300);
    assertFalse(connection.isOpen());
  }

  @Test
  void moreToSendIsNoProgress() {
    connection.subscribe("/v1/chats/c/stream");
    connection.take(0);
    for (int i = 0; i < 40 && connection.isOpen(); i++) {
      edge.token("c", "x");
      connection.advance(EdgeFixture.STALL_TIMEOUT_MS / 10);
    }
    assertFalse(connection.isOpen());
  }

  @Test
  void aFewBytesNowAndThenOfOneLargeFrameAreProgress() {
    connection.subscribe("/v1/chats/c/stream");
    connection.take(0);
    edge.token("c", "x".repeat(LARGE));
    for (int i = 0; i < 20; i++) {
      connection.take(10);
      connection.advance(EdgeFixture.STALL_TIMEOUT_MS / 4);
      assertTrue(connection.isOpen(), "closed while bytes were leaving, after " + i);
    }
  }

  @Test
  void anIdleStreamIsNotStalled() {
    connection.subscribe("/v1/chats/c/stream");
    connection.advance(EdgeFixture.STALL_TIMEOUT_MS * 3);
    assertTrue(connection.isOpen());
  }

  @Test
  void lastBytesThatNobodyTakesDoNotHoldTheConnectionForEver() {
    connection.subscribe("/v1/chats/c/stream");
    connection.take(0);
    edge.token("c", "x");
    edge.event("c", "end");
    connection.advance(EdgeFixture.STALL_TIMEOUT_MS + 1000);
    assertFalse(connection.isOpen());
  }

  @Test
  void aBacklogOfAnySizeArrivesExactly() {
    connection.subscribe("/v1/chats/c/stream?ids=off");
    connection.take(0);
    StringBuilder published = new StringBuilder();
    for (int i = 0; i < 3000; i++) {
      String token = "token " + i + " ".repeat(i % 97);
      published.append(token);
      edge.token("c", token);
      if (i % 50 == 0) {
        connection.sent();
      }
    }
    edge.event("c", "end");
    StringBuilder body = new StringBuilder();
    for (int i = 0; i < 10_000 && connection.isOpen(); i++) {
      connection.take(777);
      body.append(connection.sent());
    }
    assertEquals(published.toString(), text(Chunks.whole(body.toString())));
  }

  @ParameterizedTest
  @CsvSource({"100,0", "20000,0", "40000,0", "70000,0", "40000,4", "40000,2", "70000,4", "100,4"})
  void streamsOfOneLoopShareABurstAndEachGetsItOnce(int tokenChars, int slow) {
    List<Connection> all = new ArrayList<>(List.of(connection));
    for (int i = 0; i < 4; i++) {
      all.add(edge.connectBeside(connection));
    }
    for (Connection one : all) {
      one.subscribe("/v1/chats/c/stream?ids=off");
    }
    edge.event("c", "start");
    List<StringBuilder> got = all.stream().map(one -> new StringBuilder(one.sent())).toList();
    StringBuilder published = new StringBuilder();
    for (int i = 0; i < 5; i++) {
      all.get(slow).take(slow == 0 ? Long.MAX_VALUE : 1000);
      String token = i + "x".repeat(tokenChars);
      published.append(token);
      edge.token("c", token);
      connection.runPendingTasks();
      all.get(slow).takeAll();
      for (int j = 0; j < all.size(); j++) {
        got.get(j).append(all.get(j).sent());
      }
    }
    edge.event("c", "end");
    for (int j = 0; j < all.size(); j++) {
      String body = got.get(j) + all.get(j).sent();
      assertEquals(published.toString(), text(Chunks.whole(body)), "stream " + j);
    }
  }

  @Test
  void aStreamThatCatchesUpBesideOthersLosesNothing() {
    Connection other = edge.connectBeside(connection);
    connection.subscribe("/v1/chats/c/stream?ids=off");
    other.subscribe("/v1/chats/c/stream?ids=off");
    edge.event("c", "start");
    connection.sent();
    other.sent();
    connection.take(0);
    edge.token("c", "x".repeat(LARGE));
    assertTrue(other.sent().contains("xxx"));
    connection.takeAll();
    connection.sent();
    edge.token("c", "last");
    assertTrue(connection.sent().contains("last"));
    assertTrue(other.sent().contains("last"));
    edge.event("c", "end");
    assertTrue(Chunks.isComplete(connection.sent()));
    assertTrue(Chunks.isComplete(other.sent()));
  }

  private static List<String> frames(String content) {
    return List.of(content.split("\n\n"));
  }

  private static String text(String content) {
    StringBuilder text = new StringBuilder();
    for (String frame : frames(content)) {
      String json = frame.substring(frame.indexOf("data:") + 5);
      var event = Json.MAPPER.readTree(json);
      if (event.path("event").asString().equals("token")) {
        text.append(event.path("data").asString());
      }
    }
    return text.toString();
  }
}
