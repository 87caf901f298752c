package dev.sluice.shell;

import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.exc.StreamReadException;
import tools.jackson.core.json.JsonFactory;

/**
 * The members of one JSON object, for commands that live shorter than an object mapper takes to
 * load. Immutable.
 */
final class JsonFields {
  /**
   * @param json the value as it was written
   * @param text what a string says; null for any other value
   */
  private record Value(String json, @Nullable String text) {}

  private static final JsonFactory JSON = new JsonFactory();

  private final Map<String, Value> values = new LinkedHashMap<>();

  private JsonFields() {}

  /**
   * @throws JacksonException if that is not one JSON object
   */
  static JsonFields parse(String json) {
    try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), json)) {
      require(parser.nextToken() == JsonToken.START_OBJECT, "not a JSON object");
      JsonFields fields = read(parser, json);
      require(parser.nextToken() == null, "more than a JSON object");
      return fields;
    }
  }

  /**
   * The objects of an array; what else stands in it is left out.
   *
   * @throws JacksonException if that is not JSON
   */
  static List<JsonFields> parseArray(String json) {
    List<JsonFields> items = new ArrayList<>();
    try (JsonParser parser = JSON.createParser(ObjectReadContext.empty(), json)) {
      if (parser.nextToken() != JsonToken.START_ARRAY) {
        return items;
      }
      for (JsonToken token = parser.nextToken();
          token != null && token != JsonToken.END_ARRAY;
          token = parser.nextToken()) {
        if (token == JsonToken.START_OBJECT) {
          items.add(read(parser, json));
        } else {
          parser.skipChildren();
        }
      }
    }
    return items;
  }

  private static JsonFields read(JsonParser parser, String json) {
    JsonFields fields = new JsonFields();
    while (parser.nextToken() == JsonToken.PROPERTY_NAME) {
      String name = parser.currentName();
      JsonToken token = parser.nextToken();
      int from = (int) parser.currentTokenLocation().getCharOffset();
      String text = token == JsonToken.VALUE_STRING ? parser.getString() : null;
      parser.skipChildren();
      // A string is read to its end only when it is asked for, as it was above.
      int to = (int) parser.currentLocation().getCharOffset();
      fields.values.put(name, new Value(json.substring(from, to).strip(), text));
    }
    return fields;
  }

  private static void require(boolean holds, String otherwise) {
    if (!holds) {
      throw new StreamReadException(otherwise);
    }
  }

  Set<String> names() {
    return values.keySet();
  }

  /** The string of that name; empty if there is none. */
  String text(String name) {
    Value value = values.get(name);
    return value == null || value.text() == null ? "" : value.text();
  }

  /** True if there is a member of that name and it is a string. */
  boolean isText(String name) {
    Value value = values.get(name);
    return value != null && value.text() != null;
  }

  /** The value of that name as it was written; empty if there is none. */
  String json(String name) {
    Value value = values.get(name);
    return value == null ? "" : value.json();
  }

  /** A string's text, or any other value as it was written; empty if there is none. */
  String shown(String name) {
    return isText(name) ? text(name) : json(name);
  }
}
