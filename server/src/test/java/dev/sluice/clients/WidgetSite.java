package dev.sluice.clients;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.file.Files;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import tools.jackson.databind.node.ObjectNode;

/**
 * A web site with an origin of its own, whose pages embed a published flowise-embed widget as its
 * users do. The pages are forbidden to load anything from elsewhere: scripts come from the site
 * itself, data from the widget's {@code apiHost}, and whatever else is tried is an error in the
 * console.
 */
final class WidgetSite implements AutoCloseable {
  /** A file of the site, and the policy that comes with it. */
  private record Page(String type, String policy, String content) {}

  private final Map<String, Page> pages = new ConcurrentHashMap<>();
  private final HttpServer server;

  private WidgetSite(HttpServer server) {
    this.server = server;
    server.createContext("/", this::answer);
    server.start();
  }

  static WidgetSite start() {
    try {
      InetSocketAddress anyPort = new InetSocketAddress(InetAddress.getLoopbackAddress(), 0);
      return new WidgetSite(HttpServer.create(anyPort, 0));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Scheme, host and port, as browsers send them. */
  String origin() {
    return "http://127.0.0.1:" + server.getAddress().getPort();
  }

  /**
   * Adds a page with a widget.
   *
   * @param version of flowise-embed
   * @param call {@code init} or {@code initFull}
   * @param props what the widget is called with
   * @return where the page is
   */
  URI embed(String version, String call, ObjectNode props) {
    String api = props.path("apiHost").asString();
    String policy =
        "default-src 'none'; script-src 'self' 'unsafe-inline'; style-src 'unsafe-inline'; "
            + ("img-src data: " + api + "; connect-src " + api);
    String path = "/" + pages.size() + ".html";
    String html =
        """
        <!doctype html>
        <html lang="en">
        <meta charset="utf-8">
        <title>A page with a widget</title>
        <link rel="icon" href="data:,">
        <body>
        <script type="module">
          import Chatbot from "/%s/web.js";
          Chatbot.%s(%s);
        </script>
        """
            .formatted(version, call, props);
    pages.put("/" + version + "/web.js", new Page("text/javascript", policy, bundle(version)));
    pages.put(path, new Page("text/html", policy, html));
    return URI.create(origin() + path);
  }

  private static String bundle(String version) {
    try {
      return Files.readString(
          Tool.SCRIPTS.resolve("node_modules/flowise-embed-" + version + "/dist/web.js"));
    } catch (IOException e) {
      throw new UncheckedIOException("run npm ci in " + Tool.SCRIPTS, e);
    }
  }

  private void answer(HttpExchange exchange) throws IOException {
    try (exchange) {
      Page page = pages.get(exchange.getRequestURI().getPath());
      if (page == null) {
        exchange.sendResponseHeaders(404, -1);
        return;
      }
      exchange.getResponseHeaders().set("Content-Type", page.type() + "; charset=utf-8");
      exchange.getResponseHeaders().set("Content-Security-Policy", page.policy());
      byte[] content = page.content().getBytes(UTF_8);
      exchange.sendResponseHeaders(200, content.length);
      exchange.getResponseBody().write(content);
    }
  }

  @Override
  public void close() {
    server.stop(0);
  }
}
