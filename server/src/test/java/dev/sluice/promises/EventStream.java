package dev.sluice.promises;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.net.URLEncoder;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.function.UnaryOperator;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.json.JsonMapper;

/** A subscription: a stream of server-sent events, parsed line by line as browsers do it. */
final class EventStream implements AutoCloseable {
  private final RawConnection connection;
  private final Head head;
  private final InputStream body;
  private @Nullable String lastId;
  private long retryMs = -1;

  private EventStream(RawConnection connection, Head head, InputStream body) {
    this.connection = connection;
    this.head = head;
    this.body = new BufferedInputStream(body);
  }

  /** Subscribes to a chat. */
  static EventStream open(URI server, String chatId) {
    return open(server, chatId, "");
  }

  /** Subscribes to a chat with a query string such as {@code ?mode=follow}. */
  static EventStream open(URI server, String chatId, String query) {
    return open(RawConnection.open(server), chatId, query, null, BufferedInputStream::new);
  }

  /**
   * Subscribes over a connection.
   *
   * @param lastEventId where to go on, or null
   * @param pace how the bytes are read off the socket
   */
  static EventStream open(
      RawConnection connection,
      String chatId,
      String query,
      @Nullable String lastEventId,
      UnaryOperator<InputStream> pace) {
    String path = "/v1/chats/" + encode(chatId) + "/stream" + query;
    String resume = lastEventId == null ? "" : "Last-Event-ID: " + lastEventId + "\r\n";
    return ask(connection, "GET " + path + " HTTP/1.1\r\nHost: test\r\n" + resume + "\r\n", pace);
  }

  /** Sends any request that is answered with a stream. */
  static EventStream ask(
      RawConnection connection, String request, UnaryOperator<InputStream> pace) {
    try {
      connection.send(request);
      InputStream in = pace.apply(connection.in());
      Head head = Head.read(in);
      return new EventStream(connection, head, head.body(in));
    } catch (IOException e) {
      throw new AssertionError("no stream", e);
    }
  }

  static String encode(String chatId) {
    return URLEncoder.encode(chatId, StandardCharsets.UTF_8).replace("+", "%20");
  }

  Head head() {
    return head;
  }

  @Nullable String lastId() {
    return lastId;
  }

  /** The reconnection time that the server gave last, or -1. */
  long retryMs() {
    return retryMs;
  }

  /** The next event, or null when the body was completed. */
  @Nullable Event next() throws IOException {
    StringBuilder data = new StringBuilder();
    boolean hasData = false;
    while (true) {
      String line = line();
      if (line == null) {
        return null;
      }
      if (line.isEmpty()) {
        if (hasData) {
          return new Event(lastId, JsonMapper.shared().readTree(data.toString()));
        }
        continue;
      }
      int colon = line.indexOf(':');
      String field = colon < 0 ? line : line.substring(0, colon);
      String value = colon < 0 ? "" : line.substring(colon + 1);
      switch (field) {
        case "data" -> {
          data.append(value);
          hasData = true;
        }
        case "id" -> lastId = value;
        case "retry" -> retryMs = Long.parseLong(value);
        default -> {}
      }
    }
  }

  /** All events up to the end of the body. */
  List<Event> all() throws IOException {
    List<Event> events = new ArrayList<>();
    for (Event event = next(); event != null; event = next()) {
      events.add(event);
    }
    return events;
  }

  /** Reads until an event of that name has come. */
  Event await(String name) throws IOException {
    for (Event event = next(); event != null; event = next()) {
      if (event.is(name)) {
        return event;
      }
    }
    throw new AssertionError("the stream ended without " + name);
  }

  private @Nullable String line() throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    while (true) {
      int b = body.read();
      if (b < 0) {
        if (line.size() > 0) {
          throw new AssertionError("the body ended in a line: " + line);
        }
        return null;
      }
      if (b == '\r') {
        throw new AssertionError("a carriage return in the stream");
      }
      if (b == '\n') {
        return line.toString(StandardCharsets.UTF_8);
      }
      line.write(b);
    }
  }

  /** The connection, to be broken. */
  RawConnection connection() {
    return connection;
  }

  @Override
  public void close() {
    connection.close();
  }
}
