package dev.sluice.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The page's own switch cuts the stream; what was produced meanwhile is asked for by id. */
@Needs(Tool.BROWSER)
class PageResumesTest {
  private static final String DONE = "document.querySelector('#status').textContent === 'done'";

  @Test
  void aCutConnectionLosesNothingAndDoublesNothing() {
    try (ServerUnderTest server = ServerUnderTest.start("--demo-token-delay-ms", "30");
        Browser browser = Browser.start()) {
      browser.open(server.uri() + "/");
      browser.type("#question", "What is lost by a cut?" + Browser.ENTER);
      browser.await("document.querySelector('#answer').textContent.length > 40");
      ChatOverHttp chat =
          new ChatOverHttp(
              server, browser.script("return location.hash.replace('#chat=', '')").asString());

      browser.click("#drop");
      Deadline.await(
          () -> chat.state().path("subscribers").asInt(-1) == 0, () -> chat.state().toString());
      assertEquals("true", checked(browser));
      String before = browser.text("#answer");
      browser.await("document.querySelector('#connection').textContent.includes('Resumed at id ')");
      assertEquals("false", checked(browser));
      assertTrue(browser.text("#connection").matches("Resumed at id \\d+-\\d+\\. .*"));
      browser.await(DONE);

      List<JsonNode> published = chat.messages("from=start");
      String answer = Frame.text(published, "finalResponse");
      assertTrue(answer.startsWith(before) && before.length() < answer.length(), before);
      assertEquals(answer, browser.text("#answer"));
      assertEquals(Frame.text(published, "agentReasoning"), browser.text("#reasoning"));
      String id = browser.text("#connection").replaceFirst("Resumed at id (\\S+)\\. .*", "$1");
      List<URI> requests = browser.requests();
      assertTrue(
          requests.stream().anyMatch(each -> each.toString().contains("lastEventId=" + id)),
          requests.toString());
    }
  }

  @Test
  void theSwitchMendsTheConnectionToo() {
    try (ServerUnderTest server = ServerUnderTest.start();
        Browser browser = Browser.start()) {
      ChatOverHttp chat = ChatOverHttp.fresh(server);
      chat.publishToken("one ", "finalResponse");
      browser.open(server.uri() + "/#chat=" + chat.chatId());
      browser.await("document.querySelector('#answer').textContent === 'one '");
      browser.click("#drop");
      Deadline.await(
          () -> chat.state().path("subscribers").asInt(-1) == 0, () -> chat.state().toString());
      chat.publishToken("two ", "finalResponse");
      chat.publishToken("three", "finalResponse");
      browser.click("#drop");
      browser.await("document.querySelector('#answer').textContent === 'one two three'");
      browser.await("document.querySelector('#connection').textContent.includes('2 events were')");
      chat.publishEnd();
      browser.await(DONE);
    }
  }

  private static String checked(Browser browser) {
    return browser
        .script("return document.querySelector('#drop').getAttribute('aria-checked')")
        .asString();
  }
}
