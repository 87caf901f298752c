package dev.sluice.http;

import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * One response.
 *
 * @param head the status line and the fields as they were sent
 * @param fields by their names in lower case
 */
record Answer(int status, String head, Map<String, String> fields, String body) {

  /** Takes the responses apart that stand one behind the other; the last may be a stream. */
  static List<Answer> parse(String text) {
    List<Answer> answers = new ArrayList<>();
    String rest = text;
    while (!rest.isEmpty()) {
      int end = rest.indexOf("\r\n\r\n");
      if (!rest.startsWith("HTTP/1.1 ") || end < 0) {
        throw new AssertionError("not a response: " + rest);
      }
      String head = rest.substring(0, end);
      rest = rest.substring(end + 4);
      Map<String, String> fields = new TreeMap<>();
      head.lines()
          .skip(1)
          .forEach(
              line ->
                  fields.merge(
                      line.substring(0, line.indexOf(':')).toLowerCase(Locale.ROOT),
                      line.substring(line.indexOf(':') + 1).strip(),
                      (a, b) -> a + ", " + b));
      int status = Integer.parseInt(head.substring(9, 12));
      String length = fields.get("content-length");
      // The fixture's bodies are ASCII, so that characters are bytes.
      int size =
          length != null
              ? Math.min(Integer.parseInt(length), rest.length())
              : status == 204 || status == 100 ? 0 : rest.length();
      answers.add(new Answer(status, head, fields, rest.substring(0, size)));
      rest = rest.substring(size);
    }
    return answers;
  }

  @Nullable String field(String name) {
    return fields.get(name);
  }

  JsonNode json() {
    return Json.MAPPER.readTree(body);
  }

  /** Status and problem code, or the status alone. */
  String outcome() {
    return "application/problem+json".equals(field("content-type"))
        ? status + " " + json().path("code").asString("")
        : String.valueOf(status);
  }

  boolean closes() {
    return "close".equals(field("connection"));
  }
}
