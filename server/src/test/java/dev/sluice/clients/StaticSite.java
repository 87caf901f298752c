package dev.sluice.clients;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CopyOnWriteArrayList;
import org.jspecify.annotations.Nullable;

/** A web site of a test's own, with an origin of its own, that knows nothing of Sluice. */
final class StaticSite implements AutoCloseable {
  private static final Map<String, String> TYPES =
      Map.of(
          "html", "text/html", "css", "text/css", "js", "text/javascript", "svg", "image/svg+xml");

  /** Where the site's files are. */
  interface Files {
    /** The file of that path, or null if there is none. */
    @Nullable Content find(String path) throws IOException;
  }

  /**
   * A file.
   *
   * @param policy the Content-Security-Policy that comes with it, or null
   */
  record Content(String text, @Nullable String policy) {}

  private final HttpServer server;
  private final Files files;
  private final List<String> asked = new CopyOnWriteArrayList<>();

  private StaticSite(HttpServer server, Files files) {
    this.server = server;
    this.files = files;
    server.createContext("/", this::answer);
    server.start();
  }

  static StaticSite start(Files files) {
    try {
      InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
      return new StaticSite(HttpServer.create(anyPort, 0), files);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Scheme, host and port, as browsers send them. */
  String origin() {
    return "http://127.0.0.1:" + port();
  }

  /** The same place by a name: for browsers another site than the address. */
  String namedOrigin() {
    return "http://localhost:" + port();
  }

  /** The paths of all requests so far. */
  List<String> asked() {
    return List.copyOf(asked);
  }

  private int port() {
    return server.getAddress().getPort();
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String path = exchange.getRequestURI().getPath();
      asked.add(path);
      Content content = files.find(path);
      if (content == null) {
        exchange.sendResponseHeaders(404, -1);
        return;
      }
      String ending = path.substring(path.lastIndexOf('.') + 1);
      String type = TYPES.getOrDefault(ending, "text/html");
      exchange.getResponseHeaders().set("Content-Type", type + "; charset=utf-8");
      if (content.policy() != null) {
        exchange.getResponseHeaders().set("Content-Security-Policy", content.policy());
      }
      byte[] bytes = content.text().getBytes(UTF_8);
      exchange.sendResponseHeaders(200, bytes.length);
      exchange.getResponseBody().write(bytes);
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
