package dev.sluice.upstream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

class SseParserTest {
  private static final int BOUND = 4096;

  /**
   * @param name what the case is about
   * @param stream the bytes, one char each
   * @param seen {@code type|data} of each event, then the last id and the reconnection time
   */
  record Case(String name, String stream, List<String> seen, String lastEventId, long retryMs) {
    @Override
    public String toString() {
      return name;
    }
  }

  static Stream<Case> cases() {
    return Stream.of(
        of("one event", "data: hello\n\n", "message|hello"),
        of("CRLF", "data: a\r\n\r\ndata: b\r\n\r\n", "message|a", "message|b"),
        of("CR", "data: a\r\rdata: b\r\r", "message|a", "message|b"),
        of(
            "all line ends",
            "data: a\r\n\ndata: b\n\rdata: c\r\r\n",
            "message|a",
            "message|b",
            "message|c"),
        of("CR CRLF is a blank line", "data: a\r\r\ndata: b\n\n", "message|a", "message|b"),
        of("byte order mark", "\u00EF\u00BB\u00BFdata: a\n\n", "message|a"),
        of(
            "only one byte order mark",
            "\u00EF\u00BB\u00BF\u00EF\u00BB\u00BFdata: a\n\ndata: b\n\n",
            "message|b"),
        of("byte order mark later", "data: a\n\n\u00EF\u00BB\u00BFdata: b\n\n", "message|a"),
        of("byte order mark, then a blank line", "\u00EF\u00BB\u00BF\ndata: a\n\n", "message|a"),
        of("two bytes of a byte order mark", "\u00EF\u00BBdata: a\n\n"),
        of("comments", ": hb\n:\ndata: a\n:no\n\n: end\n\n", "message|a"),
        of("several data lines", "data: a\ndata: b\ndata:\ndata: c\n\n", "message|a\nb\n\nc"),
        of("event type", "event: error\ndata: a\n\ndata: b\n\n", "error|a", "message|b"),
        of("the last event type counts", "event: x\nevent: y\ndata: a\n\n", "y|a"),
        of("empty event type", "event:\ndata: a\n\n", "message|a"),
        of("a type without data is forgotten", "event: x\n\ndata: a\n\n", "message|a"),
        of("no colon", "data\n\n", "message|"),
        of("no colon, twice", "data\ndata\n\n", "message|\n"),
        of("empty data", "data:\n\n", "message|"),
        of("one space goes", "data:  a \ndata:b\ndata:\tc\n\n", "message| a \nb\n\tc"),
        of("space before the colon", "data : a\n\n"),
        of("names are exact", "Data: a\ndat: b\ndatas: c\n data: d\ndata: e\n\n", "message|e"),
        of("colons in data", "data: a:b: c\n\n", "message|a:b: c"),
        of("blank lines alone", "\n\r\n\r\n\ndata: a\n\n\n\n", "message|a"),
        of("unterminated event", "data: a\n\ndata: b\n", "message|a"),
        of("unterminated line", "data: a\n\ndata: b", "message|a"),
        of("nothing", ""),
        of("UTF-8", utf8("data: ü 漢 👩‍🚀\n\n"), "message|ü 漢 👩‍🚀"),
        of("not UTF-8", "data: a\u00FF\u00C3\ndata: b\n\n", "message|a\uFFFD\uFFFD\nb"),
        of("a NUL in data", "data: a\0b\n\n", "message|a\0b"),
        new Case("id", "id: 7\ndata: a\n\n", List.of("message|a"), "7", -1),
        new Case(
            "id stays",
            "id: 7\ndata: a\n\ndata: b\n\n",
            List.of("message|a", "message|b"),
            "7",
            -1),
        new Case("id without data", "id: 7\n\n", List.of(), "7", -1),
        new Case("id of an unfinished event", "id: 7\n\nid: 8\ndata: a\n", List.of(), "7", -1),
        new Case("id taken back", "id: 7\n\nid\n\n", List.of(), "", -1),
        new Case("id with NUL", "id: 7\n\nid: 8\0\n\n", List.of(), "7", -1),
        new Case("retry", "retry: 1500\n", List.of(), "", 1500),
        new Case(
            "retry that is no number",
            "retry: 10\nretry: 1s\nretry:\nretry: -1\n",
            List.of(),
            "",
            10),
        new Case("retry beyond all measure", "retry: 99999999999999999999\n", List.of(), "", -1));
  }

