package dev.sluice.loadtest.report;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.Arrays;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class JsonWriterTest {
  @Test
  void everyKindOfValueIsWritten() {
    Map<String, @Nullable Object> map = new LinkedHashMap<>();
    map.put("text", "a\"b\\c\nü\ud83d\ude80");
    map.put("long", 12L);
    map.put("double", 1.5);
    map.put("flag", true);
    map.put("nothing", null);
    map.put("list", Arrays.asList(1, "x"));
    map.put("empty", List.of());
    map.put("inner", Map.of("k", Map.of()));
    assertEquals(
        """
        {
          "text": "a\\"b\\\\c\\u000aü\\ud83d\\ude80",
          "long": 12,
          "double": 1.5,
          "flag": true,
          "nothing": null,
          "list": [
            1,
            "x"
          ],
          "empty": [],
          "inner": {
            "k": {}
          }
        }
        """,
        JsonWriter.write(map));
  }
}
