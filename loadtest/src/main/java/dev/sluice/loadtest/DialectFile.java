package dev.sluice.loadtest;

import dev.sluice.loadtest.plan.Dialect;
import dev.sluice.loadtest.plan.Dialect.PublishForm;
import dev.sluice.loadtest.plan.Endpoint;
import dev.sluice.loadtest.plan.Form;
import dev.sluice.loadtest.plan.Template;
import dev.sluice.loadtest.target.TargetAddress;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/** Reads how a kind of server is talked to from a YAML file, and from options that override it. */
final class DialectFile {
  /** What is shipped. */
  static final List<String> SHIPPED = List.of("sluice", "prediction", "rival", "nchan");

  private static final List<String> KEYS =
      List.of(
          "description",
          "form",
          "subscribe-url",
          "subscribe-body",
          "text-key",
          "completes",
          "content-type",
          "post-url",
          "post-token",
          "post-start",
          "post-end",
          "lines-url",
          "lines-token",
          "lines-start",
          "lines-end");

  private final String name;
  private final Map<String, String> values;
  private final TargetAddress server;

  private DialectFile(String name, Map<String, String> values, TargetAddress server) {
    this.name = name;
    this.values = values;
    this.server = server;
  }

  /**
   * Reads a dialect.
   *
   * @param overrides values that count more than the file's
   * @param server where paths lead
   * @throws IllegalArgumentException if something is wrong, with the key and what is allowed
   */
  static Dialect load(String nameOrPath, Map<String, String> overrides, TargetAddress server) {
    YamlKeys file = YamlKeys.load("dialect", SHIPPED, nameOrPath);
    Map<String, String> values = new LinkedHashMap<>(file.values());
    List<String> unknown = new ArrayList<>(values.keySet());
    unknown.removeAll(KEYS);
    if (!unknown.isEmpty()) {
      throw new IllegalArgumentException(
          "dialect %s: no key %s; there are %s"
              .formatted(nameOrPath, unknown.get(0), String.join(", ", KEYS)));
    }
    values.putAll(overrides);
    try {
      return new DialectFile(nameOrPath, values, server).dialect();
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("dialect " + nameOrPath + ": " + e.getMessage(), e);
    }
  }

  private Dialect dialect() {
    Form form = form();
    String body = values.get("subscribe-body");
    return new Dialect(
        name,
        form,
        Endpoint.parse(needed("subscribe-url"), server),
        body == null ? null : Template.of(body),
        publishForm("post", values.getOrDefault("content-type", "application/json")),
        publishForm("lines", "application/x-ndjson"),
        values.get("text-key"),
        completes());
  }

  private @Nullable PublishForm publishForm(String way, String contentType) {
    String url = values.get(way + "-url");
    if (url == null) {
      return null;
    }
    Endpoint endpoint = Endpoint.parse(url, server);
    if (way.equals("lines") && endpoint.path().has(Template.Slot.CHAT)) {
      throw new IllegalArgumentException("lines-url: one request carries all chats, so no {chat}");
    }
    Template token = Template.of(needed(way + "-token"));
    if (!token.has(Template.Slot.TOKEN)) {
      throw new IllegalArgumentException(way + "-token: has no {token}");
    }
    return new PublishForm(
        endpoint, contentType, token, template(way + "-start"), template(way + "-end"));
  }

  private @Nullable Template template(String key) {
    String value = values.get(key);
    return value == null || value.isEmpty() ? null : Template.of(value);
  }

  private String needed(String key) {
    String value = values.get(key);
    if (value == null || value.isBlank()) {
      throw new IllegalArgumentException(key + " is missing");
    }
    return value;
  }

  private Form form() {
    String form = needed("form");
    try {
      return Form.valueOf(form.toUpperCase(Locale.ROOT));
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException("form: '" + form + "' is not contract or sse", e);
    }
  }

  private boolean completes() {
    String completes = values.getOrDefault("completes", "true");
    if (!completes.equals("true") && !completes.equals("false")) {
      throw new IllegalArgumentException("completes: '" + completes + "' is not true or false");
    }
    return completes.equals("true");
  }
}
