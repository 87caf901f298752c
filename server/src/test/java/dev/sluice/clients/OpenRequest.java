package dev.sluice.clients;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStreamReader;
import java.io.UncheckedIOException;
import java.net.Socket;
import java.net.URI;

/** A request that stays open: one that publishes, a chunk a line, or one that is not answered. */
final class OpenRequest implements AutoCloseable {
  private final Socket socket;

  private OpenRequest(Socket socket) {
    this.socket = socket;
  }

  static OpenRequest post(URI uri) {
    OpenRequest request = connect(uri);
    request.write(
        "POST "
            + uri.getRawPath()
            + " HTTP/1.1\r\nHost: "
            + uri.getAuthority()
            + "\r\nContent-Type: application/x-ndjson\r\nTransfer-Encoding: chunked\r\n\r\n");
    return request;
  }

  /** A request with that JSON document. */
  static OpenRequest asking(URI uri, String json) {
    OpenRequest request = connect(uri);
    request.write(
        "POST "
            + uri.getRawPath()
            + " HTTP/1.1\r\nHost: "
            + uri.getAuthority()
            + "\r\nContent-Type: application/json\r\nContent-Length: "
            + json.getBytes(UTF_8).length
            + "\r\n\r\n"
            + json);
    return request;
  }

  private static OpenRequest connect(URI uri) {
    try {
      Socket socket = new Socket(uri.getHost(), uri.getPort());
      socket.setTcpNoDelay(true);
      socket.setSoTimeout((int) Deadline.PATIENCE.toMillis());
      return new OpenRequest(socket);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void line(String json) {
    write(Integer.toHexString(json.getBytes(UTF_8).length + 1) + "\r\n" + json + "\n\r\n");
  }

  void end() {
    write("0\r\n\r\n");
  }

  /** The status line of the answer, when that is there. */
  String status() {
    try {
      return new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8)).readLine();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Reads the answer up to a line of its body that says that. */
  void awaitLine(String expected) {
    try {
      BufferedReader answer =
          new BufferedReader(new InputStreamReader(socket.getInputStream(), UTF_8));
      String line = answer.readLine();
      while (line != null && !line.equals(expected)) {
        line = answer.readLine();
      }
      if (line == null) {
        throw new AssertionError("the answer ended without " + expected);
      }
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void write(String text) {
    try {
      socket.getOutputStream().write(text.getBytes(UTF_8));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
