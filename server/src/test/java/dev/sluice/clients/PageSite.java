package dev.sluice.clients;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import org.jspecify.annotations.Nullable;

/**
 * A web site of the tests' own, with an origin of its own: pages that a test has put there, and
 * beside them the {@code node_modules} that their authors would have installed.
 */
final class PageSite implements AutoCloseable {
  private static final String MODULES = "/node_modules/";

  private final HttpServer server;
  private final Map<String, String> pages = new ConcurrentHashMap<>();
  private final Map<String, String> aliases;

  private PageSite(HttpServer server, Map<String, String> aliases) {
    this.server = server;
    this.aliases = aliases;
    server.createContext("/", this::answer);
    server.start();
  }

  /**
   * Starts a site.
   *
   * @param aliases packages that are installed here under another name
   */
  static PageSite start(Map<String, String> aliases) {
    try {
      InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
      return new PageSite(HttpServer.create(anyPort, 0), aliases);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Scheme, host and port, as browsers send them. */
  String origin() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /** Adds a page and returns where it is. */
  String put(String path, String content) {
    pages.put(path, content);
    return origin() + path;
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      String path = exchange.getRequestURI().getPath();
      String page = pages.get(path);
      byte[] content = page != null ? page.getBytes(UTF_8) : module(path);
      exchange
          .getResponseHeaders()
          .set("content-type", path.endsWith(".js") ? "text/javascript" : "text/html");
      if (content == null) {
        exchange.sendResponseHeaders(404, -1);
      } else {
        exchange.sendResponseHeaders(200, content.length);
        exchange.getResponseBody().write(content);
      }
    }
  }

  private byte @Nullable [] module(String path) throws IOException {
    if (!path.startsWith(MODULES)) {
      return null;
    }
    String name = path.substring(MODULES.length());
    for (Map.Entry<String, String> alias : aliases.entrySet()) {
      if (name.startsWith(alias.getKey() + "/")) {
        name = alias.getValue() + name.substring(alias.getKey().length());
      }
    }
    Path modules = Tool.SCRIPTS.resolve("node_modules");
    Path file = modules.resolve(name).normalize();
    return file.startsWith(modules) && Files.isRegularFile(file) ? Files.readAllBytes(file) : null;
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
