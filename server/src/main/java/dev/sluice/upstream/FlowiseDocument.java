package dev.sluice.upstream;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * The answer of a chatflow that Flowise cannot stream, as the events that it would have streamed.
 * Stateless; any thread.
 */
final class FlowiseDocument {
  private static final List<String> EVENTS =
      List.of(
          "sourceDocuments",
          "usedTools",
          "fileAnnotations",
          "artifacts",
          "agentReasoning",
          "agentFlowExecutedData",
          "action");

  private static final List<String> METADATA =
      List.of(
          "chatId",
          "chatMessageId",
          "question",
          "sessionId",
          "memoryType",
          "followUpPrompts",
          "flowVariables",
          "action");

  private FlowiseDocument() {}

  static List<ObjectNode> events(ObjectNode document) {
    List<ObjectNode> events = new ArrayList<>();
    events.add(event("token", JsonNodeFactory.instance.stringNode(text(document))));
    for (String name : EVENTS) {
      JsonNode data = unwrapped(document.path(name));
      boolean wrong = name.equals("agentReasoning") && !data.isArray();
      if (!isNothing(data) && !wrong) {
        events.add(event(name, data));
      }
    }
    ObjectNode metadata = JsonNodeFactory.instance.objectNode();
    for (String key : METADATA) {
      JsonNode value = document.path(key);
      // Flowise gives these as JSON inside a string here, and streams what stands in it.
      boolean wrapped =
          key.equals("followUpPrompts") || key.equals("flowVariables") || key.equals("action");
      JsonNode data = wrapped ? unwrapped(value) : value;
      if (!isNothing(data)) {
        metadata.set(key, data);
      }
    }
    events.add(event("metadata", metadata));
    return events;
  }

  /** Its text, else its JSON, else all of it, as Flowise's own widgets show it. */
  private static String text(ObjectNode document) {
    JsonNode text = document.path("text");
    if (text.isString() && !text.stringValue().isEmpty()) {
      return text.stringValue();
    }
    JsonNode json = document.path("json");
    return (isNothing(json) ? document : json).toPrettyString();
  }

  private static JsonNode unwrapped(JsonNode value) {
    JsonNode inside = value.isString() ? parsed(value.stringValue()) : null;
    return inside == null ? value : inside;
  }

  private static @Nullable JsonNode parsed(String json) {
    return json.isBlank() ? null : ErrorWords.parse(json);
  }

  private static boolean isNothing(JsonNode value) {
    return value.isNull()
        || value.isMissingNode()
        || (value.isContainer() && value.isEmpty())
        || (value.isString() && value.stringValue().isEmpty());
  }

  private static ObjectNode event(String name, JsonNode data) {
    ObjectNode event = JsonNodeFactory.instance.objectNode();
    event.put("event", name);
    event.set("data", data);
    return event;
  }
}
