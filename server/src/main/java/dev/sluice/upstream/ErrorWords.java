package dev.sluice.upstream;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What model servers say about errors, made fit for the users of a chat. Stateless; any thread. */
final class ErrorWords {
  private static final int MAX_CHARS = 500;

  private ErrorWords() {}

  /** The words of an error: a string, or an object with a {@code message}; null if it has none. */
  static @Nullable String of(JsonNode error, UpstreamSettings settings) {
    String said = error.isString() ? error.stringValue() : error.path("message").stringValue("");
    return of(said, settings);
  }

  /** The words of the body of a refusal: its error, or itself; null if it is not JSON. */
  static @Nullable String ofBody(String body, UpstreamSettings settings) {
    JsonNode json = parse(body);
    return json == null ? null : of(json.has("error") ? json.path("error") : json, settings);
  }

  /** The words without secrets and of a bounded length; null if there are none. */
  static @Nullable String of(String said, UpstreamSettings settings) {
    // Redacted before it is cut, so that no half of a key is left over.
    String safe = settings.redact(said.strip());
    if (safe.isEmpty()) {
      return null;
    }
    return safe.length() <= MAX_CHARS
        ? safe
        : safe.substring(0, safe.offsetByCodePoints(0, MAX_CHARS / 2)) + "…";
  }

  /** The JSON, or null if it is none. */
  static @Nullable JsonNode parse(String json) {
    try {
      return JsonMapper.shared().readTree(json);
    } catch (JacksonException e) {
      return null;
    }
  }
}
