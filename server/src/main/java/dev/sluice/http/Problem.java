package dev.sluice.http;

import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.TooLongHttpHeaderException;
import io.netty.handler.codec.http.TooLongHttpLineException;
import java.util.LinkedHashMap;
import java.util.Map;

/**
 * Why a request was not done: the members of a problem document (RFC 9457).
 *
 * @param code the machine-readable name of the problem; it does not change between versions
 * @param detail what was wrong and what is allowed, for people
 * @param members further members, numbers or strings
 */
record Problem(HttpResponseStatus status, String code, String detail, Map<String, Object> members) {
  Problem(HttpResponseStatus status, String code, String detail) {
    this(status, code, detail, Map.of());
  }

  static Problem badRequest(String code, String detail) {
    return new Problem(HttpResponseStatus.BAD_REQUEST, code, detail);
  }

  /** What the HTTP decoder could not make sense of. */
  static Problem undecodable(Throwable cause) {
    if (cause instanceof TooLongHttpLineException) {
      return new Problem(
          HttpResponseStatus.REQUEST_URI_TOO_LONG, "uri_too_long", "the request line is too long");
    }
    if (cause instanceof TooLongHttpHeaderException) {
      return new Problem(
          HttpResponseStatus.REQUEST_HEADER_FIELDS_TOO_LARGE,
          "header_too_large",
          "the header fields are too large");
    }
    return badRequest("bad_request", "this is not HTTP/1.1");
  }

  static Problem notFound() {
    return new Problem(HttpResponseStatus.NOT_FOUND, "not_found", "there is nothing at this path");
  }

  static Problem chatNotFound() {
    return new Problem(
        HttpResponseStatus.NOT_FOUND, "chat_not_found", "there is no chat of this id");
  }

  static Problem bodyTooLarge(long maxBytes) {
    return new Problem(
        HttpResponseStatus.REQUEST_ENTITY_TOO_LARGE,
        "body_too_large",
        "the body may have " + maxBytes + " bytes");
  }

  Problem with(String member, Object value) {
    Map<String, Object> more = new LinkedHashMap<>(members);
    more.put(member, value);
    return new Problem(status, code, detail, more);
  }

  /** The members in the order in which they are written. */
  Map<String, Object> document() {
    Map<String, Object> document = new LinkedHashMap<>();
    document.put("type", "about:blank");
    document.put("title", status.reasonPhrase());
    document.put("status", status.code());
    document.put("detail", detail);
    document.put("code", code);
    document.putAll(members);
    return document;
  }
}
