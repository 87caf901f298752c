package dev.sluice.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.frame.TokenType;
import java.io.ByteArrayInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

class TextAsEventsTest {
  private static final TextAsEvents.Style PLAIN = TextAsEvents.Style.PLAIN;
  private static final String TEXT =
      "Hel\u00e4lo \"w\u20acrld\"\n\t\\ \ud83d\ude00\u2028 end \u0001";

  /** Hands out its bytes in pieces of a random size, as a pipe does. */
  private static final class Pieces extends InputStream {
    private final InputStream bytes;
    private final Random random;
    private final int maxPiece;

    Pieces(byte[] bytes, Random random, int maxPiece) {
      this.bytes = new ByteArrayInputStream(bytes);
      this.random = random;
      this.maxPiece = maxPiece;
    }

    @Override
    public int read() throws IOException {
      return bytes.read();
    }

    @Override
    public int read(byte[] target, int from, int count) throws IOException {
      return bytes.read(target, from, Math.min(count, 1 + random.nextInt(maxPiece)));
    }

    @Override
    public int available() {
      return 0;
    }
  }

  @Test
  void theBytesOfALine() throws IOException {
    assertEquals(
        """
        {"event":"start"}
        {"event":"token","data":"a\\n","type":"finalResponse"}
        {"event":"end"}
        """,
        new String(events("a\n").readAllBytes(), StandardCharsets.UTF_8));
  }

  @Test
  void theBytesOfOtherLines() throws IOException {
    TextAsEvents.Style style =
        new TextAsEvents.Style(TokenType.AGENT_REASONING, "r\"1", true, true, 0);
    assertEquals(
        """
        {"event":"start","run":"r\\"1"}
        {"event":"token","data":"Why","type":"agentReasoning","run":"r\\"1"}
        {"event":"token","data":" not","type":"agentReasoning","run":"r\\"1"}
        {"event":"token","data":"?","type":"agentReasoning","run":"r\\"1"}
        """,
        new String(events("Why not?", style).readAllBytes(), StandardCharsets.UTF_8));
  }

  @Test
  void nothingIsNoRun() throws IOException {
    assertEquals(0, events("").readAllBytes().length);
  }

  @Test
  void tokensComeNoFasterThanTheyMay() throws IOException {
    TextAsEvents.Style style =
        new TextAsEvents.Style(TokenType.FINAL_RESPONSE, null, false, true, 100);
    long fromNanos = System.nanoTime();
    assertEquals("a b c d e f", text(events("a b c d e f", style).readAllBytes()));
    assertTrue(System.nanoTime() - fromNanos >= 5 * 10_000_000L);
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 7, 50})
  void textComesThroughWhereverItIsCut(int maxPiece) throws IOException {
    Random random = new Random(maxPiece);
    byte[] bytes = TEXT.repeat(20).getBytes(StandardCharsets.UTF_8);
    InputStream in = new TextAsEvents(new Pieces(bytes, random, maxPiece), PLAIN);
    assertEquals(TEXT.repeat(20), text(in.readAllBytes()));
  }

  @ParameterizedTest
  @ValueSource(ints = {1022, 1023, 1024, 1025, 5000, 100_000})
  void longTextIsSeveralTokens(int length) throws IOException {
    for (String last : new String[] {"x", "\u20ac", "\ud83d\ude00"}) {
      String text = "a".repeat(length) + last + "z";
      byte[] lines = events(text).readAllBytes();
      assertEquals(text, text(lines));
      assertTrue(
          new String(lines, StandardCharsets.UTF_8).lines().allMatch(s -> s.length() < 1200));
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 5, 64, 4096})
  void isReadInPiecesOfAnySize(int count) throws IOException {
    InputStream in = events(TEXT.repeat(100));
    byte[] all = new byte[1 << 20];
    int length = 0;
    int taken;
    while ((taken = in.read(all, length, count)) >= 0) {
      assertTrue(taken > 0 && taken <= count);
      length += taken;
    }
    assertEquals(-1, in.read(all, 0, count));
    assertEquals(-1, in.read());
    assertEquals(TEXT.repeat(100), text(Arrays.copyOf(all, length)));
  }

  @Test
  void isReadByteByByte() throws IOException {
    InputStream in = events("\u00e4");
    List<Byte> bytes = new ArrayList<>();
    for (int b = in.read(); b >= 0; b = in.read()) {
      bytes.add((byte) b);
    }
    byte[] all = new byte[bytes.size()];
    for (int i = 0; i < all.length; i++) {
      all[i] = bytes.get(i);
    }
    assertEquals("\u00e4", text(all));
  }

  @Test
  void whatIsNotUtf8IsReplaced() throws IOException {
    byte[] broken = {'a', (byte) 0xC3, 'b', (byte) 0xFF};
    TextAsEvents events = new TextAsEvents(new ByteArrayInputStream(broken), PLAIN);
    assertEquals("a\ufffdb\ufffd", text(events.readAllBytes()));
    assertEquals(2, events.replacedCount());
  }

  private static InputStream events(String text) {
    return events(text, PLAIN);
  }

  private static InputStream events(String text, TextAsEvents.Style style) {
    return new TextAsEvents(new ByteArrayInputStream(text.getBytes(StandardCharsets.UTF_8)), style);
  }

  /** The text of the tokens, after a check that only the first line is a start, the last an end. */
  private static String text(byte[] lines) {
    StringBuilder text = new StringBuilder();
    String all = new String(lines, StandardCharsets.UTF_8);
    assertTrue(all.endsWith("\n"));
    boolean ended = false;
    boolean started = false;
    for (String line : all.substring(0, all.length() - 1).split("\n", -1)) {
      assertTrue(!ended, "a line after the end");
      JsonNode event = JsonMapper.shared().readTree(line);
      ended = event.path("event").asString().equals("end");
      boolean isStart = event.path("event").asString().equals("start");
      assertEquals(!started, isStart);
      started = true;
      if (!ended && !isStart) {
        assertEquals("token", event.path("event").asString());
        assertEquals("finalResponse", event.path("type").asString());
        text.append(event.path("data").asString());
      }
    }
    assertTrue(ended);
    return text.toString();
  }
}
