package dev.sluice.loadtest.check;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** Finds the text of a token in the JSON of an event. */
final class JsonText {
  private static final JsonMapper JSON = JsonMapper.builder().build();
  private static final byte[] NONE = {};

  private final List<String> path;

  /** Looks under {@code key}: names and array indexes with dots between them. */
  JsonText(String key) {
    this.path = List.of(key.split("\\.", -1));
  }

  /** The text as UTF-8; empty if the event has none; null if this is no JSON. */
  byte @Nullable [] find(byte[] bytes, int from, int to) {
    JsonNode node;
    try {
      node = JSON.readTree(bytes, from, to - from);
    } catch (JacksonException e) {
      return null;
    }
    for (String step : path) {
      node = node.isArray() && isIndex(step) ? node.path(Integer.parseInt(step)) : node.path(step);
    }
    return node.isString() ? node.stringValue().getBytes(StandardCharsets.UTF_8) : NONE;
  }

  private static boolean isIndex(String step) {
    return step.matches("[0-9]{1,9}");
  }
}
