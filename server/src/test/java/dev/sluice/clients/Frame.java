package dev.sluice.clients;

import static java.util.stream.Collectors.joining;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * One frame of a body, read by the letter of the contract: what differs from it in a single byte is
 * not a frame.
 */
record Frame(@Nullable String id, JsonNode json) {
  private static final String HEARTBEAT = ":hb\n";
  private static final Pattern FRAME =
      Pattern.compile(
          "(?:id:(?<id>\\d+-\\d+)\\n)?(?:retry:\\d+\\n)?message:\\ndata:(?<json>\\{[^\\r\\n]*})\\n\\n");

  static List<Frame> parse(String body) {
    List<Frame> frames = new ArrayList<>();
    Matcher matcher = FRAME.matcher(body);
    for (int at = 0; at < body.length(); ) {
      if (body.startsWith(HEARTBEAT, at)) {
        at += HEARTBEAT.length();
        continue;
      }
      if (!matcher.region(at, body.length()).lookingAt()) {
        throw new AssertionError("no frame: " + quoted(body.substring(at)));
      }
      frames.add(
          new Frame(matcher.group("id"), JsonMapper.shared().readTree(matcher.group("json"))));
      at = matcher.end();
    }
    return frames;
  }

  String event() {
    return event(json);
  }

  static String event(JsonNode json) {
    return json.path("event").asString("");
  }

  static List<String> events(List<JsonNode> messages) {
    return messages.stream().map(Frame::event).toList();
  }

  /** The tokens of one type, put together. */
  static String text(List<JsonNode> messages, String type) {
    return messages.stream()
        .filter(json -> event(json).equals("token"))
        .filter(json -> json.path("type").asString("").equals(type))
        .map(json -> json.path("data").asString())
        .collect(joining());
  }

  /** What a JSON string means, given what stands between its quotes. */
  static String unquoted(String escaped) {
    return JsonMapper.shared().readTree('"' + escaped + '"').asString();
  }

  private static String quoted(String text) {
    String start = text.substring(0, Math.min(200, text.length()));
    return String.format(Locale.ROOT, "\"%s\"", start.replace("\r", "\\r").replace("\n", "\\n"));
  }
}
