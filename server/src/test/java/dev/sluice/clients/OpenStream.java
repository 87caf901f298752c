package dev.sluice.clients;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** A stream that is read while it is open, line by line as the lines arrive. */
final class OpenStream implements AutoCloseable {
  private final List<String> lines = new CopyOnWriteArrayList<>();
  private final Stream<String> body;
  private volatile boolean over;

  private OpenStream(Stream<String> body) {
    this.body = body;
    Thread reader = new Thread(this::read, "open stream");
    reader.setDaemon(true);
    reader.start();
  }

  /** Returns when the response head is there. */
  static OpenStream get(URI uri) {
    return send(HttpRequest.newBuilder(uri));
  }

  /** Goes on after that event. */
  static OpenStream get(URI uri, String lastEventId) {
    return send(HttpRequest.newBuilder(uri).header("last-event-id", lastEventId));
  }

  /** Returns when the response head is there. */
  static OpenStream post(URI uri, String json) {
    return send(
        HttpRequest.newBuilder(uri)
            .header("content-type", "application/json")
            .POST(BodyPublishers.ofString(json)));
  }

  private static OpenStream send(HttpRequest.Builder asking) {
    try {
      HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
      HttpRequest request = asking.timeout(Deadline.PATIENCE).build();
      HttpResponse<Stream<String>> response = http.send(request, BodyHandlers.ofLines());
      if (response.statusCode() != 200) {
        throw new AssertionError(response.toString());
      }
      return new OpenStream(response.body());
    } catch (IOException e) {
      throw new AssertionError("the request failed", e);
    } catch (InterruptedException e) {
      throw Deadline.interrupted(e);
    }
  }

  private void read() {
    try {
      body.forEach(lines::add);
    } catch (RuntimeException e) {
      lines.add("broke off: " + e);
    } finally {
      over = true;
    }
  }

  /** Waits until the body is complete, or broken off. */
  void awaitEnd() {
    Deadline.await(() -> over, lines::toString);
  }

  String lastLine() {
    return lines.isEmpty() ? "" : lines.get(lines.size() - 1);
  }

  /** The frames that are whole by now. */
  List<Frame> frames() {
    StringBuilder text = new StringBuilder();
    lines.forEach(line -> text.append(line).append('\n'));
    int whole = text.lastIndexOf("\n\n");
    return Frame.parse(whole < 0 ? "" : text.substring(0, whole + 2));
  }

  long count(String line) {
    return lines.stream().filter(line::equals).count();
  }

  /** The newest id. */
  String lastId() {
    List<String> ids = lines.stream().filter(line -> line.startsWith("id:")).toList();
    return ids.get(ids.size() - 1).substring("id:".length());
  }

  /** True if a line that holds that text has arrived. */
  boolean has(String part) {
    return lines.stream().anyMatch(line -> line.contains(part));
  }

  void awaitMore(String line, int more) {
    long enough = count(line) + more;
    Deadline.await(() -> count(line) >= enough, lines::toString);
  }

  /** What came so far. */
  List<JsonNode> messages() {
    return lines.stream()
        .filter(line -> line.startsWith("data:"))
        .map(line -> JsonMapper.shared().readTree(line.substring("data:".length())))
        .toList();
  }

  /** Waits until an event of that name is the last one. */
  void awaitLast(String event) {
    Deadline.await(
        () -> {
          List<String> events = Frame.events(messages());
          return !events.isEmpty() && events.get(events.size() - 1).equals(event);
        },
        lines::toString);
  }

  @Override
  public void close() {
    body.close();
  }
}
