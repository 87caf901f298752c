package dev.sluice.promises;

import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import org.jspecify.annotations.Nullable;

/** The head of a response. The names of its fields are in lower case. */
record Head(int status, Map<String, String> fields) {

  static Head read(InputStream in) throws IOException {
    String statusLine = line(in);
    if (!statusLine.startsWith("HTTP/1.1 ")) {
      throw new IOException("not a status line: " + statusLine);
    }
    Map<String, String> fields = new TreeMap<>();
    for (String line = line(in); !line.isEmpty(); line = line(in)) {
      int colon = line.indexOf(':');
      String name = line.substring(0, colon).toLowerCase(Locale.ROOT);
      fields.merge(name, line.substring(colon + 1).strip(), (a, b) -> a + ", " + b);
    }
    return new Head(Integer.parseInt(statusLine.substring(9, 12)), fields);
  }

  @Nullable String field(String name) {
    return fields.get(name);
  }

  /** The body that follows this head; it ends where the body ends. */
  InputStream body(InputStream in) {
    if (status == 204 || status == 304) {
      return InputStream.nullInputStream();
    }
    if ("chunked".equals(field("transfer-encoding"))) {
      return new ChunkedBody(in);
    }
    String length = field("content-length");
    return length == null ? in : new SizedBody(in, Long.parseLong(length));
  }

  /** One line that ends in CR LF, without it. */
  static String line(InputStream in) throws IOException {
    StringBuilder line = new StringBuilder();
    while (true) {
      int b = in.read();
      if (b < 0) {
        throw new EOFException("the connection ended in a line: " + line);
      }
      if (b == '\n') {
        if (line.isEmpty() || line.charAt(line.length() - 1) != '\r') {
          throw new IOException("a line feed without carriage return after: " + line);
        }
        line.setLength(line.length() - 1);
        return line.toString();
      }
      line.append((char) b);
    }
  }

  private static final class SizedBody extends InputStream {
    private final InputStream in;
    private long left;

    SizedBody(InputStream in, long size) {
      this.in = in;
      left = size;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] target, int from, int count) throws IOException {
      if (left == 0) {
        return -1;
      }
      int n = in.read(target, from, (int) Math.min(left, count));
      if (n < 0) {
        throw new EOFException("the body lacks " + left + " bytes");
      }
      left -= n;
      return n;
    }
  }

  /** Decodes chunks strictly: anything but chunks, and an end without the last one, is a fault. */
  private static final class ChunkedBody extends InputStream {
    private final InputStream in;
    private int left;
    private boolean done;

    ChunkedBody(InputStream in) {
      this.in = in;
    }

    @Override
    public int read() throws IOException {
      byte[] one = new byte[1];
      return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
    }

    @Override
    public int read(byte[] target, int from, int count) throws IOException {
      if (left == 0 && !done) {
        String size = line(in);
        left = Integer.parseInt(size, 16);
        if (left == 0) {
          requireEmpty(line(in));
          done = true;
        }
      }
      if (done) {
        return -1;
      }
      int n = in.read(target, from, Math.min(left, count));
      if (n < 0) {
        throw new EOFException("the connection ended in a chunk");
      }
      left -= n;
      if (left == 0) {
        requireEmpty(line(in));
      }
      return n;
    }

    private static void requireEmpty(String line) throws IOException {
      if (!line.isEmpty()) {
        throw new IOException("not the end of a chunk: " + line);
      }
    }
  }

  /** The whole body as text. */
  String text(InputStream in) throws IOException {
    return new String(body(in).readAllBytes(), StandardCharsets.UTF_8);
  }
}
