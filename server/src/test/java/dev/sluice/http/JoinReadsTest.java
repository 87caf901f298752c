package dev.sluice.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.chat.Cursor;
import dev.sluice.chat.StartAt;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.CompositeByteBuf;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Many readers come to a long answer at once. */
class JoinReadsTest {
  private static final Pattern RETRY = Pattern.compile("retry:\\d+\n");
  private static final String ID = "id:" + EdgeFixture.EPOCH + "-";
  private static final int TOKENS = 2000;

  private final EdgeFixture edge = new EdgeFixture();
  private final Connection first = edge.connect();
  private final List<ByteBuf> reads = new ArrayList<>();

  @AfterEach
  void close() {
    reads.forEach(ByteBuf::release);
    edge.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "?mode=follow", "?ids=off"})
  void allGetTheAnswerInOneFrame(String query) {
    publish("c");
    String alone = join(first, query);
    assertEquals(expected(!query.equals("?ids=off")), alone);
    for (int i = 0; i < 3; i++) {
      assertEquals(alone, join(edge.connectBeside(first), query));
    }
  }

  @Test
  void whatHasComeSinceFollows() {
    publish("c");
    join(first, "");
    Connection later = edge.connectBeside(first);
    edge.token("c", "more");
    String text = later.subscribe("/v1/chats/c/stream") + later.advance(1).sent();
    assertTrue(text.contains("t" + (TOKENS - 1) + "\""), text);
    assertTrue(text.contains("\"data\":\"more\""), text);
    edge.event("c", "end");
    assertTrue(Chunks.isComplete(later.sent()));
  }

  /** An end that was the last thing is not the last any more once another run has begun. */
  @Test
  void aRunThatHasBegunSinceIsReadOn() {
    publish("c");
    edge.event("c", "end");
    String fromStart = "?from=" + EdgeFixture.EPOCH + "-0";
    String ended = join(first, fromStart);
    assertTrue(ended.endsWith("[DONE]\"}\n\n"), ended);
    edge.event("c", "start");
    String goesOn = join(edge.connectBeside(first), fromStart);
    assertEquals(ended, goesOn.substring(0, ended.length()));
    assertTrue(goesOn.substring(ended.length()).contains("\"start\""), goesOn);
  }

  @Test
  void theFramesAreMadeOnce() {
    publish("c");
    StreamOptions options = new StreamOptions(ClientType.EXTERNAL, true, true, true, 0);
    StreamOptions others = new StreamOptions(ClientType.EXTERNAL, true, false, true, 0);
    long shared = read(options).memoryAddress();
    assertEquals(shared, read(options).memoryAddress());
    assertNotEquals(shared, read(others).memoryAddress());
    long again = read(options).memoryAddress();
    assertEquals(again, read(options).memoryAddress());
    first.advance(EdgeFixture.HEAD_TIMEOUT_MS);
    assertEquals(2, reads.get(0).refCnt() + reads.get(3).refCnt(), "kept only for a moment");
  }

  private void publish(String chatId) {
    edge.event(chatId, "start");
    for (int i = 0; i < TOKENS; i++) {
      edge.token(chatId, "t" + i);
    }
  }

  private String join(Connection connection, String query) {
    connection.send("GET /v1/chats/c/stream" + query + " HTTP/1.1\r\nHost: x\r\n\r\n");
    Matcher retry = RETRY.matcher(Chunks.soFar(connection.answer().body()));
    assertTrue(retry.find());
    return retry.replaceFirst("");
  }

  private static String expected(boolean ids) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < TOKENS; i++) {
      text.append("t").append(i);
    }
    return (ids ? ID + "1\n" : "")
        + "message:\ndata:{\"event\":\"start\",\"data\":\"\"}\n\n"
        + (ids ? ID + (TOKENS + 1) + "\n" : "")
        + "message:\ndata:{\"event\":\"token\",\"data\":\""
        + text
        + "\",\"type\":\"finalResponse\"}\n\n";
  }

  /** What a stream reads first, after its first frame. */
  private ByteBuf read(StreamOptions options) {
    Cursor cursor =
        Objects.requireNonNull(
            edge.chats.subscribe(
                "c", new StartAt.CurrentRun(), null, edge.loopOf(first).wakeups(), () -> {}));
    ByteBuf frames = edge.loopOf(first).frameReads().read(cursor, options, true, first.alloc());
    reads.add(frames);
    CompositeByteBuf both = assertInstanceOf(CompositeByteBuf.class, frames);
    assertEquals(2, both.numComponents());
    return both.component(1);
  }
}
