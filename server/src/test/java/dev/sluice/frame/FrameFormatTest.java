package dev.sluice.frame;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;

import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The bytes of the contract, as they stand there. */
class FrameFormatTest {
  private static final byte[] NO_RUN = {};
  private static final byte[] IN_RUN = new Utf8Buffer(0).putAscii(",\"run\":\"r1\"").toByteArray();

  @Test
  void aTokenFrame() {
    Utf8Buffer out = new Utf8Buffer(0);
    FrameFormat.putId(out, FrameFormat.idPrefix(1700000000123L), 42);
    putToken(out, " Hel", TokenType.FINAL_RESPONSE, NO_RUN);
    assertEquals(
        """
        id:1700000000123-42
        message:
        data:{"event":"token","data":" Hel","type":"finalResponse"}

        """,
        out.toString());
  }

  @Test
  void aTokenFrameWithoutAnId() {
    Utf8Buffer out = new Utf8Buffer(0);
    putToken(out, "\n", TokenType.AGENT_REASONING, NO_RUN);
    assertEquals(
        "message:\ndata:{\"event\":\"token\",\"data\":\"\\n\",\"type\":\"agentReasoning\"}\n\n",
        out.toString());
  }

  @Test
  void aTokenFrameOfANamedRun() {
    Utf8Buffer out = new Utf8Buffer(0);
    putToken(out, "x", TokenType.TOOL_RESPONSE, IN_RUN);
    assertEquals(
        "message:\ndata:{\"event\":\"token\",\"data\":\"x\",\"type\":\"toolResponse\","
            + "\"run\":\"r1\"}\n\n",
        out.toString());
  }

  @Test
  void theRetryLineStandsBetweenIdAndMessage() {
    Utf8Buffer out = new Utf8Buffer(0);
    FrameFormat.putId(out, FrameFormat.idPrefix(5), 1);
    FrameFormat.putRetry(out, 2345);
    putEvent(out, "start", true, "", null, NO_RUN, none());
    assertEquals(
        "id:5-1\nretry:2345\nmessage:\ndata:{\"event\":\"start\",\"data\":\"\"}\n\n",
        out.toString());
  }

  @Test
  void aHeartbeatIsOneCommentLineWithOneLineFeed() {
    Utf8Buffer out = new Utf8Buffer(0);
    FrameFormat.putHeartbeat(out);
    assertEquals(":hb\n", out.toString());
  }

  @Test
  void retryAloneIsOneLineWithOneLineFeed() {
    Utf8Buffer out = new Utf8Buffer(0);
    FrameFormat.putRetry(out, 0);
    assertEquals("retry:0\n", out.toString());
  }

  @Test
  void anIdIsEpochAndOffset() {
    Utf8Buffer out = new Utf8Buffer(0);
    FrameFormat.putId(out, FrameFormat.idPrefix(0), Long.MAX_VALUE);
    assertEquals("id:0-9223372036854775807\n", out.toString());
  }

  @Test
  void eventsWithQuotedAndFinishedData() {
    assertEquals(
        "message:\ndata:{\"event\":\"end\",\"data\":\"[DONE]\"}\n\n",
        event("end", true, "[DONE]", null, NO_RUN, none()));
    assertEquals(
        "message:\ndata:{\"event\":\"metadata\",\"data\":{\"a\":[1,null]}}\n\n",
        event("metadata", false, "{\"a\":[1,null]}", null, NO_RUN, none()));
    assertEquals(
        "message:\ndata:{\"event\":\"tool\",\"data\":null,\"type\":\"toolResponse\"}\n\n",
        event("tool", false, "null", TokenType.TOOL_RESPONSE, NO_RUN, none()));
  }

  @Test
  void keysStandInTheOrderEventDataTypeRunExtras() {
    Utf8Buffer extras = new Utf8Buffer(0).putAscii(",\"z\":1,\"a\":{\"b\":2}");
    assertEquals(
        "message:\ndata:{\"event\":\"thinking\",\"data\":\"t\",\"type\":\"agentReasoning\","
            + "\"run\":\"r1\",\"z\":1,\"a\":{\"b\":2}}\n\n",
        event("thinking", true, "t", TokenType.AGENT_REASONING, IN_RUN, extras));
    assertEquals(
        "message:\ndata:{\"event\":\"thinking\",\"data\":\"t\",\"z\":1,\"a\":{\"b\":2}}\n\n",
        event("thinking", true, "t", null, NO_RUN, extras));
  }

  @ParameterizedTest
  @CsvSource({
    "AGENT_REASONING, agentReasoning",
    "FINAL_RESPONSE, finalResponse",
    "TOOL_RESPONSE, toolResponse",
  })
  void tokenTypesHaveTheNamesThatClientsKnow(TokenType type, String wireName) {
    assertEquals(wireName, type.wireName());
    assertEquals(type, TokenType.of(wireName));
    assertEquals(3, TokenType.values().length);
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "FINAL_RESPONSE", "finalresponse", "token", " finalResponse"})
  void otherNamesAreNoTokenType(String wireName) {
    assertNull(TokenType.of(wireName));
  }

  private static Utf8Buffer none() {
    return new Utf8Buffer(0);
  }

  private static void putToken(Utf8Buffer out, String text, TokenType type, byte[] run) {
    FrameFormat.putTokenPrefix(out);
    out.putEscaped(text).put(FrameFormat.tokenSuffix(type, run));
  }

  private static String event(
      String name,
      boolean quote,
      String data,
      @Nullable TokenType type,
      byte[] run,
      Utf8Buffer extras) {
    Utf8Buffer out = new Utf8Buffer(0);
    putEvent(out, name, quote, data, type, run, extras);
    return out.toString();
  }

  private static void putEvent(
      Utf8Buffer out,
      String name,
      boolean quote,
      String data,
      @Nullable TokenType type,
      byte[] run,
      Utf8Buffer extras) {
    FrameFormat.putEventPrefix(out);
    Utf8Buffer bytes = new Utf8Buffer(0).putAscii(data);
    FrameFormat.putEventJson(out, name, quote, bytes, type, run, extras);
    FrameFormat.putEventSuffix(out);
  }
}
