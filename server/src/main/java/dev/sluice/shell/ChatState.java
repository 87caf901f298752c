package dev.sluice.shell;

import java.io.IOException;
import java.io.InputStream;
import java.net.HttpURLConnection;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Optional;
import tools.jackson.core.JacksonException;

/**
 * What the server says about a chat.
 *
 * @param lastId of the newest event
 * @param isRunning a run is open
 */
record ChatState(String lastId, boolean isRunning) {
  private static final int MAX_BYTES = 1 << 20;

  /**
   * Asks the server; empty if it knows no such chat.
   *
   * @throws Refusal if it answers otherwise
   */
  static Optional<ChatState> ask(ChatUrl chat, int timeoutMs) throws IOException {
    HttpURLConnection connection = open(chat.state(), timeoutMs, timeoutMs);
    try {
      int status = connection.getResponseCode();
      String body = body(connection, status);
      if (status == 404) {
        return Optional.empty();
      }
      if (status != 200) {
        throw Refusal.of(status, body);
      }
      JsonFields state = JsonFields.parse(body);
      return Optional.of(
          new ChatState(state.text("lastId"), state.text("state").equals("running")));
    } catch (JacksonException e) {
      throw new IOException("the server's answer is no state of a chat", e);
    } finally {
      connection.disconnect();
    }
  }

  /** A connection of its own that follows no redirect. */
  static HttpURLConnection open(URI uri, int connectTimeoutMs, int readTimeoutMs)
      throws IOException {
    if (!(uri.toURL().openConnection() instanceof HttpURLConnection connection)) {
      throw new IOException("not an HTTP address: " + uri);
    }
    connection.setInstanceFollowRedirects(false);
    connection.setUseCaches(false);
    connection.setConnectTimeout(connectTimeoutMs);
    connection.setReadTimeout(readTimeoutMs);
    connection.setRequestProperty("User-Agent", ChatUrl.USER_AGENT);
    return connection;
  }

  /** The body in one piece, of a success or of a refusal. */
  static String body(HttpURLConnection connection, int status) throws IOException {
    String location = connection.getHeaderField("Location");
    if (status / 100 == 3 && location != null) {
      return "it has moved to " + location;
    }
    try (InputStream body =
        status < 400 ? connection.getInputStream() : connection.getErrorStream()) {
      return body == null ? "" : new String(body.readNBytes(MAX_BYTES), StandardCharsets.UTF_8);
    }
  }
}
