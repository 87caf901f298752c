package dev.sluice.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

@Needs(Tool.BROWSER)
@SuppressWarnings("NullAway.Init")
class PageTest {
  private static final String DONE = "document.querySelector('#status').textContent === 'done'";
  private static final String ANSWERING =
      "document.querySelector('#answer').textContent.length > 0";

  private static ServerUnderTest server;
  private static Browser browser;

  @BeforeAll
  static void start() {
    server = ServerUnderTest.start("--demo-token-delay-ms", "20");
    browser = Browser.startPhone();
  }

  @AfterAll
  static void stop() {
    server.close();
    browser.close();
  }

  @BeforeEach
  void openAFreshChat() {
    browser.open("about:blank");
    browser.open(server.uri() + "/");
    browser.await("document.querySelector('#server-version').textContent");
  }

  @Test
  void saysThatTheDemoAnswers() {
    assertTrue(
        browser
            .script("return document.querySelector('#demo-notice').checkVisibility()")
            .asBoolean());
    assertEquals("idle", browser.text("#status"));
  }

  @Test
  void asksSeveralQuestionsInOneChatAndKeepsTheirAnswers() {
    browser.type("#question", "first" + Browser.ENTER);
    browser.await(DONE);
    String first = browser.text("#answer");

    browser.type("#question", "<b>second</b>" + shiftEnter() + "line" + Browser.ENTER);
    browser.await(DONE + " && document.querySelectorAll('.turn').length === 2");
    String second = browser.text("#answer");
    browser.screenshot(Path.of("target", "screenshots", "page-on-a-phone.png"));

    assertEquals("<b>second</b>\nline", browser.text("#current [data-part=question]"));
    assertEquals(first, browser.text("#history [data-part=answer]"));
    browser.refresh();
    browser.await(DONE);
    assertEquals(first, browser.text("#history [data-part=answer]"));
    assertEquals(second, browser.text("#answer"));
  }

  @Test
  void stopsAnAnswerAndKeepsWhatThereWas() {
    browser.type("#question", "a long one");
    browser.click("#ask");
    browser.await(ANSWERING);
    browser.click("#stop");
    browser.await("document.querySelector('#status').textContent === 'stopped'");
    assertTrue(browser.text("#answer").length() > 0);
    assertTrue(browser.script("return document.querySelector('#stop').disabled").asBoolean());
  }

  @Test
  void showsTheSameChatInAnotherWindow() {
    browser.type("#question", "seen twice" + Browser.ENTER);
    browser.await(ANSWERING);
    String address = browser.script("return location.href").asString();
    browser.await(DONE);
    String answer = browser.text("#answer");

    try (Browser other = Browser.start()) {
      other.open(address);
      other.await(DONE);
      assertEquals(answer, other.text("#answer"));
    }
  }

  private static String shiftEnter() {
    return Browser.SHIFT + Browser.ENTER + Browser.RELEASE;
  }
}
