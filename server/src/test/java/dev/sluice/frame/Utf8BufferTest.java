package dev.sluice.frame;

import static org.junit.jupiter.api.Assertions.assertArrayEquals;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotSame;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

class Utf8BufferTest {
  @ParameterizedTest
  @ValueSource(
      longs = {0, 1, 9, 10, 11, 99, 100, 101, 999_999_999, 1_000_000_000, 1_700_000_000_123L})
  void writesNumbersInDecimal(long value) {
    assertEquals(Long.toString(value), new Utf8Buffer(0).putDecimal(value).toString());
  }

  @Test
  void writesEveryPowerOfTenAndItsNeighbours() {
    for (long power = 1; power > 0 && power <= Long.MAX_VALUE / 10; power *= 10) {
      for (long value = power - 1; value <= power + 1; value++) {
        assertEquals("x" + value, new Utf8Buffer(0).put((byte) 'x').putDecimal(value).toString());
      }
    }
    assertEquals("9223372036854775807", new Utf8Buffer(0).putDecimal(Long.MAX_VALUE).toString());
  }

  @ParameterizedTest
  @ValueSource(longs = {-1, Long.MIN_VALUE})
  void refusesNegativeNumbers(long value) {
    Utf8Buffer buffer = new Utf8Buffer(0).putAscii("kept");
    assertThrows(IllegalArgumentException.class, () -> buffer.putDecimal(value));
    assertEquals("kept", buffer.toString());
  }

  @Test
  void growsAndKeepsWhatItHad() {
    Utf8Buffer buffer = new Utf8Buffer(0);
    StringBuilder expected = new StringBuilder();
    byte[] piece = "0123456789".getBytes(StandardCharsets.US_ASCII);
    for (int i = 0; i < 10_000; i++) {
      buffer.put((byte) 'a').put(piece).put(piece, 3, 4).putAscii("bc").putDecimal(i);
      expected.append('a').append("0123456789").append("3456").append("bc").append(i);
    }
    assertEquals(expected.toString(), buffer.toString());
    assertEquals(expected.length(), buffer.length());
    assertArrayEquals(
        expected.toString().getBytes(StandardCharsets.US_ASCII), buffer.toByteArray());
  }

  @Test
  void truncatesToAPrefix() {
    Utf8Buffer buffer = new Utf8Buffer(0).putAscii("abc");
    buffer.truncate(3);
    assertEquals("abc", buffer.toString());
    buffer.truncate(1);
    assertEquals("ax", buffer.putAscii("x").toString());
    assertThrows(IllegalArgumentException.class, () -> buffer.truncate(3));
    assertThrows(IllegalArgumentException.class, () -> buffer.truncate(-1));
    buffer.truncate(0);
    assertTrue(buffer.isEmpty());
  }

  @Test
  void clearingKeepsASmallArrayAndLetsGoOfALargeOne() {
    Utf8Buffer buffer = new Utf8Buffer(64).putAscii("abc");
    byte[] small = buffer.array();
    assertTrue(buffer.clear(64).isEmpty());
    assertSame(small, buffer.array());
    buffer.putAscii("x".repeat(65));
    byte[] large = buffer.array();
    assertTrue(buffer.clear(64).isEmpty());
    assertNotSame(large, buffer.array());
    assertTrue(buffer.array().length <= 64);
    assertEquals("again", buffer.putAscii("again").toString());
  }

  @Test
  void aCopyIsOfItsOwn() {
    Utf8Buffer buffer = new Utf8Buffer(0).putAscii("abc");
    Utf8Buffer copy = buffer.copy();
    buffer.clear(16).putAscii("xyz!");
    assertEquals("abc", copy.toString());
    assertEquals("abcxyz!", copy.put(buffer).toString());
    assertEquals("xyz!", buffer.toString());
  }

  @Test
  void quotesAString() {
    assertEquals("\"a\\\"b\\\\c\"", new Utf8Buffer(0).putQuoted("a\"b\\c").toString());
    assertEquals("\"\"", new Utf8Buffer(0).putQuoted("").toString());
  }

  @Test
  void takesFinishedJsonAsItIs() {
    String json = "{\"a\":[1,-2.5e3,true,null,\"x\\n\\u2028\\\"\"],\"\u00e4\":\"\ud83d\ude00\"}";
    assertEquals(json, new Utf8Buffer(0).putJson(json).toString());
  }

  @Test
  void escapesLineEndsOfOthersInsideJson() {
    String json = "{\"a\u2028\":\"b\u2029c\u0085\"}";
    Utf8Buffer buffer = new Utf8Buffer(0).putJson(json);
    assertEquals("{\"a\\u2028\":\"b\\u2029c\\u0085\"}", buffer.toString());
    JsonMapper mapper = JsonMapper.shared();
    assertEquals(mapper.readTree(json), mapper.readTree(buffer.toString()));
  }

  @Test
  void halfPairsInsideJsonAreEscaped() {
    assertEquals("\"\\ud800\"", new Utf8Buffer(0).putJson("\"\ud800\"").toString());
    assertEquals("\"\\udc00x\"", new Utf8Buffer(0).putJson("\"\udc00x\"").toString());
  }

  @ParameterizedTest
  @ValueSource(strings = {"{\n}", "[1,\r2]", "\t1", "\"\u0000\""})
  void refusesJsonThatWouldBreakTheLine(String json) {
    assertThrows(IllegalArgumentException.class, () -> new Utf8Buffer(0).putJson(json));
  }

  @Test
  void saysWhetherItIsEmpty() {
    Utf8Buffer buffer = new Utf8Buffer(0);
    assertTrue(buffer.isEmpty());
    assertFalse(buffer.put((byte) 0x20).isEmpty());
  }
}
