package dev.sluice;

import dev.sluice.upstream.UpstreamSettings;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Makes upstream settings of the {@code --upstream-…} options and of the file's {@code flows}. A
 * flow takes from the options what it does not say itself, except the address and the secrets.
 */
final class FlowSettings {
  private static final String DEFAULT_FLOW = "default";
  private static final List<String> KEYS =
      List.of("url", "model", "key", "headers", "system-prompt", "connected-to-end");

  private final ServeOptions options;

  FlowSettings(ServeOptions options) {
    this.options = options;
  }

  /**
   * The upstream of flows that have no name, null if there is none.
   *
   * @throws IllegalArgumentException with what is wrong and what is allowed
   */
  @Nullable UpstreamSettings fallback() {
    String url = options.upstreamUrl;
    return url == null
        ? null
        : settings(
            DEFAULT_FLOW,
            url,
            options.upstreamModel,
            options.upstreamKey,
            headers(options.upstreamHeaders),
            options.upstreamSystemPrompt,
            options.upstreamConnectedToEnd);
  }

  /**
   * The upstreams of named flows.
   *
   * @throws IllegalArgumentException with what is wrong and what is allowed
   */
  List<UpstreamSettings> named(Map<String, JsonNode> flows) {
    List<UpstreamSettings> named = new ArrayList<>();
    flows.forEach((name, flow) -> named.add(named(name, flow)));
    return named;
  }

  private UpstreamSettings named(String name, JsonNode flow) {
    for (String key : flow.propertyNames()) {
      if (!KEYS.contains(key)) {
        throw new IllegalArgumentException(
            "the key " + key + " of the flow " + name + " is not known; there are " + KEYS);
      }
    }
    if (!flow.path("url").isString()) {
      throw new IllegalArgumentException("the flow " + name + " needs a url");
    }
    JsonNode headerMap = flow.path("headers");
    if (!headerMap.isMissingNode() && !headerMap.isObject()) {
      throw new IllegalArgumentException(
          "headers of the flow " + name + " has to be a map from a header's name to its value");
    }
    Map<String, String> headers = new LinkedHashMap<>();
    headerMap
        .properties()
        .forEach(e -> headers.put(e.getKey(), text(name, "headers", e.getValue())));
    JsonNode connected = flow.path("connected-to-end");
    if (!connected.isMissingNode() && !connected.isBoolean()) {
      throw new IllegalArgumentException(
          "connected-to-end of the flow " + name + " has to be true or false");
    }
    String model = textOrNull(name, flow, "model");
    String systemPrompt = textOrNull(name, flow, "system-prompt");
    return settings(
        name,
        flow.get("url").asString(),
        model == null ? options.upstreamModel : model,
        textOrNull(name, flow, "key"),
        headers,
        systemPrompt == null ? options.upstreamSystemPrompt : systemPrompt,
        connected.isMissingNode() ? options.upstreamConnectedToEnd : connected.asBoolean());
  }

  private UpstreamSettings settings(
      String flow,
      String url,
      @Nullable String model,
      @Nullable String key,
      Map<String, String> headers,
      @Nullable String systemPrompt,
      boolean connectedToEnd) {
    URI uri;
    try {
      uri = URI.create(url);
    } catch (IllegalArgumentException e) {
      throw new IllegalArgumentException(
          "the upstream url of the flow " + flow + " is not a URL", e);
    }
    return new UpstreamSettings(
        flow,
        uri,
        model,
        key,
        headers,
        systemPrompt,
        connectedToEnd,
        options.upstreamConnectTimeoutMs,
        options.upstreamIdleTimeoutMs,
        options.maxEventBytes);
  }

  private static Map<String, String> headers(List<String> lines) {
    Map<String, String> headers = new LinkedHashMap<>();
    for (String line : lines) {
      int colon = line.indexOf(':');
      if (colon <= 0) {
        // The line itself may hold a secret, so it is not shown.
        throw new IllegalArgumentException("--upstream-headers has to be 'Name: value', by comma");
      }
      headers.put(line.substring(0, colon).trim(), line.substring(colon + 1).trim());
    }
    return headers;
  }

  private static @Nullable String textOrNull(String name, JsonNode flow, String key) {
    JsonNode value = flow.get(key);
    return value == null || value.isNull() ? null : text(name, key, value);
  }

  private static String text(String name, String key, JsonNode value) {
    if (!value.isValueNode() || value.isNull()) {
      throw new IllegalArgumentException(key + " of the flow " + name + " has to be text");
    }
    return value.asString();
  }
}
