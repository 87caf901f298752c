package dev.sluice.loadtest.wire;

import java.util.LinkedHashMap;
import java.util.Locale;
import java.util.Map;
import org.jspecify.annotations.Nullable;

/**
 * Status and headers of a response.
 *
 * @param status the three-digit status code
 * @param headers values by lower-case name; a repeated header is joined with {@code ", "}
 */
public record ResponseHead(int status, Map<String, String> headers) {

  /** The value of a header, or null; {@code name} in lower case. */
  public @Nullable String header(String name) {
    return headers.get(name);
  }

  /** Reads status line and header lines, each ended by CRLF, up to and with the empty line. */
  static ResponseHead parse(String text) throws MalformedWireException {
    int lineEnd = text.indexOf("\r\n");
    int status = statusOf(text.substring(0, lineEnd));
    Map<String, String> headers = new LinkedHashMap<>();
    int at = lineEnd + 2;
    while (true) {
      lineEnd = text.indexOf("\r\n", at);
      if (lineEnd == at) {
        return new ResponseHead(status, headers);
      }
      String line = text.substring(at, lineEnd);
      int colon = line.indexOf(':');
      if (colon < 1 || line.substring(0, colon).indexOf(' ') >= 0) {
        throw malformed("header line without a name: " + line);
      }
      String name = line.substring(0, colon).toLowerCase(Locale.ROOT);
      headers.merge(name, line.substring(colon + 1).strip(), (a, b) -> a + ", " + b);
      at = lineEnd + 2;
    }
  }

  private static int statusOf(String line) throws MalformedWireException {
    // "HTTP/1.1 200 OK": the reason may be empty or missing, the code always has three digits.
    if (!line.startsWith("HTTP/1.1 ") || line.length() < 12) {
      throw malformed("status line: " + line);
    }
    int status = 0;
    for (int i = 9; i < 12; i++) {
      int digit = line.charAt(i) - '0';
      if (digit < 0 || digit > 9) {
        throw malformed("status line: " + line);
      }
      status = status * 10 + digit;
    }
    return status;
  }

  private static MalformedWireException malformed(String message) {
    return new MalformedWireException(MalformedWireException.Layer.HTTP, message);
  }
}
