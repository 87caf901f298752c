package dev.sluice.upstream;

import tools.jackson.databind.JsonNode;

/** The text of a message's content: a string, or the text of an array of parts. */
final class MessageText {
  private MessageText() {}

  static String of(JsonNode content) {
    if (!content.isArray()) {
      return content.stringValue("");
    }
    StringBuilder text = new StringBuilder();
    for (JsonNode part : content) {
      text.append(part.path("text").stringValue(""));
    }
    return text.toString();
  }
}
