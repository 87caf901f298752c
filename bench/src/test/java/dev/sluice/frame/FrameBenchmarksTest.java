package dev.sluice.frame;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.io.ByteArrayOutputStream;
import java.util.List;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What is compared does the same. */
@NullMarked
class FrameBenchmarksTest {
  @ParameterizedTest
  @EnumSource
  void allWaysToATokenSayTheSame(TokenText text) {
    for (int chars : new int[] {4, 20, 200}) {
      TokenFrameBenchmark ways = new TokenFrameBenchmark();
      ways.text = text;
      ways.chars = chars;
      ways.setUp();
      String ours = ways.sluice().toString();
      assertEquals(text.of(chars), json(ours).path("data").asString());
      assertEquals(chars, text.of(chars).length());
      for (ByteArrayOutputStream other : List.of(ways.jacksonGenerator(), ways.jacksonDatabind())) {
        assertEquals(json(ours), json(other.toString(UTF_8)));
      }
      assertEquals(ours.length(), ways.memoryCopy().toString().length());
      if (text != TokenText.ESCAPES) {
        assertEquals(json(ours), json(new String(ways.concatenation(), UTF_8)));
      }
    }
  }

  @Test
  void aMergedFrameSaysTheSame() {
    MergedFrameBenchmark ways = new MergedFrameBenchmark();
    ways.tokens = 47;
    ways.setUp();
    String ours = ways.sluice().toString();
    assertEquals(json(ours), json(ways.jacksonGenerator().toString(UTF_8)));
    assertEquals(ours.length(), ways.memoryCopy().length());
  }

  @ParameterizedTest
  @EnumSource
  void allWaysToAnEventSayTheSame(EventFrameBenchmark.Event event) {
    EventFrameBenchmark ways = new EventFrameBenchmark();
    ways.event = event;
    ways.setUp();
    String ours = ways.sluice().toString();
    assertEquals(json(ours), json(ways.jacksonGenerator().toString(UTF_8)));
    assertEquals(json(ours), json(ways.jacksonDatabind().toString(UTF_8)));
    assertEquals(ours.length(), ways.memoryCopy().length());
  }

  private static List<String> lines(String frame) {
    return frame.lines().skip(1).toList();
  }

  private static JsonNode json(String frame) {
    String data = lines(frame).get(1);
    return JsonMapper.shared().readTree(data.substring("data:".length()));
  }
}
