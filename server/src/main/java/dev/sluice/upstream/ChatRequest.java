package dev.sluice.upstream;

import dev.sluice.chat.Prompt;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;
import java.nio.charset.StandardCharsets;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;
import tools.jackson.databind.util.RawValue;

/** The request of a streamed chat completion. Stateless; any thread. */
final class ChatRequest {
  private ChatRequest() {}

  /** The body, as UTF-8. A lone surrogate, which UTF-8 has no form for, becomes a question mark. */
  static byte[] body(UpstreamSettings settings, Prompt prompt) {
    ObjectNode body = JsonNodeFactory.instance.objectNode();
    if (settings.model() != null) {
      body.put("model", settings.model());
    }
    body.put("stream", true);
    body.putObject("stream_options").put("include_usage", true);
    body.putRawValue("messages", new RawValue(messages(settings, prompt)));
    return JsonMapper.shared().writeValueAsString(body).getBytes(StandardCharsets.UTF_8);
  }

  /** The whole request; it owns a buffer around {@code body}, to be released by who sends it. */
  static FullHttpRequest of(UpstreamSettings settings, byte[] body) {
    FullHttpRequest request =
        new DefaultFullHttpRequest(
            HttpVersion.HTTP_1_1, HttpMethod.POST, settings.target(), Unpooled.wrappedBuffer(body));
    HttpHeaders headers = request.headers();
    headers.set(HttpHeaderNames.HOST, settings.authority());
    headers.set(HttpHeaderNames.USER_AGENT, "sluice");
    headers.set(HttpHeaderNames.ACCEPT, HttpHeaderValues.TEXT_EVENT_STREAM);
    headers.set(HttpHeaderNames.CONTENT_TYPE, HttpHeaderValues.APPLICATION_JSON);
    headers.set(HttpHeaderNames.CONTENT_LENGTH, body.length);
    headers.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
    if (settings.apiKey() != null) {
      headers.set(HttpHeaderNames.AUTHORIZATION, "Bearer " + settings.apiKey());
    }
    settings.headers().forEach(headers::set);
    return request;
  }

  /** The conversation's finished JSON, with the system prompt laid in front of it. */
  private static String messages(UpstreamSettings settings, Prompt prompt) {
    String messages = prompt.messagesJson();
    if (settings.systemPrompt() == null) {
      return messages;
    }
    String system =
        JsonNodeFactory.instance
            .objectNode()
            .put("role", "system")
            .put("content", settings.systemPrompt())
            .toString();
    String rest = messages.substring(messages.indexOf('[') + 1).strip();
    return "[" + system + (rest.startsWith("]") ? "" : ",") + rest;
  }
}
