package dev.sluice.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.core.JacksonException;

class JsonFieldsTest {
  @Test
  void valuesAreAsTheyWereWritten() {
    JsonFields fields =
        JsonFields.parse(
            "{\"a\":\"\\u00e4\\n\\ud83d\\ude00\", \"漢\" : {\"x\":[1, {}]} ,\"n\":-1.50e3,\"t\":true,"
                + "\"z\":null,\"l\":[\"}\",2],\"e\":\"\"}");
    assertEquals("ä\n\ud83d\ude00", fields.text("a"));
    assertEquals("\"\\u00e4\\n\\ud83d\\ude00\"", fields.json("a"));
    assertEquals("{\"x\":[1, {}]}", fields.json("漢"));
    assertEquals("-1.50e3", fields.json("n"));
    assertEquals("true", fields.shown("t"));
    assertEquals("null", fields.shown("z"));
    assertEquals("[\"}\",2]", fields.json("l"));
    assertTrue(fields.isText("e"));
    assertFalse(fields.isText("n"));
    assertEquals("", fields.json("none"));
    assertEquals("", fields.text("n"));
  }

  @Test
  void longValuesTooAreAsTheyWereWritten() {
    String text = "漢\\n".repeat(50_000);
    JsonFields fields =
        JsonFields.parse("{\"a\":\"" + text + "\",\"b\":[" + "1,".repeat(9999) + "1]}");
    assertEquals("\"" + text + "\"", fields.json("a"));
    assertEquals("漢\n".repeat(50_000), fields.text("a"));
    assertEquals("[" + "1,".repeat(9999) + "1]", fields.json("b"));
  }

  @Test
  void theObjectsOfAnArray() {
    List<JsonFields> items = JsonFields.parseArray("[{\"a\":\"1\"},[{}],2,{\"b\":{\"c\":[]}}]");
    assertEquals(2, items.size());
    assertEquals("1", items.get(0).text("a"));
    assertEquals("{\"c\":[]}", items.get(1).json("b"));
    assertEquals(List.of(), JsonFields.parseArray("{}"));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {"", "[DONE]", "[]", "\"a\"", "{\"a\":", "{} {}", "{\"a\":1} x", "nonsense"})
  void anythingElseIsRefused(String json) {
    assertThrows(JacksonException.class, () -> JsonFields.parse(json));
  }
}
