package dev.sluice.upstream;

import dev.sluice.chat.Prompt;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.util.RawValue;

/** The request of a streamed chat completion. Stateless; any thread. */
final class ChatRequest {
  private ChatRequest() {}

  static UpstreamRequest of(UpstreamSettings settings, Prompt prompt) {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    if (settings.model() != null) {
      body.put("model", settings.model());
    }
    body.put("stream", true);
    body.putObject("stream_options").put("include_usage", true);
    body.putRawValue("messages", new RawValue(messages(settings, prompt)));
    return UpstreamRequest.question(
        settings.target(), JsonMapper.shared().writeValueAsString(body));
  }

  /** The conversation's finished JSON, with the system prompt laid in front of it. */
  private static String messages(UpstreamSettings settings, Prompt prompt) {
    String messages = prompt.messagesJson();
    if (settings.systemPrompt() == null) {
      return messages;
    }
    String system =
        JsonNodeFactory.instance
            .objectNode()
            .put("role", "system")
            .put("content", settings.systemPrompt())
            .toString();
    String rest = messages.substring(messages.indexOf('[') + 1).strip();
    return "[" + system + (rest.startsWith("]") ? "" : ",") + rest;
  }
}
