package dev.sluice.upstream;

import dev.sluice.chat.Prompt;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.StringJoiner;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/** The requests that a Flowise server is sent. Stateless; any thread. */
final class FlowiseRequest {
  private FlowiseRequest() {}

  /**
   * A streamed prediction. A client that spoke Flowise's dialect has its own words passed on, all
   * of them; a conversation of another dialect becomes a question and a history.
   */
  static UpstreamRequest prediction(
      UpstreamSettings settings, String chatflow, String chatId, Prompt prompt) {
    String given = prompt.predictionJson();
    ObjectNode body =
        given == null ? conversation(prompt) : (ObjectNode) JsonMapper.shared().readTree(given);
    body.put("streaming", true);
    body.put("chatId", chatId);
    return UpstreamRequest.question(
        target(settings, "/api/v1/prediction/", chatflow),
        JsonMapper.shared().writeValueAsString(body));
  }

  /** A target whose last segments may hold any character. */
  static String target(UpstreamSettings settings, String path, String... segments) {
    StringJoiner encoded = new StringJoiner("/");
    for (String segment : segments) {
      encoded.add(URLEncoder.encode(segment, StandardCharsets.UTF_8).replace("+", "%20"));
    }
    return settings.target(path + encoded);
  }

  /** The newest question and what was said before it; Flowise knows two roles and text alone. */
  private static ObjectNode conversation(Prompt prompt) {
    JsonNode messages = JsonMapper.shared().readTree(prompt.messagesJson());
    int newest = -1;
    for (int i = 0; i < messages.size(); i++) {
      if (messages.get(i).path("role").stringValue("").equals("user")) {
        newest = i;
      }
    }
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    body.put(
        "question",
        newest < 0 ? prompt.question() : MessageText.of(messages.get(newest).path("content")));
    ArrayNode history = JsonNodeFactory.instance.arrayNode();
    for (int i = 0; i < messages.size(); i++) {
      String role = messages.get(i).path("role").stringValue("");
      String text = MessageText.of(messages.get(i).path("content"));
      boolean answer = role.equals("assistant");
      if (i != newest && !text.isEmpty() && (answer || role.equals("user"))) {
        history.addObject().put("role", answer ? "apiMessage" : "userMessage").put("content", text);
      }
    }
    if (!history.isEmpty()) {
      body.set("history", history);
    }
    return body;
  }
}
