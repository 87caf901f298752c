package dev.sluice.upstream;

import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Puts tool calls together: a model server streams their names once and their arguments in pieces,
 * each under the call's index. Bounded by the characters of all calls together. One thread.
 */
final class ToolCallAssembler {
  private static final int CALL_CHARS = 64;

  private static final class Call {
    private final long index;
    private String id = "";
    private String name = "";
    private final StringBuilder arguments = new StringBuilder();

    Call(long index) {
      this.index = index;
    }
  }

  private final int maxChars;
  private final List<Call> calls = new ArrayList<>();
  private int chars;

  ToolCallAssembler(int maxChars) {
    this.maxChars = maxChars;
  }

  boolean isEmpty() {
    return calls.isEmpty();
  }

  /**
   * Adds a {@code tool_calls} array, in pieces or whole.
   *
   * @return false if the calls have grown over the bound
   */
  boolean add(JsonNode toolCalls) {
    for (JsonNode piece : toolCalls) {
      String id = piece.path("id").stringValue("");
      Call call = find(piece.path("index"), id);
      JsonNode function = piece.path("function");
      JsonNode arguments = function.path("arguments");
      // Some servers hand the arguments over as an object instead of a string that holds one.
      String text = arguments.isObject() ? arguments.toString() : arguments.stringValue("");
      String name = function.path("name").stringValue("");
      chars += id.length() + name.length() + text.length();
      if (chars > maxChars) {
        return false;
      }
      if (!id.isEmpty()) {
        call.id = id;
      }
      if (!name.isEmpty()) {
        call.name = name;
      }
      call.arguments.append(text);
    }
    return true;
  }

  /** The calls as the items of {@code calledTools}; forgets them. */
  ArrayNode take() {
    ArrayNode items = JsonNodeFactory.instance.arrayNode();
    for (Call call : calls) {
      ObjectNode item = items.addObject();
      item.put("tool", call.name.isEmpty() ? "tool" : call.name);
      item.set("toolInput", input(call.arguments.toString()));
      item.put("toolOutput", "");
      if (!call.id.isEmpty()) {
        item.put("toolCallId", call.id);
      }
    }
    calls.clear();
    chars = 0;
    return items;
  }

  private Call find(JsonNode index, String id) {
    Call last = calls.isEmpty() ? null : calls.get(calls.size() - 1);
    if (index.isIntegralNumber()) {
      long wanted = index.asLong(0);
      for (Call call : calls) {
        if (call.index == wanted) {
          return call;
        }
      }
      return begin(wanted);
    }
    // Servers that leave the index out send each call whole, or repeat its id.
    if (last == null) {
      return begin(0);
    }
    return id.isEmpty() || id.equals(last.id) ? last : begin(last.index + 1);
  }

  private Call begin(long index) {
    Call call = new Call(index);
    calls.add(call);
    chars += CALL_CHARS;
    return call;
  }

  private static JsonNode input(String arguments) {
    if (arguments.isBlank()) {
      return JsonNodeFactory.instance.objectNode();
    }
    JsonNode parsed = parse(arguments);
    return parsed != null && parsed.isObject()
        ? parsed
        : JsonNodeFactory.instance.stringNode(arguments);
  }

  private static @Nullable JsonNode parse(String json) {
    try {
      return JsonMapper.shared().readTree(json);
    } catch (JacksonException e) {
      return null;
    }
  }
}
