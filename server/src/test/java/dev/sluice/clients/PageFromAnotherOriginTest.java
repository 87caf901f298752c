package dev.sluice.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
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

  private StaticHost host;
  private Browser browser;

  @BeforeEach
  void start() {
    host = StaticHost.start();
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
            "--demo-token-delay-ms", "20", "--cors-origins", host.uri().toString())) {
      browser.open(host.uri() + "/?edge=" + server.uri());
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
      browser.open(host.uri() + "/?edge=" + server.uri());
      browser.await(
          "document.querySelector('#connection').textContent.includes('may not be called')");
    }
  }

  @Test
  void theServersOwnPageCallsNobodyElse() {
    try (ServerUnderTest server = ServerUnderTest.start()) {
      browser.open(server.uri() + "/?edge=" + host.uri() + "#chat=stolen");
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
}
