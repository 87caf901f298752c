package dev.sluice.http;

import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** The page to try the server with, out of the jar. Any event loop. */
final class Page {
  private static final Pattern FILE = Pattern.compile("[a-z0-9-]+\\.(html|css|js|svg)");
  private static final Map<String, String> TYPES =
      Map.of(
          "html", "text/html; charset=utf-8",
          "css", "text/css; charset=utf-8",
          "js", "text/javascript; charset=utf-8",
          "svg", "image/svg+xml");

  private final Map<String, byte[]> files = new ConcurrentHashMap<>();

  /** {@code GET /}. */
  void index(Exchange exchange) throws ProblemException {
    serve(exchange, "index.html");
  }

  /** {@code GET /page/{file}}. */
  void file(Exchange exchange) throws ProblemException {
    serve(exchange, exchange.variable(0));
  }

  private void serve(Exchange exchange, String name) throws ProblemException {
    byte[] content = FILE.matcher(name).matches() ? content(name) : null;
    if (content == null) {
      throw new ProblemException(Problem.notFound());
    }
    String type = TYPES.getOrDefault(name.substring(name.lastIndexOf('.') + 1), "text/plain");
    FullHttpResponse response = exchange.response(HttpResponseStatus.OK, type, content);
    response
        .headers()
        .set(HttpHeaderNames.CACHE_CONTROL, "no-cache")
        .set(
            HttpHeaderNames.CONTENT_SECURITY_POLICY,
            "default-src 'self'; base-uri 'none'; frame-ancestors 'none'; form-action 'none'")
        .set("referrer-policy", "no-referrer");
    exchange.respond(response);
  }

  private byte @Nullable [] content(String name) {
    return files.computeIfAbsent(name, Page::load);
  }

  private static byte @Nullable [] load(String name) {
    try (InputStream in = Page.class.getResourceAsStream("page/" + name)) {
      return in == null ? null : in.readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
