package dev.sluice.http;

import java.nio.charset.StandardCharsets;

/** Takes a chunked body apart, strictly. */
final class Chunks {
  private Chunks() {}

  /** The content of the chunks; the body has to be complete. */
  static String whole(String body) {
    String content = soFar(body);
    if (!body.endsWith("0\r\n\r\n") || !isComplete(body)) {
      throw new AssertionError("the body is not complete: " + body);
    }
    return content;
  }

  /** The content of the chunks of a body that goes on. */
  static String soFar(String body) {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    StringBuilder content = new StringBuilder();
    int at = 0;
    while (at < bytes.length) {
      String rest = new String(bytes, at, bytes.length - at, StandardCharsets.UTF_8);
      int lineEnd = rest.indexOf("\r\n");
      int size = Integer.parseInt(rest.substring(0, lineEnd), 16);
      at += lineEnd + 2;
      content.append(new String(bytes, at, size, StandardCharsets.UTF_8));
      at += size;
      if (bytes[at] != '\r' || bytes[at + 1] != '\n') {
        throw new AssertionError("no line end after a chunk: " + rest);
      }
      at += 2;
      if (size == 0 && at != bytes.length) {
        throw new AssertionError("something after the last chunk: " + rest);
      }
    }
    return content.toString();
  }

  static boolean isComplete(String body) {
    return body.equals("0\r\n\r\n") || body.endsWith("\r\n0\r\n\r\n");
  }
}
