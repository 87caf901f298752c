package dev.sluice.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
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
    assertTrue(String.valueOf(index.field("content-security-policy")).contains("'self'"));
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
