package dev.sluice.docs;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * One documented call.
 *
 * @param method in capitals
 * @param path with its variables in braces
 * @param pointer where it is in the document
 */
public record Operation(OpenApiDocument document, String method, String path, String pointer) {
  /** A documented parameter: where it is sent, its name, and its examples. */
  public record Parameter(String in, String name, List<String> examples) {}

  /** A documented body: its media type and its text. */
  public record Body(String mediaType, String text) {}

  private static final String PROBLEM = "application/problem+json";
  private static final Pattern VARIABLE = Pattern.compile("\\{[^}]*}");

  /** True for a path of a request, without its query, that this call has. */
  public boolean matches(String requestPath) {
    StringBuilder regex = new StringBuilder();
    for (String literal : VARIABLE.split(path + "/", -1)) {
      regex.append(regex.isEmpty() ? "" : "[^/]*").append(Pattern.quote(literal));
    }
    return (requestPath + "/").matches(regex.toString());
  }

  public List<Parameter> parameters() {
    List<Parameter> parameters = new ArrayList<>();
    for (JsonNode reference : document.at(pointer + "/parameters")) {
      JsonNode parameter = document.at(reference.path("$ref").asString());
      List<String> examples = new ArrayList<>();
      if (parameter.has("example")) {
        examples.add(parameter.get("example").asString());
      }
      parameter.path("examples").forEach(e -> examples.add(e.path("value").asString()));
      // Only a field that means nothing by itself may be without.
      if (examples.isEmpty() && !parameter.path("in").asString().equals("header")) {
        throw new AssertionError("a parameter without an example: " + parameter);
      }
      parameters.add(
          new Parameter(
              parameter.path("in").asString(), parameter.path("name").asString(), examples));
    }
    return parameters;
  }

  /** The examples of bodies; each is as its own schema says. */
  public List<Body> bodies() {
    List<Body> bodies = new ArrayList<>();
    String content = pointer + "/requestBody/content";
    document
        .at(content)
        .properties()
        .forEach(
            type -> {
              JsonNode examples = type.getValue().path("examples");
              if (examples.isEmpty()) {
                throw new AssertionError("a body without an example: " + content);
              }
              for (JsonNode example : examples) {
                JsonNode value = example.path("value");
                require(
                    document.faultsOf(value, content + "/" + escaped(type.getKey()) + "/schema"));
                String text = value.isString() ? value.asString() : value.toString();
                bodies.add(new Body(type.getKey(), text));
              }
            });
    return bodies;
  }

  /**
   * Every answer that is documented: {@code 200 application/json}, {@code 204}, {@code 404
   * chat_not_found}.
   */
  public Set<String> answers() {
    Set<String> answers = new TreeSet<>();
    for (String status : document.at(pointer + "/responses").propertyNames()) {
      JsonNode content = document.at(response(status) + "/content");
      if (content.isEmpty()) {
        answers.add(status);
      }
      for (String mediaType : content.propertyNames()) {
        if (mediaType.equals(PROBLEM)) {
          problemCodes(status).forEach(code -> answers.add(status + " " + code));
        } else {
          answers.add(status + " " + mediaType);
        }
      }
    }
    return answers;
  }

  /**
   * What of an answer is not as documented.
   *
   * @param mediaType without its parameters; null if there is no body
   * @param fields the header fields, names in lower case
   */
  public List<String> faultsOf(
      int status, @Nullable String mediaType, Map<String, String> fields, String body) {
    String response = response(Integer.toString(status));
    if (document.at(response).isMissingNode()) {
      return List.of("status " + status + " is not documented");
    }
    List<String> faults = new ArrayList<>(headerFaults(response, fields));
    JsonNode content = document.at(response + "/content");
    if (mediaType == null) {
      if (!content.isEmpty()) {
        faults.add("no body, but one is documented");
      }
      return faults;
    }
    if (!content.has(mediaType)) {
      faults.add(mediaType + " is not documented for status " + status);
      return faults;
    }
    JsonNode instance =
        mediaType.endsWith("/json") || mediaType.endsWith("+json")
            ? JsonMapper.shared().readTree(body)
            : JsonMapper.shared().getNodeFactory().stringNode(body);
    String schema = response + "/content/" + escaped(mediaType) + "/schema";
    faults.addAll(document.faultsOf(instance, schema));
    return faults;
  }

  private List<String> headerFaults(String response, Map<String, String> fields) {
    Map<String, String> byName = new TreeMap<>(String.CASE_INSENSITIVE_ORDER);
    byName.putAll(fields);
    List<String> faults = new ArrayList<>();
    for (String name : document.at(response + "/headers").propertyNames()) {
      String header = document.target(response + "/headers/" + escaped(name));
      String value = byName.get(name);
      if (value != null) {
        JsonNode instance = JsonMapper.shared().getNodeFactory().stringNode(value);
        document
            .faultsOf(instance, header + "/schema")
            .forEach(fault -> faults.add(name + ": " + fault));
      } else if (document.at(header).path("required").asBoolean(false)) {
        faults.add("no field " + name);
      }
    }
    return faults;
  }

  private Set<String> problemCodes(String status) {
    String schema = response(status) + "/content/" + escaped(PROBLEM) + "/schema";
    ObjectNode problem =
        JsonMapper.shared()
            .createObjectNode()
            .put("type", "about:blank")
            .put("title", "t")
            .put("status", Integer.parseInt(status))
            .put("detail", "d");
    Set<String> codes = new TreeSet<>(document.problemCodes());
    codes.removeIf(code -> !document.faultsOf(problem.put("code", code), schema).isEmpty());
    return codes;
  }

  private String response(String status) {
    return document.target(pointer + "/responses/" + status);
  }

  private static String escaped(String key) {
    return key.replace("~", "~0").replace("/", "~1");
  }

  private void require(List<String> faults) {
    if (!faults.isEmpty()) {
      throw new AssertionError(method + " " + path + ": " + faults);
    }
  }

  @Override
  public String toString() {
    return method + " " + path;
  }
}
