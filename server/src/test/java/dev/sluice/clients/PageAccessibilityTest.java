package dev.sluice.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.file.Files;
import java.nio.file.Path;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** What axe-core finds on the page, in each of its states: nothing. */
@Needs({Tool.BROWSER, Tool.NODE})
@SuppressWarnings("NullAway.Init")
class PageAccessibilityTest {
  private static final Path AXE = Path.of("node_modules", "axe-core", "axe.min.js");
  private static final Path SCREENSHOTS = Path.of("target", "screenshots");
  private static final int MIN_RULES_PASSED = 20;

  private static ServerUnderTest server;
  private static String axe;
  private Browser browser;

  @BeforeAll
  static void startServer() throws IOException {
    server = ServerUnderTest.start("--demo-token-delay-ms", "10");
    axe = Files.readString(Tool.SCRIPTS.resolve(AXE));
  }

  @AfterAll
  static void stopServer() {
    server.close();
  }

  @BeforeEach
  void start() {
    browser = Browser.start();
  }

  @AfterEach
  void stop() {
    browser.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"light", "dark"})
  void nothingIsFoundInAnyState(String scheme) {
    browser.prefer("prefers-color-scheme", scheme);
    browser.open(server.uri() + "/");
    browser.await("document.querySelector('#server-version').textContent");
    check(scheme + "-welcome");

    ChatOverHttp chat = ChatOverHttp.fresh(server);
    chat.publish("{\"event\":\"thinking\",\"data\":\"Thinking aloud\"}");
    browser.open(server.uri() + "/#chat=" + chat.chatId());
    browser.await("document.querySelector('#reasoning').textContent");
    check(scheme + "-thinking");

    chat.publish(
        "{\"event\":\"usedTools\",\"data\":[{\"tool\":\"look\",\"toolInput\":{\"at\":1},\"toolOutput\":\"x\"}]}",
        "{\"event\":\"nextAgent\",\"data\":\"Writer\"}",
        "{\"event\":\"agentReasoning\",\"data\":[{\"agentName\":\"Writer\",\"messages\":[\"Done\"]}]}",
        "{\"event\":\"sourceDocuments\",\"data\":[{\"pageContent\":\"So it is\",\"metadata\":{\"source\":\"https://example.org/\"}}]}");
    chat.publishToken("So *far*, so `good`: [link](https://example.org/)", "finalResponse");
    browser.await("document.querySelector('#rendered a')");
    unfold();
    check(scheme + "-answering");

    chat.publish("{\"event\":\"error\",\"data\":\"The model server broke off.\"}");
    browser.await("document.querySelector('#status').textContent === 'error'");
    unfold();
    check(scheme + "-error");

    browser.click("#new-chat");
    browser.type("#question", "Show all you can" + Browser.ENTER);
    browser.await("document.querySelector('#status').textContent === 'done'");
    unfold();
    check(scheme + "-done");
    browser.click("#current [data-source]");
    check(scheme + "-source");
  }

  @Test
  void nothingMovesForThoseWhoWantThat() {
    ChatOverHttp chat = ChatOverHttp.fresh(server);
    chat.publish("{\"event\":\"start\"}");
    browser.open(server.uri() + "/#chat=" + chat.chatId());
    browser.await("document.getAnimations().length > 0");
    browser.prefer("prefers-reduced-motion", "reduce");
    browser.await("document.getAnimations().length === 0");
    assertEquals("streaming", browser.text("#status"));
  }

  private void unfold() {
    browser.script("document.querySelectorAll('details').forEach(each => { each.open = true; });");
  }

  private void check(String state) {
    browser.screenshot(SCREENSHOTS.resolve("page-" + state + ".png"));
    browser.script(axe);
    JsonNode found =
        browser.script(
            """
            return axe.run().then(({ passes, violations }) => ({
              passes: passes.length,
              violations: violations.map(({ id, nodes }) =>
                id + nodes.map((node) => `\\n  ${node.html}: ${node.failureSummary}`).join('')),
            }));
            """);
    assertEquals("[]", found.path("violations").toString(), state);
    assertTrue(found.path("passes").asInt() > MIN_RULES_PASSED, found.toString());
  }
}
