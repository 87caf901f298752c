package dev.sluice.frame;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/** What stands between the quotes of a JSON string, seen through a JSON parser by others. */
class JsonEscapeTest {
  private static final JsonMapper JSON = JsonMapper.shared();

  @Test
  void everyCharParsesBackToItself() throws CharacterCodingException {
    for (int c = 0; c <= 0xFFFF; c++) {
      String text = String.valueOf((char) c);
      String escaped = escape(text);
      assertEquals(text, parse(escaped), () -> "of " + Integer.toHexString(text.charAt(0)));
      if (Character.isSurrogate((char) c)) {
        assertEquals(String.format("\\u%04x", c), escaped);
      }
    }
  }

  @Test
  void supplementaryCodePointsAreWrittenAsThemselves() throws CharacterCodingException {
    for (int codePoint = 0x10000; codePoint <= 0x10FFFF; codePoint += 251) {
      String text = Character.toString(codePoint);
      assertEquals(text, escape(text));
      assertEquals(text, parse(escape(text)));
    }
    String last = Character.toString(0x10FFFF);
    assertEquals(last, escape(last));
  }

  @Test
  void nothingElseIsEscaped() throws CharacterCodingException {
    for (int c = ' '; c <= 0xFFFF; c++) {
      char each = (char) c;
      boolean special = "\"\\\u0085\u2028\u2029".indexOf(each) >= 0 || Character.isSurrogate(each);
      assertEquals(!special, escape(String.valueOf(each)).equals(String.valueOf(each)));
    }
  }

  /** As {@code JSON.stringify} writes them. */
  @ParameterizedTest
  @CsvSource({
    "0x00, \\u0000", "0x01, \\u0001", "0x02, \\u0002", "0x03, \\u0003", "0x04, \\u0004",
    "0x05, \\u0005", "0x06, \\u0006", "0x07, \\u0007", "0x08, \\b", "0x09, \\t",
    "0x0a, \\n", "0x0b, \\u000b", "0x0c, \\f", "0x0d, \\r", "0x0e, \\u000e",
    "0x0f, \\u000f", "0x10, \\u0010", "0x11, \\u0011", "0x12, \\u0012", "0x13, \\u0013",
    "0x14, \\u0014", "0x15, \\u0015", "0x16, \\u0016", "0x17, \\u0017", "0x18, \\u0018",
    "0x19, \\u0019", "0x1a, \\u001a", "0x1b, \\u001b", "0x1c, \\u001c", "0x1d, \\u001d",
    "0x1e, \\u001e", "0x1f, \\u001f", "0x22, \\\"", "0x5c, \\\\", "0x7f, \u007f",
    "0x2f, /", "0x85, \\u0085", "0x2028, \\u2028", "0x2029, \\u2029", "0xa0, '\u00a0'",
    "0xd800, \\ud800", "0xdbff, \\udbff", "0xdc00, \\udc00", "0xdfff, \\udfff",
  })
  void escapesAsStringifyDoes(String c, String escaped) throws CharacterCodingException {
    assertEquals(escaped, escape(String.valueOf((char) (int) Integer.decode(c))));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"\udc00\ud800", "\ud800a", "a\udfff", "\ud800\ud83d\ude00", "\ud83d\ude00\udc00"})
  void halfAPairNextToOthersStaysHalfAPair(String text) throws CharacterCodingException {
    StringBuilder expected = new StringBuilder();
    text.codePoints()
        .forEach(
            c ->
                expected.append(
                    c <= 0xFFFF && Character.isSurrogate((char) c)
                        ? String.format("\\u%04x", c)
                        : Character.toString(c)));
    assertEquals(expected.toString(), escape(text));
  }

  @Test
  void aPairThatWasSplitReadsAsThePair() throws CharacterCodingException {
    assertEquals("\\ud83d\\ude00", escape("\ud83d") + escape("\ude00"));
    assertEquals("\ud83d\ude00", parse(escape("\ud83d") + escape("\ude00")));
  }

  /** escape(a) + escape(b) reads as a + b, wherever a text is cut. */
  @ParameterizedTest
  @ValueSource(longs = {1, 2, 3, 4})
  void escapingIsAHomomorphism(long seed) throws CharacterCodingException {
    Random random = new Random(seed);
    for (int round = 0; round < 150; round++) {
      String text = randomText(random, 1 + random.nextInt(40));
      for (int cut = 0; cut <= text.length(); cut++) {
        String both = escape(text.substring(0, cut)) + escape(text.substring(cut));
        int at = cut;
        assertEquals(text, parse(both), () -> "seed " + seed + ", cut at " + at);
      }
    }
  }

  @Test
  void aRangeOfCharsIsTakenAlone() {
    char[] chars = "x\ud83d\ude00y".toCharArray();
    assertEquals("\\ud83d", new Utf8Buffer(0).putEscaped(chars, 0, 2).toString().substring(1));
    assertEquals("\\ude00y", new Utf8Buffer(0).putEscaped(chars, 2, 2).toString());
    assertTrue(new Utf8Buffer(0).putEscaped(chars, 4, 0).isEmpty());
  }

  @Test
  void whatIsWrittenGrowsWithTheText() throws CharacterCodingException {
    for (int length : new int[] {1, 15, 16, 17, 1000, 100_000}) {
      for (String unit : new String[] {"a", "\u0001", "\n", "\u00e4", "\u2028", "\ud83d\ude00"}) {
        String text = unit.repeat(length);
        assertEquals(text, parse(escape(text)));
      }
    }
  }

  /** Pairs, half pairs, controls, and all kinds of chars. */
  private static String randomText(Random random, int codePoints) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < codePoints; i++) {
      switch (random.nextInt(7)) {
        case 0 -> text.append((char) random.nextInt(0x20));
        case 1 -> text.append((char) random.nextInt(0x100));
        case 2 -> text.append((char) random.nextInt(0x10000));
        case 3 -> text.append("\"\\\u2028\u2029\u0085\u007f".charAt(random.nextInt(6)));
        case 4 -> text.appendCodePoint(0x10000 + random.nextInt(0x100000));
        case 5 -> text.append((char) (0xD800 + random.nextInt(0x800)));
        default -> text.append((char) ('a' + random.nextInt(26)));
      }
    }
    return text.toString();
  }

  /** Escapes, and checks what holds for every output. */
  private static String escape(String text) throws CharacterCodingException {
    byte[] bytes = new Utf8Buffer(0).putEscaped(text).toByteArray();
    for (byte b : bytes) {
      assertFalse(b >= 0 && b < ' ', () -> "a control character in " + Arrays.toString(bytes));
    }
    // A decoder of its own reports malformed input; new String(…) would replace it.
    return StandardCharsets.UTF_8.newDecoder().decode(ByteBuffer.wrap(bytes)).toString();
  }

  private static String parse(String escaped) {
    return JSON.readTree('"' + escaped + '"').asString();
  }
}
