package dev.sluice.clients;

import java.io.IOException;
import java.io.UncheckedIOException;
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
  private final Map<String, StaticSite.Content> pages = new ConcurrentHashMap<>();
  private final StaticSite site = StaticSite.start(pages::get);

  static WidgetSite start() {
    return new WidgetSite();
  }

  String origin() {
    return site.origin();
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
    pages.put("/" + version + "/web.js", new StaticSite.Content(bundle(version), policy));
    pages.put(path, new StaticSite.Content(html, policy));
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

  @Override
  public void close() {
    site.close();
  }
}
