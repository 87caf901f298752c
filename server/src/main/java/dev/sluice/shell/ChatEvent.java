package dev.sluice.shell;

import dev.sluice.frame.TokenType;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/**
 * One event, as a stream's reader gets it.
 *
 * @param id the frame's; empty if it has none
 * @param json the event as it was sent, on one line
 */
record ChatEvent(String id, String json, JsonFields fields) {
  /**
   * @throws JacksonException if the data is not a JSON object
   */
  static ChatEvent parse(String id, String data) {
    return new ChatEvent(id, data, JsonFields.parse(data));
  }

  String name() {
    return fields.text("event");
  }

  boolean isToken() {
    return name().equals("token");
  }

  /** What kind of token it is, or null. */
  @Nullable TokenType type() {
    return TokenType.of(fields.text("type"));
  }

  /** The text of a token. */
  String text() {
    return fields.text("data");
  }

  /**
   * The event as one line of JSON that begins with the frame's id. Where the event has a key {@code
   * id} of its own, the frame's is called {@code lastEventId}.
   */
  String jsonWithId() {
    String key = fields.names().contains("id") ? "lastEventId" : "id";
    String rest = json.stripLeading().substring(1);
    return id.isEmpty() ? json : "{\"" + key + "\":\"" + quotable(id) + "\"," + rest;
  }

  private static String quotable(String id) {
    // Any server's: the contract's ids need none of this.
    return id.replace("\\", "\\\\").replace("\"", "\\\"").replaceAll("\\p{Cntrl}", " ");
  }
}
