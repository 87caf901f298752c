package dev.sluice.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
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

  @Test
  void foldsTheReasoningAndTheToolCall() {
    browser.type("#question", "fold" + Browser.ENTER);
    browser.await("document.querySelector('#reasoning').checkVisibility()");
    browser.await(DONE);
    assertFalse(isShown("#reasoning"));
    browser.click("#current .reasoning summary");
    assertTrue(isShown("#reasoning"));
    assertTrue(browser.text("#reasoning").startsWith("The question is: fold\n"));

    assertEquals("1", count("#current .steps li"));
    assertEquals("about_sluice", browser.text("#current .steps .name"));
    assertFalse(isShown("#current .steps pre"));
    browser.click("#current .steps summary");
    assertTrue(browser.text("#current .steps pre").contains("\"topic\": \"streaming\""));
  }

  @Test
  void showsWhatItMeasures() {
    browser.type("#question", "figures" + Browser.ENTER);
    browser.await("document.querySelector('#token-rate').textContent.endsWith('/s')");
    browser.await(DONE);
    assertTrue(browser.text("#first-token").matches("[\\d.]+ m?s"), browser.text("#first-token"));
    assertTrue(browser.text("#gaps").matches("median .+ m?s, max .+ m?s"), browser.text("#gaps"));
    assertTrue(isShown("#current .sparkline path"));
    // The demo tells how many tokens it made; the page counts them by the frames' ids.
    assertEquals(
        browser.text("#token-count") + " out",
        browser.text("#current [data-part=usage]").replaceFirst(".*, ", ""));
  }

  /** From the address bar on: ask, stop, ask again, read and copy, all with the keyboard. */
  @Test
  void everythingCanBeDoneWithTheKeyboard() {
    assertEquals("question", focused());
    browser.press("h");
    browser.press("i");
    browser.press(Browser.ENTER);
    browser.await(ANSWERING);
    assertEquals("question", focused());
    browser.press(Browser.TAB);
    assertEquals("stop", focused());
    assertTrue(isOutlined());
    browser.press(Browser.ENTER);
    browser.await("document.querySelector('#status').textContent === 'stopped'");
    assertEquals("question", focused());

    browser.press("x");
    browser.press(Browser.SHIFT, Browser.ENTER);
    browser.press("y");
    browser.press(Browser.TAB);
    assertEquals("ask", focused());
    browser.press(" ");
    browser.await("document.querySelectorAll('.turn').length === 2");
    assertEquals("x\ny", browser.text("#current [data-part=question]"));
    browser.await(ANSWERING);
    browser.press(Browser.ESCAPE);
    browser.await("document.querySelector('#status').textContent === 'stopped'");

    List<String> walked = new ArrayList<>();
    browser.script("document.activeElement.blur()");
    for (int i = 0; i < 40 && !walked.contains("question"); i++) {
      browser.press(Browser.TAB);
      walked.add(focused());
      // Behind the last button comes the browser itself, which the page sees as its body.
      assertTrue(
          isOutlined() || List.of("question", "body").contains(focused()), walked.toString());
    }
    assertTrue(
        walked.containsAll(
            List.of("copy-link", "new-chat", "main", "summary", "Copy", "Source", "question")),
        walked.toString());
  }

  @Test
  void doesNotReadEachTokenAloud() {
    browser.script(
        """
        window.said = [];
        new MutationObserver(() => window.said.push(announcer.textContent))
          .observe(document.querySelector('#announcer'), { childList: true });
        """);
    browser.type("#question", "aloud" + Browser.ENTER);
    browser.await(DONE);
    browser.await("window.said.at(-1) === 'The answer is complete.'");
    assertEquals(
        "Thinking. Answering. The answer is complete.",
        browser.script("return window.said.join(' ')").asString());
    assertEquals("0", count("#current [aria-live], #current [role=status], #current [role=log]"));
  }

  @Test
  void hasNothingToComplainOfAndAsksNobodyElse() {
    browser.console();
    browser.requests();
    browser.type("#question", "quiet" + Browser.ENTER);
    browser.await(DONE);
    browser.refresh();
    browser.await(DONE);
    assertEquals(List.of(), browser.console());
    List<URI> requests = browser.requests();
    assertTrue(requests.size() > 5, requests.toString());
    for (URI request : requests) {
      assertEquals(server.uri().getAuthority(), request.getAuthority(), request.toString());
    }
  }

  @Test
  void fitsTheNarrowestPhone() {
    try (Browser phone = Browser.startPhone(320)) {
      phone.open(server.uri() + "/");
      phone.type("#question", "w".repeat(200) + Browser.ENTER);
      phone.await(DONE);
      phone.screenshot(Path.of("target", "screenshots", "page-on-a-narrow-phone.png"));
      assertEquals(
          "",
          phone
              .script(
                  """
                  return [...document.querySelectorAll('html, body, main, #current, #composer')]
                    .filter((each) => each.scrollWidth > each.clientWidth
                      || each.getBoundingClientRect().right > 320)
                    .map((each) => `${each.nodeName} ${each.scrollWidth}`).join();
                  """)
              .asString());
      assertTrue(
          phone
              .script(
                  """
                  const lines = [...document.querySelectorAll('.lines')];
                  return lines.some((each) => each.scrollWidth > each.clientWidth);
                  """)
              .asBoolean(),
          "a long line of code scrolls in its box");
    }
  }

  /** The id of what has the focus, else what it says if it is a button, else its name. */
  private static String focused() {
    return browser
        .script(
            """
            const { id, nodeName, textContent } = document.activeElement;
            return id || (nodeName === 'BUTTON' ? textContent : nodeName.toLowerCase());
            """)
        .asString();
  }

  private static boolean isOutlined() {
    return browser
        .script("return getComputedStyle(document.activeElement).outlineStyle !== 'none'")
        .asBoolean();
  }

  private static boolean isShown(String selector) {
    return browser
        .script("return document.querySelector(arguments[0]).checkVisibility()", selector)
        .asBoolean();
  }

  private static String count(String selector) {
    return browser
        .script("return String(document.querySelectorAll(arguments[0]).length)", selector)
        .asString();
  }

  private static String shiftEnter() {
    return Browser.SHIFT + Browser.ENTER + Browser.RELEASE;
  }
}
