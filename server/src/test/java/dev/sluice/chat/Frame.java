package dev.sluice.chat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.frame.Utf8Buffer;
import java.nio.ByteBuffer;
import java.nio.charset.CharacterCodingException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.StringJoiner;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * One frame as a client would see it.
 *
 * @param id what the id line says, or null if there is none
 * @param retryMs what the retry line says, 0 if there is none
 * @param json what the data line says
 */
record Frame(@Nullable EventId id, long retryMs, String json) {
  private static final Pattern FORM =
      Pattern.compile("\\G(?:id:([0-9]+-[0-9]+)\n)?(?:retry:([0-9]+)\n)?message:\ndata:(.*)\n\n");

  /** The frames that these bytes are; fails if they are anything else. */
  static List<Frame> parse(Utf8Buffer bytes) {
    String text = decode(bytes);
    List<Frame> frames = new ArrayList<>();
    Matcher matcher = FORM.matcher(text);
    int end = 0;
    while (matcher.find()) {
      String id = matcher.group(1);
      String retry = matcher.group(2);
      frames.add(
          new Frame(
              id == null ? null : EventId.parse(id),
              retry == null ? 0 : Long.parseLong(retry),
              matcher.group(3)));
      end = matcher.end();
    }
    assertEquals("", text.substring(end), "bytes that are no frame");
    return frames;
  }

  static List<String> briefs(List<Frame> frames) {
    return frames.stream().map(Frame::brief).toList();
  }

  String event() {
    return tree().path("event").asString();
  }

  boolean isToken() {
    return event().equals("token");
  }

  /** The data, if it is a string. */
  String text() {
    return tree().path("data").asString();
  }

  /** The offset of the id; for a frame that has one. */
  long offset() {
    assertTrue(id != null, "a frame without an id");
    return id.offset();
  }

  /** The JSON in short and in its order: the name, the data, the type, then other keys. */
  String brief() {
    StringJoiner brief = new StringJoiner(" ");
    tree()
        .properties()
        .forEach(
            entry -> {
              String value = entry.getValue().toString();
              switch (entry.getKey()) {
                case "event", "type" -> brief.add(entry.getValue().asString());
                case "data" -> brief.add(value);
                default -> brief.add(entry.getKey() + "=" + value);
              }
            });
    return brief.toString();
  }

  private JsonNode tree() {
    return JsonMapper.shared().readTree(json);
  }

  private static String decode(Utf8Buffer bytes) {
    ByteBuffer content = ByteBuffer.wrap(bytes.array(), 0, bytes.length());
    try {
      return StandardCharsets.UTF_8.newDecoder().decode(content).toString();
    } catch (CharacterCodingException e) {
      throw new AssertionError("not UTF-8", e);
    }
  }
}