  @ParameterizedTest
  @MethodSource("cases")
  void readsWhole(Case c) {
    check(c, bytes(c.stream()).length);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void readsByteByByte(Case c) {
    Seen seen = new Seen();
    for (byte b : bytes(c.stream())) {
      seen.parse(new byte[] {b});
    }
    seen.check(c);
  }

  @ParameterizedTest
  @MethodSource("cases")
  void readsEverySplit(Case c) {
    for (int at = 0; at <= bytes(c.stream()).length; at++) {
      check(c, at);
    }
  }

  @Test
  void leavesTheBufferToItsOwner() {
    ByteBuf buffer = Unpooled.copiedBuffer("xxdata: a\n\ndata: b", StandardCharsets.UTF_8);
    buffer.skipBytes(2);
    assertTrue(new SseParser(BOUND, (type, data) -> {}).parse(buffer));
    assertEquals(0, buffer.readableBytes());
    assertEquals(1, buffer.refCnt());
    buffer.release();
  }

  @Test
  void refusesAnEventOverTheBound() {
    for (String tooLarge :
        List.of(
            "data: " + "x".repeat(100) + "\n\n",
            "data: " + "x".repeat(100),
            "data: 1234567890\n".repeat(10),
            ": " + "x".repeat(100))) {
      for (int step : new int[] {1, 7, 1000}) {
        SseParser parser = new SseParser(64, (type, data) -> {});
        byte[] bytes = bytes(tooLarge);
        boolean fits = true;
        for (int at = 0; fits && at < bytes.length; at += step) {
          int end = Math.min(bytes.length, at + step);
          fits = parser.parse(Unpooled.wrappedBuffer(bytes, at, end - at));
        }
        assertFalse(fits, tooLarge);
        SseParser ofArrays = new SseParser(64, (type, data) -> {});
        fits = true;
        for (int at = 0; fits && at < bytes.length; at += step) {
          fits = ofArrays.parse(bytes, at, Math.min(step, bytes.length - at));
        }
        assertFalse(fits, tooLarge);
      }
    }
  }

  @Test
  void boundsEachEventByItself() {
    Seen seen = new Seen(new ArrayList<>(), 32);
    for (int i = 0; i < 100; i++) {
      seen.parse(bytes(": a comment counts for itself\ndata: 1234567890\n\n"));
    }
    assertEquals(100, seen.events().size());
    // Comments keep a stream alive, without a blank line and without an end.
    for (int i = 0; i < 100; i++) {
      seen.parse(bytes(": 1234567890\n"));
    }
  }

  @Test
  void readsAnEventLargerThanItsFirstBuffers() {
    String large = "ü".repeat(100_000);
    List<String> events = new ArrayList<>();
    SseParser parser = new SseParser(1 << 20, (type, data) -> events.add(data));
    byte[] stream = utf8Bytes("data: " + large + "\n\ndata: small\n\n");
    for (int at = 0; at < stream.length; at += 1000) {
      assertTrue(
          parser.parse(Unpooled.wrappedBuffer(stream, at, Math.min(1000, stream.length - at))));
    }
    assertEquals(List.of(large, "small"), events);
  }

  private static void check(Case c, int splitAt) {
    byte[] stream = bytes(c.stream());
    Seen seen = new Seen();
    seen.parse(Arrays.copyOfRange(stream, 0, splitAt));
    seen.parse(Arrays.copyOfRange(stream, splitAt, stream.length));
    seen.check(c);
  }

  private static Case of(String name, String stream, String... seen) {
    return new Case(name, stream, List.of(seen), "", -1);
  }

  private static byte[] bytes(String latin1) {
    return latin1.getBytes(StandardCharsets.ISO_8859_1);
  }

  private static byte[] utf8Bytes(String text) {
    return text.getBytes(StandardCharsets.UTF_8);
  }

  private static String utf8(String text) {
    return new String(utf8Bytes(text), StandardCharsets.ISO_8859_1);
  }

  @Test
  void tellsAnEndFromABreak() {
    SseParser parser = new SseParser(BOUND, (type, data) -> {});
    assertFalse(parser.asksToComeAgain());
    parser.parse(Unpooled.wrappedBuffer(bytes("retry: 10\ndata: a\n\n")));
    assertFalse(parser.asksToComeAgain());
    parser.parse(Unpooled.wrappedBuffer(bytes("retry: 10\n")));
    assertTrue(parser.asksToComeAgain());
    parser.parse(Unpooled.wrappedBuffer(bytes("\ndata: a\n\n")));
    assertFalse(parser.asksToComeAgain());
  }

  /** The same bytes given to one parser in a buffer and to another in an array. */
  private record Seen(
      List<String> events, SseParser parser, List<String> arrayEvents, SseParser arrayParser) {
    Seen() {
      this(new ArrayList<>(), BOUND);
    }

    Seen(List<String> events, int maxEventBytes) {
      this(events, new ArrayList<>(), maxEventBytes);
    }

    private Seen(List<String> events, List<String> arrayEvents, int maxEventBytes) {
      this(
          events,
          new SseParser(maxEventBytes, (type, data) -> events.add(type + "|" + data)),
          arrayEvents,
          new SseParser(maxEventBytes, (type, data) -> arrayEvents.add(type + "|" + data)));
    }

    void parse(byte[] bytes) {
      assertTrue(parser.parse(Unpooled.wrappedBuffer(bytes)));
      byte[] within = new byte[bytes.length + 2];
      System.arraycopy(bytes, 0, within, 1, bytes.length);
      within[0] = '\n';
      within[bytes.length + 1] = '\n';
      assertTrue(arrayParser.parse(within, 1, bytes.length));
    }

    void check(Case c) {
      assertEquals(c.seen(), events);
      assertEquals(c.seen(), arrayEvents);
      assertEquals(c.lastEventId(), parser.lastEventId());
      assertEquals(c.lastEventId(), arrayParser.lastEventId());
      assertEquals(c.retryMs(), parser.retryMs());
      assertEquals(c.retryMs(), arrayParser.retryMs());
    }
  }
}
