package dev.sluice.clients;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.Sluice;
import java.io.IOException;
import java.io.InputStream;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/**
 * A copy of the page on another origin works if that origin is allowed; the server's own does not.
 */
@Needs(Tool.BROWSER)
@SuppressWarnings("NullAway.Init")
class PageFromAnotherOriginTest {
  private static final String DONE = "document.querySelector('#status').textContent === 'done'";
  private static final String ANSWERING =
      "document.querySelector('#answer').textContent.length > 40";

  private StaticSite host;
  private Browser browser;

  @BeforeEach
  void start() {
    host = StaticSite.start(PageFromAnotherOriginTest::copy);
    browser = Browser.start();
  }

  @AfterEach
  void stop() {
    browser.close();
    host.close();
  }

  @Test
  void aCopyOfThePageAsksReloadsResumesAndStops() {
    try (ServerUnderTest server =
        ServerUnderTest.start(
            "--demo-token-delay-ms", "20", "--cors-origins", host.namedOrigin())) {
      browser.open(host.namedOrigin() + "/?edge=" + server.uri());
      browser.type("#question", "from afar" + Browser.ENTER);
      browser.await(ANSWERING);
      browser.refresh();
      browser.await(ANSWERING);
      browser.click("#drop");
      browser.await("document.querySelector('#connection').textContent.includes('Resumed at id ')");
      browser.await(DONE);
      ChatOverHttp chat =
          new ChatOverHttp(
              server, browser.script("return location.hash.replace('#chat=', '')").asString());
      assertEquals(
          Frame.text(chat.messages("from=start"), "finalResponse"), browser.text("#answer"));

      browser.type("#question", "once more" + Browser.ENTER);
      browser.await(ANSWERING + " && !document.querySelector('#stop').disabled");
      browser.press(Browser.ESCAPE);
      browser.await("document.querySelector('#status').textContent === 'stopped'");
      assertEquals(List.of(), browser.console());
      assertFalse(host.asked().stream().anyMatch(path -> path.startsWith("/v1")));
    }
  }

  @Test
  void anOriginThatIsNotAllowedIsToldSo() {
    try (ServerUnderTest server =
        ServerUnderTest.start("--cors-origins", "https://somebody.example")) {
      browser.open(host.namedOrigin() + "/?edge=" + server.uri());
      browser.await(
          "document.querySelector('#connection').textContent.includes('may not be called')");
    }
  }

  @Test
  void theServersOwnPageCallsNobodyElse() {
    try (ServerUnderTest server = ServerUnderTest.start()) {
      browser.open(server.uri() + "/?edge=" + host.namedOrigin() + "#chat=stolen");
      browser.await(
          "document.querySelector('#connection').textContent.includes('may not be called')");
      browser.type("#question", "a secret" + Browser.ENTER);
      browser.await("document.querySelector('#status').textContent === 'error'");
      assertEquals(List.of(), host.asked());
      List<String> console = browser.console();
      assertTrue(
          console.stream().anyMatch(line -> line.contains("connect-src")), console.toString());
    }
  }

  /** The page's own files, on a host that knows nothing else. */
  private static StaticSite.@Nullable Content copy(String path) throws IOException {
    String file = path.equals("/") ? "index.html" : path.replaceFirst("^/page/", "");
    try (InputStream in = Sluice.class.getResourceAsStream("/dev/sluice/http/page/" + file)) {
      return in == null ? null : new StaticSite.Content(new String(in.readAllBytes(), UTF_8), null);
    }
  }
}
