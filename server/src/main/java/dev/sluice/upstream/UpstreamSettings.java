package dev.sluice.upstream;

import dev.sluice.chat.EventRules;
import dev.sluice.chat.OnLag;
import dev.sluice.chat.UnreadPolicy;
import dev.sluice.chat.Upstream;
import dev.sluice.frame.TokenType;
import java.net.URI;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;

/**
 * How one flow's model server is called. Holds secrets: the key, the headers' values and a query of
 * the address appear neither in {@link #toString} nor in the messages of the constructor.
 *
 * @param flow names this upstream in errors and logs
 * @param baseUrl {@code http} or {@code https}, without {@code /chat/completions} or {@code
 *     /api/v1/prediction}; a query is kept
 * @param model which model to ask for, or null to leave the choice to the server; null for Flowise
 * @param apiKey sent as {@code Authorization: Bearer …}, or null
 * @param headers further request headers
 * @param systemPrompt put in front of every conversation, or null; null for Flowise
 * @param connectedToEnd whether the model's text is the answer ({@code finalResponse}) or a step on
 *     the way to it ({@code agentReasoning})
 * @param connectTimeoutMs how long name resolution, connection and TLS handshake may take together,
 *     in ms
 * @param idleTimeoutMs how long nothing may arrive, before the first byte too, in ms
 * @param maxEventBytes bound of one event of the answer, of its tool calls together, and of an
 *     answer that is not streamed; in bytes
 * @param kind what the model server speaks
 * @param chatflow for Flowise, the id of the chatflow that answers; null for the one that is asked
 *     for
 * @param unreadPolicy what becomes of a run when its last reader goes
 * @param batchMs the pacing window of its answers' readers, in ms; 0 for none, {@link
 *     Upstream#NO_BATCH_MS} to leave it to the server
 * @param onLag what becomes of its runs when readers lag; null to leave it to the server
 */
