package dev.sluice.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

@Needs(Tool.BROWSER)
class PageReloadLosesNothingTest {

  @Test
  void reloadsInTheMiddleOfAnAnswer() {
    try (ServerUnderTest server = ServerUnderTest.start("--demo-token-delay-ms", "20");
        Browser browser = Browser.start()) {
      browser.open(server.uri() + "/");
      browser.type("#question", "What is lost by a reload?" + Browser.ENTER);
      browser.await("document.querySelector('#answer').textContent.length > 40");
      browser.screenshot(Path.of("target", "screenshots", "page-before-reload.png"));

      browser.refresh();
      browser.screenshot(Path.of("target", "screenshots", "page-after-reload.png"));
      browser.await("document.querySelector('#status').textContent === 'done'");
      browser.screenshot(Path.of("target", "screenshots", "page-done.png"));

      List<JsonNode> published = onlyChat(server, browser).messages("from=start");
      String answer = Frame.text(published, "finalResponse");
      assertTrue(answer.length() > 40, answer);
      assertEquals(answer, browser.text("#answer"));
      assertEquals(Frame.text(published, "agentReasoning"), browser.text("#reasoning"));
      assertEquals("What is lost by a reload?", browser.text("#current [data-part=question]"));
    }
  }

  private static ChatOverHttp onlyChat(RunningServer server, Browser browser) {
    String chatId =
        browser.script("return decodeURIComponent(location.hash.replace('#chat=', ''))").asString();
    return new ChatOverHttp(server, chatId);
  }
}
