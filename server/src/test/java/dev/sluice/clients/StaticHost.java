package dev.sluice.clients;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;

/**
 * A web server that knows nothing of Sluice but has a copy of the page's files, on an origin of its
 * own, and writes down what it is asked for.
 */
final class StaticHost implements AutoCloseable {
  private static final Map<String, String> TYPES =
      Map.of(
          "html", "text/html", "css", "text/css", "js", "text/javascript", "svg", "image/svg+xml");

  private final HttpServer server;
  private final List<String> asked = new CopyOnWriteArrayList<>();

  private StaticHost() throws IOException {
    server = HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
    server.createContext("/", this::answer);
    server.start();
  }

  static StaticHost start() {
    try {
      return new StaticHost();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  URI uri() {
    return URI.create("http://localhost:" + server.getAddress().getPort());
  }

  /** The paths of all requests so far. */
  List<String> asked() {
    return List.copyOf(asked);
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String path = exchange.getRequestURI().getPath();
      asked.add(path);
      String file = path.equals("/") ? "index.html" : path.replaceFirst("^/page/", "");
      try (InputStream content = resource(file)) {
        if (content == null) {
          exchange.sendResponseHeaders(404, -1);
          return;
        }
        String ending = file.substring(file.lastIndexOf('.') + 1);
        exchange.getResponseHeaders().set("Content-Type", TYPES.getOrDefault(ending, "text/plain"));
        exchange.sendResponseHeaders(200, 0);
        content.transferTo(exchange.getResponseBody());
      }
    }
  }

  private static InputStream resource(String file) {
    return StaticHost.class.getResourceAsStream("/dev/sluice/http/page/" + file);
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
