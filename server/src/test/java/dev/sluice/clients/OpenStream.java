package dev.sluice.clients;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.stream.Stream;

/** A stream that is read while it is open, line by line as the lines arrive. */
final class OpenStream implements AutoCloseable {
  private final List<String> lines = new CopyOnWriteArrayList<>();
  private final Stream<String> body;

  private OpenStream(Stream<String> body) {
    this.body = body;
    Thread reader = new Thread(this::read, "open stream");
    reader.setDaemon(true);
    reader.start();
  }

  /** Returns when the response head is there. */
  static OpenStream get(URI uri) {
    try {
      HttpClient http = HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();
      HttpRequest request = HttpRequest.newBuilder(uri).timeout(Deadline.PATIENCE).build();
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
    }
  }

  long count(String line) {
    return lines.stream().filter(line::equals).count();
  }

  /** True if a line that holds that text has arrived. */
  boolean has(String part) {
    return lines.stream().anyMatch(line -> line.contains(part));
  }

  void awaitMore(String line, int more) {
    long enough = count(line) + more;
    Deadline.await(() -> count(line) >= enough, lines::toString);
  }

  @Override
  public void close() {
    body.close();
  }
}
