package dev.sluice.upstream;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpRequest;
import io.netty.handler.codec.http.FullHttpRequest;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpVersion;
import java.nio.charset.StandardCharsets;

/** A request to a model server. Immutable; any thread. */
final class UpstreamRequest {
  private static final byte[] NO_BODY = {};

  private final HttpMethod method;
  private final String target;
  private final CharSequence accept;
  private final byte[] body;

  private UpstreamRequest(HttpMethod method, String target, CharSequence accept, byte[] body) {
    this.method = method;
    this.target = target;
    this.accept = accept;
    this.body = body;
  }

  /**
   * A question, to be answered by a stream.
   *
   * @param target path and query
   * @param json sent as UTF-8; a lone surrogate, which that has no form for, becomes a question
   *     mark
   */
  static UpstreamRequest question(String target, String json) {
    return new UpstreamRequest(
        HttpMethod.POST,
        target,
        HttpHeaderValues.TEXT_EVENT_STREAM,
        json.getBytes(StandardCharsets.UTF_8));
  }

  /** A request without a body, to be answered by a short JSON document. */
  static UpstreamRequest bare(HttpMethod method, String target) {
    return new UpstreamRequest(method, target, HttpHeaderValues.APPLICATION_JSON, NO_BODY);
  }

  /** The message to send; it owns a buffer, to be released by who sends it. */
  FullHttpRequest message(UpstreamSettings settings) {
    FullHttpRequest request =
        new DefaultFullHttpRequest(
            HttpVersion.HTTP_1_1, method, target, Unpooled.wrappedBuffer(body));
    HttpHeaders headers = request.headers();
    headers.set(HttpHeaderNames.HOST, settings.authority());
    headers.set(HttpHeaderNames.USER_AGENT, "sluice");
    headers.set(HttpHeaderNames.ACCEPT, accept);
    if (body.length > 0) {
      headers.set(HttpHeaderNames.CONTENT_TYPE, HttpHeaderValues.APPLICATION_JSON);
    }
    if (body.length > 0 || !method.equals(HttpMethod.GET)) {
      headers.set(HttpHeaderNames.CONTENT_LENGTH, body.length);
    }
    headers.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
    if (settings.apiKey() != null) {
      headers.set(HttpHeaderNames.AUTHORIZATION, "Bearer " + settings.apiKey());
    }
    settings.headers().forEach(headers::set);
    return request;
  }
}
