package dev.sluice.loadtest.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class JsonStringTest {
  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      delimiter = '|',
      value = {
        "``                  | ``",
        "plain               | plain",
        "\\u0041\\u00e9      | Aé",
        "\\u4F60\\u597d      | 你好",
        "\\ud83d\\ude80      | 🚀",
        "x\\uD83D\\uDE80y    | x🚀y",
        "é🚀                  | é🚀",
        "\\\"\\\\\\/         | \"\\/",
        "\\\\u0041           | \\u0041",
        "\\\\\\u0041         | \\A",
      })
  void everyFormDecodesToTheSameText(String json, String text) {
    assertEquals(text, decode(json));
  }

  @ParameterizedTest
  @CsvSource({"n,10", "r,13", "t,9", "b,8", "f,12", "u0000,0", "u001f,31", "u007F,127"})
  void controlsAreEscaped(String escape, int codePoint) {
    assertEquals(Character.toString(codePoint), decode("\\" + escape));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "\\",
        "\\x",
        "\\u",
        "\\u12",
        "\\u12g4",
        "\\ud83d",
        "\\ud83dx",
        "\\ud83d\\n",
        "\\ud83d\\u0041",
        "\\ude80",
        "\\ud83d\\ud83d",
        "\n",
        "\u0001"
      })
  void whatIsNoStringIsRefused(String json) {
    byte[] bytes = json.getBytes(UTF_8);
    assertEquals(-1, JsonString.decodeInPlace(bytes, 0, bytes.length));
  }

  @ParameterizedTest
  @CsvSource(
      quoteCharacter = '`',
      delimiter = '|',
      value = {"\"|0", "ab\"c|2", "a\\\"b\"|4", "a\\\\\"|3", "abc|-1", "abc\\|-1", "abc\\\"|-1"})
  void theClosingQuoteIsTheFirstThatIsNotEscaped(String text, int index) {
    byte[] bytes = text.getBytes(UTF_8);
    assertEquals(index, JsonString.closingQuote(bytes, 0, bytes.length));
  }

  private static String decode(String json) {
    byte[] bytes = ("<" + json + ">").getBytes(UTF_8);
    int end = JsonString.decodeInPlace(bytes, 1, bytes.length - 1);
    return new String(bytes, 1, end - 1, UTF_8);
  }
}
