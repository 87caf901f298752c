package dev.sluice.promises;

import dev.sluice.docs.Operation;
import dev.sluice.docs.Operation.Body;
import dev.sluice.docs.Operation.Parameter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;

/** The requests that the document's examples make. */
final class Requests {
  private Requests() {}

  /** All examples of a call, each as a whole request. */
  static List<String> examples(Operation call) {
    List<String> requests = new ArrayList<>();
    List<Body> bodies = call.bodies();
    for (Body body : bodies) {
      requests.add(request(call, target(call), "", body.mediaType(), body.text()));
    }
    if (bodies.isEmpty()) {
      requests.add(request(call, target(call), "", "", ""));
    }
    Body body = bodies.isEmpty() ? new Body("", "") : bodies.get(0);
    for (Parameter parameter : call.parameters()) {
      for (String value : parameter.examples()) {
        String target =
            switch (parameter.in()) {
              case "path" -> target(call, parameter.name(), value);
              case "query" -> target(call) + "?" + parameter.name() + "=" + value;
              case "header" -> target(call);
              default -> throw new AssertionError(parameter);
            };
        String fields =
            parameter.in().equals("header") ? parameter.name() + ": " + value + "\r\n" : "";
        requests.add(request(call, target, fields, body.mediaType(), body.text()));
      }
    }
    return requests;
  }

  /** The call's first example with further header fields. */
  static String withFields(Operation call, String target, String fields) {
    List<Body> bodies = call.bodies();
    Body body = bodies.isEmpty() ? new Body("", "") : bodies.get(0);
    return request(call, target, fields, body.mediaType(), body.text());
  }

  /** The path with the first example of each of its variables. */
  static String target(Operation call) {
    return target(call, "", "");
  }

  /** The same with another value of one variable. */
  static String target(Operation call, String variable, String value) {
    String target = call.path();
    for (Parameter parameter : call.parameters()) {
      if (parameter.in().equals("path")) {
        String name = parameter.name();
        target =
            target.replace(
                "{" + name + "}", name.equals(variable) ? value : parameter.examples().get(0));
      }
    }
    return target;
  }

  static String request(
      Operation call, String target, String fields, String mediaType, String body) {
    String type = mediaType.isEmpty() ? "" : "Content-Type: " + mediaType + "\r\n";
    int length = body.getBytes(StandardCharsets.UTF_8).length;
    String size = body.isEmpty() ? "" : "Content-Length: " + length + "\r\n";
    return call.method()
        + " "
        + target
        + " HTTP/1.1\r\nHost: x\r\n"
        + fields
        + type
        + size
        + "\r\n"
        + body;
  }
}
