package dev.sluice.http;

import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.security.MessageDigest;
import java.security.NoSuchAlgorithmException;
import java.util.HexFormat;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * The page to try the server with, out of the jar. Any event loop.
 *
 * <p>Its policy (Content Security Policy, level 3, and Trusted Types) lets it load and call nothing
 * but this server, run no script but its own files, and parse no text as HTML. So {@code ?edge=},
 * which makes a copy of the page call another server, does nothing here; see this package.
 */
final class Page {
  private static final String POLICY =
      "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self';"
          + " connect-src 'self'; base-uri 'none'; frame-ancestors 'none'; form-action 'none';"
          + " require-trusted-types-for 'script'; trusted-types 'none'";
  private static final Pattern FILE = Pattern.compile("[a-z0-9-]+\\.(html|css|js|svg|txt)");
  private static final Map<String, String> TYPES =
      Map.of(
          "html", "text/html; charset=utf-8",
          "css", "text/css; charset=utf-8",
          "js", "text/javascript; charset=utf-8",
          "svg", "image/svg+xml",
          "txt", "text/plain; charset=utf-8");

  private final Map<String, Content> files = new ConcurrentHashMap<>();

  /** {@code GET /}. */
  void index(Exchange exchange) throws ProblemException {
    serve(exchange, "index.html");
  }

  /** {@code GET /page/{file}}. */
  void file(Exchange exchange) throws ProblemException {
    serve(exchange, exchange.variable(0));
  }

  private void serve(Exchange exchange, String name) throws ProblemException {
    Content content = FILE.matcher(name).matches() ? content(name) : null;
    if (content == null) {
      throw new ProblemException(Problem.notFound());
    }
    boolean known = content.tag.equals(exchange.headers().get(HttpHeaderNames.IF_NONE_MATCH));
    String type = TYPES.getOrDefault(name.substring(name.lastIndexOf('.') + 1), "text/plain");
    FullHttpResponse response =
        known
            ? exchange.response(HttpResponseStatus.NOT_MODIFIED, type, new byte[0])
            : exchange.response(HttpResponseStatus.OK, type, content.bytes);
    response
        .headers()
        .set(HttpHeaderNames.CACHE_CONTROL, "no-cache")
        .set(HttpHeaderNames.ETAG, content.tag)
        .set(HttpHeaderNames.CONTENT_SECURITY_POLICY, POLICY)
        .set("referrer-policy", "no-referrer");
    if (known) {
      // There is nothing here that could have a type.
      response.headers().remove(HttpHeaderNames.CONTENT_TYPE);
    }
    exchange.respond(response);
  }

  private @Nullable Content content(String name) {
    return files.computeIfAbsent(name, Page::load);
  }

  private static @Nullable Content load(String name) {
    try (InputStream in = Page.class.getResourceAsStream("page/" + name)) {
      return in == null ? null : new Content(in.readAllBytes());
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /**
   * A file and its entity tag (RFC 9110, section 8.8.3): a browser that has it asks, and is told
   * so.
   */
  private static final class Content {
    final byte[] bytes;
    final String tag;

    Content(byte[] bytes) {
      this.bytes = bytes;
      try {
        byte[] digest = MessageDigest.getInstance("SHA-256").digest(bytes);
        tag = '"' + HexFormat.of().formatHex(digest, 0, 16) + '"';
      } catch (NoSuchAlgorithmException e) {
        throw new AssertionError("every Java has SHA-256", e);
      }
    }
  }
}
