package dev.sluice.loadtest.report;

import java.util.Iterator;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Writes maps, lists, strings, numbers, booleans and null as indented JSON. */
final class JsonWriter {
  private final StringBuilder out = new StringBuilder();

  private JsonWriter() {}

  /** The JSON of {@code value}, ended by a line feed; numbers must be finite. */
  static String write(Object value) {
    JsonWriter writer = new JsonWriter();
    writer.value(value, "\n");
    return writer.out.append('\n').toString();
  }

  private void value(@Nullable Object value, String lineStart) {
    if (value instanceof Map<?, ?> map) {
      object(map, lineStart);
    } else if (value instanceof List<?> list) {
      array(list, lineStart);
    } else if (value == null || value instanceof Number || value instanceof Boolean) {
      out.append(value);
    } else {
      string(value.toString());
    }
  }

  private void object(Map<?, ?> map, String lineStart) {
    String inner = lineStart + "  ";
    out.append('{');
    Iterator<? extends Map.Entry<?, ?>> entries = map.entrySet().iterator();
    while (entries.hasNext()) {
      Map.Entry<?, ?> entry = entries.next();
      out.append(inner);
      string(String.valueOf(entry.getKey()));
      out.append(": ");
      value(entry.getValue(), inner);
      out.append(entries.hasNext() ? "," : lineStart);
    }
    out.append('}');
  }

  private void array(List<?> list, String lineStart) {
    String inner = lineStart + "  ";
    out.append('[');
    Iterator<?> items = list.iterator();
    while (items.hasNext()) {
      out.append(inner);
      value(items.next(), inner);
      out.append(items.hasNext() ? "," : lineStart);
    }
    out.append(']');
  }

  private void string(String text) {
    out.append('"');
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      if (c == '"' || c == '\\') {
        out.append('\\').append(c);
      } else if (c < 0x20 || Character.isSurrogate(c)) {
        out.append(String.format("\\u%04x", (int) c));
      } else {
        out.append(c);
      }
    }
    out.append('"');
  }
}
