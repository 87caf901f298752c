package dev.sluice.shell;

import java.util.List;
import java.util.regex.Pattern;
import java.util.stream.Collectors;
import tools.jackson.core.JacksonException;

/** What an event that is not text looks like to somebody who reads along: one short line. */
final class EventLine {
  private static final int MAX_CHARS = 160;
  private static final Pattern CONTROLS = Pattern.compile("\\p{Cc}+");

  private EventLine() {}

  /** The line, without a line end, and free of what could steer a terminal. */
  static String of(ChatEvent event) {
    JsonFields fields = event.fields();
    String line =
        switch (event.name()) {
          case "error" -> "error: " + fields.shown("data") + code(fields.json("detail"));
          case "abort" -> "abort: the run was stopped";
          case "gap" -> gap(fields.json("data"));
          case "calledTools", "usedTools" -> event.name() + ": " + calls(fields);
          default -> event.name() + ": " + fields.shown("data");
        };
    return shorten(CONTROLS.matcher(line).replaceAll(" ").strip());
  }

  private static String code(String detail) {
    String code = object(detail).text("code");
    return code.isEmpty() ? "" : " (" + code + ")";
  }

  private static String gap(String data) {
    JsonFields fields = object(data);
    return "gap: events after "
        + fields.text("from")
        + " up to "
        + fields.text("to")
        + " are lost ("
        + fields.text("reason")
        + ")";
  }

  private static String calls(JsonFields event) {
    List<JsonFields> calls = JsonFields.parseArray(event.json("data"));
    return calls.isEmpty()
        ? event.shown("data")
        : calls.stream()
            .map(call -> call.shown("tool") + "(" + call.shown("toolInput") + ")")
            .collect(Collectors.joining(", "));
  }

  private static JsonFields object(String json) {
    try {
      return JsonFields.parse(json);
    } catch (JacksonException e) {
      return JsonFields.parse("{}");
    }
  }

  private static String shorten(String line) {
    if (line.codePointCount(0, line.length()) <= MAX_CHARS) {
      return line;
    }
    return line.substring(0, line.offsetByCodePoints(0, MAX_CHARS - 1)) + "…";
  }
}
