package dev.sluice.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.regex.Pattern;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** The page comes out of the jar, and nothing else does. */
class PageTest {
  private static final Pattern LINK = Pattern.compile("(?:src|href)=\"(/?page/[^\"]+)\"");

  private final EdgeFixture edge = new EdgeFixture();

  @AfterEach
  void close() {
    edge.close();
  }

  @Test
  void thePageAndAllItLinksToAreThere() {
    Answer index = edge.get("/");
    assertEquals("text/html; charset=utf-8", index.field("content-type"));
    assertEquals(
        "default-src 'none'; script-src 'self'; style-src 'self'; img-src 'self';"
            + " connect-src 'self'; base-uri 'none'; frame-ancestors 'none'; form-action 'none';"
            + " require-trusted-types-for 'script'; trusted-types 'none'",
        index.field("content-security-policy"));
    assertEquals("no-cache", index.field("cache-control"));
    assertEquals("no-referrer", index.field("referrer-policy"));
    var link = LINK.matcher(index.body());
    int links = 0;
    while (link.find()) {
      String path = link.group(1).startsWith("/") ? link.group(1) : "/" + link.group(1);
      assertEquals(200, edge.get(path).status(), path);
      links++;
    }
    assertTrue(links >= 2, index.body());
    assertFalse(index.body().contains("<style"), "the policy forbids it");
  }

  @Test
  void whatABrowserHasIsNotSentAgain() {
    String tag = String.valueOf(edge.get("/page/app.js").field("etag"));
    Connection connection = edge.connect();
    String request = "GET /page/app.js HTTP/1.1\r\nHost: x\r\nIf-None-Match: ";
    connection.send(request + tag + "\r\n\r\n");
    Answer same = connection.answer();
    assertEquals(304, same.status());
    assertEquals(tag, same.field("etag"));
    assertNull(same.field("content-length"));
    connection.send(request + "\"other\"\r\n\r\n");
    assertEquals(200, connection.answer().status());
  }

  /** The library is the version whose licences are told. */
  @Test
  void theLibrarysLicencesComeWithIt() {
    var version = Pattern.compile("markdown-it (\\d+\\.\\d+\\.\\d+)");
    var library = version.matcher(edge.get("/page/markdown-it.js").body());
    var licences = version.matcher(edge.get("/page/licences.txt").body());
    assertTrue(library.find() && licences.find());
    assertEquals(library.group(), licences.group());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "/page/",
        "/page/none.js",
        "/page/..",
        "/page/../Page.class",
        "/page/..%2FPage.class",
        "/page/%2e%2e%2Findex.html",
        "/page/..%5Cindex.html",
        "/page/index.html%00",
        "/page/index.html%00.js",
        "/page/.%2Findex.html",
        "/page//index.html",
        "/page/INDEX.HTML",
        "/page/index.html/",
        "/page/%2Fetc%2Fpasswd",
        "/page/file:index.html",
        "/page/index",
        "/page/page",
        "//page/index.html",
        "/index.html"
      })
  void nothingElseIsThere(String path) {
    assertEquals("404 not_found", edge.get(path).outcome());
  }
}
