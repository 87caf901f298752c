package dev.sluice.promises;

import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;

/** Single calls, each over a connection of its own. */
final class Calls {
  private final URI server;

  Calls(URI server) {
    this.server = server;
  }

  Response get(String path) {
    return call("GET", path, "", "");
  }

  Response delete(String path) {
    return call("DELETE", path, "", "");
  }

  Response post(String path) {
    return call("POST", path, "", "");
  }

  Response json(String path, String body) {
    return call("POST", path, "application/json", body);
  }

  /** Publishes one event or an array of events. */
  Response publish(String chatId, String body) {
    return json("/v1/chats/" + EventStream.encode(chatId) + "/events", body);
  }

  Response call(String method, String path, String contentType, String body) {
    byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
    String type = contentType.isEmpty() ? "" : "Content-Type: " + contentType + "\r\n";
    return raw(
        method
            + " "
            + path
            + " HTTP/1.1\r\nHost: test\r\n"
            + type
            + "Content-Length: "
            + bytes.length
            + "\r\n\r\n"
            + body);
  }

  /** Sends that request as it is, and reads one response. */
  Response raw(String request) {
    try (RawConnection connection = RawConnection.open(server)) {
      return connection.send(request).response();
    } catch (IOException e) {
      throw new AssertionError(request.lines().findFirst().orElse(""), e);
    }
  }

  /** Opens a request that publishes lines and goes on until it is told to stop. */
  RawConnection openLines(String chatId) throws IOException {
    return RawConnection.open(server)
        .send(
            "POST /v1/chats/"
                + EventStream.encode(chatId)
                + "/events HTTP/1.1\r\nHost: test\r\nContent-Type: application/x-ndjson\r\n"
                + "Transfer-Encoding: chunked\r\n\r\n");
  }
}
