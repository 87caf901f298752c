package dev.sluice.http;

import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpResponse;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpHeaders;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;

/** The header fields that do not depend on what is answered. Stateless; any thread. */
final class ResponseHeads {
  private ResponseHeads() {}

  /**
   * The head of every response that is a stream.
   *
   * @param chunked whether its end is marked; if it is, the head need not say that the connection
   *     is closed after it. It had better not, either: Node's fetch then takes a body that breaks
   *     off for a whole one, so that its user shows half an answer and does not come again
   * @param close whether it says so all the same, since the client has asked for it
   */
  static HttpResponse ofStream(boolean chunked, boolean close, String date) {
    HttpResponse head = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
    head.headers()
        .set(HttpHeaderNames.CONTENT_TYPE, HttpHeaderValues.TEXT_EVENT_STREAM)
        .set(HttpHeaderNames.CACHE_CONTROL, "no-cache, no-transform")
        .set("x-accel-buffering", "no")
        .set("x-content-type-options", "nosniff")
        .set(HttpHeaderNames.DATE, date);
    if (close || !chunked) {
      head.headers().set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
    }
    if (chunked) {
      HttpUtil.setTransferEncodingChunked(head, true);
    }
    return head;
  }

  /** The head of an answer that begins before its request is complete: lines of JSON. */
  static HttpResponse ofLines(boolean chunked, String date) {
    HttpResponse head = new DefaultHttpResponse(HttpVersion.HTTP_1_1, HttpResponseStatus.OK);
    head.headers()
        .set(HttpHeaderNames.CONTENT_TYPE, "application/x-ndjson")
        .set("x-content-type-options", "nosniff")
        .set(HttpHeaderNames.CACHE_CONTROL, HttpHeaderValues.NO_STORE)
        .set("x-accel-buffering", "no")
        .set(HttpHeaderNames.DATE, date)
        .set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
    if (chunked) {
      HttpUtil.setTransferEncodingChunked(head, true);
    }
    return head;
  }

  /** Adds length and date to an answer in one piece, and whether the connection stays. */
  static void complete(FullHttpResponse response, boolean stay, boolean http10, String date) {
    HttpHeaders headers = response.headers();
    headers.set(HttpHeaderNames.DATE, date);
    if (!response.status().equals(HttpResponseStatus.NO_CONTENT)
        && !response.status().equals(HttpResponseStatus.NOT_MODIFIED)) {
      headers.set(HttpHeaderNames.CONTENT_LENGTH, response.content().readableBytes());
    }
    if (!stay) {
      headers.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.CLOSE);
    } else if (http10) {
      // Staying is HTTP/1.1's own rule; a client of HTTP/1.0 would wait for the close.
      headers.set(HttpHeaderNames.CONNECTION, HttpHeaderValues.KEEP_ALIVE);
    }
  }

  /** The answer to a HEAD request: all but the body, which is released. */
  static FullHttpResponse withoutBody(FullHttpResponse response) {
    response.release();
    return new DefaultFullHttpResponse(
        response.protocolVersion(),
        response.status(),
        Unpooled.EMPTY_BUFFER,
        response.headers(),
        response.trailingHeaders());
  }
}