public record UpstreamSettings(
    String flow,
    URI baseUrl,
    @Nullable String model,
    @Nullable String apiKey,
    Map<String, String> headers,
    @Nullable String systemPrompt,
    boolean connectedToEnd,
    long connectTimeoutMs,
    long idleTimeoutMs,
    int maxEventBytes,
    UpstreamKind kind,
    @Nullable String chatflow,
    UnreadPolicy unreadPolicy,
    int batchMs,
    @Nullable OnLag onLag) {
  private static final int MIN_EVENT_BYTES = 1024;
  private static final int MIN_SECRET_CHARS = 6;
  private static final String REDACTED = "***";
  private static final Set<String> OWN_HEADERS =
      Set.of(
          "host",
          "content-length",
          "content-type",
          "transfer-encoding",
          "connection",
          "accept",
          "accept-encoding",
          "te",
          "upgrade",
          "expect");

  /** Settings of a model server that speaks as OpenAI's does. */
  public UpstreamSettings(
      String flow,
      URI baseUrl,
      @Nullable String model,
      @Nullable String apiKey,
      Map<String, String> headers,
      @Nullable String systemPrompt,
      boolean connectedToEnd,
      long connectTimeoutMs,
      long idleTimeoutMs,
      int maxEventBytes) {
    this(
        flow,
        baseUrl,
        model,
        apiKey,
        headers,
        systemPrompt,
        connectedToEnd,
        connectTimeoutMs,
        idleTimeoutMs,
        maxEventBytes,
        UpstreamKind.OPENAI,
        null,
        UnreadPolicy.CONTINUE,
        Upstream.NO_BATCH_MS,
        null);
  }

  /**
   * @throws IllegalArgumentException with what is wrong and what is allowed, for people
   */
  public UpstreamSettings {
    headers = Map.copyOf(headers);
    require(!flow.isBlank(), "an upstream needs the name of its flow");
    String scheme = baseUrl.getScheme();
    require(
        "http".equalsIgnoreCase(scheme) || "https".equalsIgnoreCase(scheme),
        "the upstream's URL must begin with http:// or https://");
    String host = baseUrl.getHost();
    require(host != null && !host.isEmpty(), "the upstream's URL needs a host name");
    require(
        baseUrl.getRawUserInfo() == null,
        "the upstream's URL may not hold a user or a password: use the API key or a header");
    require(baseUrl.getRawFragment() == null, "the upstream's URL may not hold a #fragment");
    require(baseUrl.getPort() <= 65535, "the upstream's port must be 1 to 65535");
    require(baseUrl.getPort() != 0, "the upstream's port must be 1 to 65535");
    require(model == null || !model.isBlank(), "the upstream's model is empty: leave it out");
    require(apiKey == null || !apiKey.isBlank(), "the upstream's API key is empty: leave it out");
    require(
        apiKey == null || isHeaderValue(apiKey),
        "the upstream's API key holds a character that may not stand in a header");
    headers.forEach(
        (name, value) -> {
          require(isHeaderName(name), "an upstream header has a name that is not allowed in HTTP");
          require(
              !OWN_HEADERS.contains(name.toLowerCase(Locale.ROOT)),
              "the upstream header " + name + " is set by Sluice itself");
          require(
              isHeaderValue(value),
              "the upstream header " + name + " holds a character that is not allowed in HTTP");
        });
    require(
        apiKey == null || headers.keySet().stream().noneMatch("authorization"::equalsIgnoreCase),
        "give the upstream either an API key or the header Authorization, not both");
    require(connectTimeoutMs > 0, "the upstream's connect timeout must be 1 ms or more");
    require(idleTimeoutMs > 0, "the upstream's idle timeout must be 1 ms or more");
    require(
        maxEventBytes >= MIN_EVENT_BYTES,
        "the upstream's event bound must be " + MIN_EVENT_BYTES + " bytes or more");
    boolean flowise = kind == UpstreamKind.FLOWISE;
    require(
        !flowise || model == null,
        "the upstream is a Flowise server, which has no model to ask for: leave it out");
    require(
        !flowise || systemPrompt == null,
        "the upstream is a Flowise server, whose system prompt stands in the chatflow: leave it out");
    require(
        flowise || chatflow == null, "only an upstream that is a Flowise server has a chatflow");
    require(
        chatflow == null || isChatflow(chatflow),
        "the upstream's chatflow is not the id of one: 1 to 200 characters, not / or .. alone");
  }

  /** The type that the text of this upstream has. */
  TokenType tokenType() {
    return connectedToEnd ? TokenType.FINAL_RESPONSE : TokenType.AGENT_REASONING;
  }

  /** Whether the connection is secured by TLS. */
  boolean isTls() {
    return "https".equalsIgnoreCase(baseUrl.getScheme());
  }

  /** Whom to connect to: a name or an address, the latter without brackets. */
  String host() {
    String host = baseUrl.getHost();
    return host.startsWith("[") ? host.substring(1, host.length() - 1) : host;
  }

  int port() {
    int port = baseUrl.getPort();
    return port > 0 ? port : isTls() ? 443 : 80;
  }

  /** The request's Host header. */
  String authority() {
    return baseUrl.getPort() > 0 ? baseUrl.getHost() + ":" + baseUrl.getPort() : baseUrl.getHost();
  }

  /** The target of a chat completion: path and query. */
  String target() {
    return target("/chat/completions");
  }

  /**
   * A request's target: path and query.
   *
   * @param suffix what follows the base's path
   */
  String target(String suffix) {
    String path = baseUrl.getRawPath();
    int end = path.length();
    while (end > 0 && path.charAt(end - 1) == '/') {
      end--;
    }
    String query = baseUrl.getRawQuery();
    return path.substring(0, end) + suffix + (query == null ? "" : "?" + query);
  }

  /** The text without the key and the header values, should a model server send them back. */
  String redact(String text) {
    String result = text;
    if (apiKey != null && apiKey.length() >= MIN_SECRET_CHARS) {
      result = result.replace(apiKey, REDACTED);
    }
    for (String value : headers.values()) {
      if (value.length() >= MIN_SECRET_CHARS) {
        result = result.replace(value, REDACTED);
      }
    }
    return result;
  }

  @Override
  public String toString() {
    return "UpstreamSettings[flow="
        + flow
        + ", baseUrl="
        + baseUrl.getScheme()
        + "://"
        + authority()
        + baseUrl.getRawPath()
        + ", model="
        + model
        + ", apiKey="
        + (apiKey == null ? "none" : REDACTED)
        + ", headers="
        + headers.keySet().stream().sorted().toList()
        + ", systemPrompt="
        + (systemPrompt == null ? "none" : systemPrompt.length() + " characters")
        + ", connectedToEnd="
        + connectedToEnd
        + ", connectTimeoutMs="
        + connectTimeoutMs
        + ", idleTimeoutMs="
        + idleTimeoutMs
        + ", maxEventBytes="
        + maxEventBytes
        + ", kind="
        + kind
        + ", chatflow="
        + chatflow
        + ", unreadPolicy="
        + unreadPolicy
        + ", batchMs="
        + batchMs
        + ", onLag="
        + onLag
        + "]";
  }

  /** Whether that may name a chatflow in the path of a request. */
  static boolean isChatflow(String id) {
    return EventRules.isId(id) && !id.equals(".") && !id.equals("..");
  }

  private static void require(boolean condition, String message) {
    if (!condition) {
      throw new IllegalArgumentException(message);
    }
  }

  private static boolean isHeaderName(String name) {
    return !name.isEmpty()
        && name.chars()
            .allMatch(
                c ->
                    (c >= '0' && c <= '9')
                        || (c >= 'A' && c <= 'Z')
                        || (c >= 'a' && c <= 'z')
                        || "!#$%&'*+-.^_`|~".indexOf(c) >= 0);
  }

  private static boolean isHeaderValue(String value) {
    return value.chars().allMatch(c -> (c >= ' ' && c < 0x7F) || c == '\t');
  }
}
