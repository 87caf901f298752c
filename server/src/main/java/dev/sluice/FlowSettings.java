package dev.sluice;

import dev.sluice.chat.OnLag;
import dev.sluice.chat.UnreadPolicy;
import dev.sluice.chat.Upstream;
import dev.sluice.http.HttpSettings;
import dev.sluice.upstream.UpstreamKind;
import dev.sluice.upstream.UpstreamSettings;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/**
 * Makes upstream settings of the {@code --upstream-…} options and of the file's {@code flows}. A
 * flow takes from the options what it does not say itself, except the address, what speaks there
 * and the secrets.
 */
final class FlowSettings {
  private static final String DEFAULT_FLOW = "default";
  private static final List<String> KEYS =
      List.of(
          "url",
          "kind",
          "chatflow",
          "model",
          "key",
          "headers",
          "system-prompt",
          "connected-to-end",
          LastReaderOptions.KEY,
          LastReaderOptions.GRACE_KEY,
          "batch-ms",
          ReaderOptions.ON_LAG_KEY);

  private final UpstreamOptions options;
  private final LastReaderOptions lastReader;
  private final int maxEventBytes;

  FlowSettings(UpstreamOptions options, LastReaderOptions lastReader, int maxEventBytes) {
    this.options = options;
    this.lastReader = lastReader;
    this.maxEventBytes = maxEventBytes;
  }

  /**
   * The upstream of flows that have no name, null if there is none.
   *
   * @throws IllegalArgumentException with what is wrong and what is allowed
   */
  @Nullable UpstreamSettings fallback() {
    UnreadPolicy unreadPolicy = lastReader.policy();
    String url = options.url;
    if (url == null && options.kind != UpstreamChoice.openai) {
      throw new IllegalArgumentException(
          "--upstream-kind " + options.kind + " needs --upstream-url");
    }
    return url == null
        ? null
        : settings(
            DEFAULT_FLOW,
            UpstreamAddress.of(options.kind.kind, DEFAULT_FLOW, url, null),
            options.model,
            options.key,
            headers(options.headers),
            options.systemPrompt,
            options.connectedToEnd,
            unreadPolicy,
            Upstream.NO_BATCH_MS,
            null);
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
    UpstreamKind kind = kind(name, flow);
    boolean openAi = kind == UpstreamKind.OPENAI;
    String model = textOrNull(name, flow, "model");
    String systemPrompt = textOrNull(name, flow, "system-prompt");
    return settings(
        name,
        UpstreamAddress.of(
                kind, name, flow.get("url").asString(), textOrNull(name, flow, "chatflow"))
            .orChatflow(name),
        model == null && openAi ? options.model : model,
        textOrNull(name, flow, "key"),
        headers,
        systemPrompt == null && openAi ? options.systemPrompt : systemPrompt,
        connected.isMissingNode() ? options.connectedToEnd : connected.asBoolean(),
        lastReader.ofFlow(
            name,
            textOrNull(name, flow, LastReaderOptions.KEY),
            flow.get(LastReaderOptions.GRACE_KEY)),
        batchMs(name, flow.path("batch-ms")),
        ReaderOptions.onLagOfFlow(name, textOrNull(name, flow, ReaderOptions.ON_LAG_KEY)));
  }

  private static int batchMs(String name, JsonNode value) {
    if (value.isMissingNode()) {
      return Upstream.NO_BATCH_MS;
    }
    int max = HttpSettings.MAX_BATCH_MS;
    if (!value.isInt() || value.asInt() < 0 || value.asInt() > max) {
      throw new IllegalArgumentException(
          "batch-ms of the flow " + name + " has to be a number of ms from 0 to " + max);
    }
    return value.asInt();
  }

  private static UpstreamKind kind(String name, JsonNode flow) {
    String kind = textOrNull(name, flow, "kind");
    if (kind == null) {
      return UpstreamKind.OPENAI;
    }
    for (UpstreamChoice each : UpstreamChoice.values()) {
      if (each.name().equals(kind)) {
        return each.kind;
      }
    }
    throw new IllegalArgumentException(
        "kind of the flow " + name + " has to be one of " + List.of(UpstreamChoice.values()));
  }

  private UpstreamSettings settings(
      String flow,
      UpstreamAddress address,
      @Nullable String model,
      @Nullable String key,
      Map<String, String> headers,
      @Nullable String systemPrompt,
      boolean connectedToEnd,
      UnreadPolicy unreadPolicy,
      int batchMs,
      @Nullable OnLag onLag) {
    return new UpstreamSettings(
        flow,
        address.baseUrl(),
        model,
        key,
        headers,
        systemPrompt,
        connectedToEnd,
        options.connectTimeoutMs,
        options.idleTimeoutMs,
        maxEventBytes,
        address.kind(),
        address.chatflow(),
        unreadPolicy,
        batchMs,
        onLag);
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
