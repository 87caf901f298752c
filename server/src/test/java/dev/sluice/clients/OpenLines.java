package dev.sluice.clients;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.HttpURLConnection;
import java.net.Proxy;
import java.net.URI;

/** A publishing request that is open: each line leaves when it is written. */
final class OpenLines implements AutoCloseable {
  private final HttpURLConnection connection;
  private final OutputStream body;

  private OpenLines(HttpURLConnection connection, OutputStream body) {
    this.connection = connection;
    this.body = body;
  }

  static OpenLines post(URI uri) {
    try {
      HttpURLConnection connection = (HttpURLConnection) uri.toURL().openConnection(Proxy.NO_PROXY);
      connection.setRequestMethod("POST");
      connection.setRequestProperty("content-type", "application/x-ndjson");
      connection.setReadTimeout((int) Deadline.PATIENCE.toMillis());
      connection.setDoOutput(true);
      connection.setChunkedStreamingMode(0);
      return new OpenLines(connection, connection.getOutputStream());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void line(String json) {
    try {
      body.write((json + "\n").getBytes(UTF_8));
      body.flush();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Ends the request and returns the status that it got. */
  int end() {
    try {
      body.close();
      return connection.getResponseCode();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  @Override
  public void close() {
    connection.disconnect();
  }
}
