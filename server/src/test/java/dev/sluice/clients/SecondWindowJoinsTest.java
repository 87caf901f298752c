package dev.sluice.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;

/** A chat's link, opened elsewhere, shows the answer so far and then reads along. */
@Needs(Tool.BROWSER)
@SuppressWarnings("NullAway.Init")
class SecondWindowJoinsTest {
  private static final String DONE = "document.querySelector('#status').textContent === 'done'";
  private static final String STOPPED =
      "document.querySelector('#status').textContent === 'stopped'";

  private static ServerUnderTest server;
  private static Browser first;
  private static Browser second;

  @BeforeAll
  static void start() {
    server = ServerUnderTest.start("--demo-token-delay-ms", "20");
    first = Browser.start();
    second = Browser.start();
  }

  @AfterAll
  static void stop() {
    first.close();
    second.close();
    server.close();
  }

  @BeforeEach
  void openAFreshChat() {
    first.open("about:blank");
    first.open(server.uri() + "/");
  }

  @Test
  void itGetsTheAnswerSoFarAndThenTheRest() {
    first.type("#question", "seen twice" + Browser.ENTER);
    awaitAnswer(first, 100);
    second.open(link());
    awaitAnswer(second, 100);
    assertEquals(2, chat().state().path("subscribers").asInt());
    assertEquals("streaming", second.text("#status"));
    second.await(DONE);
    first.await(DONE);
    String answer = Frame.text(chat().messages("from=start"), "finalResponse");
    assertEquals(answer, first.text("#answer"));
    assertEquals(answer, second.text("#answer"));
    assertEquals(first.text("#rendered"), second.text("#rendered"));
    assertEquals("seen twice", second.text("#current [data-part=question]"));
  }

  @Test
  void itsStopStopsTheAnswerEverywhere() {
    first.type("#question", "to be stopped" + Browser.ENTER);
    awaitAnswer(first, 40);
    second.open(link().replace("/#chat=", "/?chat="));
    awaitAnswer(second, 40);
    second.click("#stop");
    second.await(STOPPED);
    first.await(STOPPED);
    assertEquals(first.text("#answer"), second.text("#answer"));
    assertTrue(second.script("return document.activeElement.id === 'question'").asBoolean());
  }

  @Test
  void whatIsAskedLaterShowsInTheOtherTabToo() {
    first.type("#question", "first" + Browser.ENTER);
    awaitAnswer(first, 20);
    first.click("#stop");
    first.await(STOPPED);
    String asking = first.tab();
    first.openTab(link());
    first.await(STOPPED);
    String joining = first.tab();

    first.switchTo(asking);
    first.type("#question", "second" + Browser.ENTER);
    first.await("document.querySelectorAll('.turn').length === 2");
    first.await(DONE);
    String answer = first.text("#answer");
    first.switchTo(joining);
    first.await("document.querySelectorAll('.turn').length === 2 && " + DONE);
    assertEquals(answer, first.text("#answer"));
    assertEquals("second", first.text("#current [data-part=question]"));
  }

  @Test
  void aChatThatIsNotThereYetIsAwaited() {
    ChatOverHttp published = ChatOverHttp.fresh(server);
    second.open(server.uri() + "/#chat=" + published.chatId());
    second.await("document.querySelector('#status').textContent === 'waiting'");
    published.publishToken("here ", "finalResponse");
    awaitAnswer(second, 5);
    published.publishToken("it is", "finalResponse");
    published.publishEnd();
    second.await(DONE);
    assertEquals("here it is", second.text("#answer"));
  }

  private static void awaitAnswer(Browser browser, int chars) {
    browser.await("document.querySelector('#answer').textContent.length >= " + chars);
  }

  private static String link() {
    return first.script("return location.href").asString();
  }

  private static ChatOverHttp chat() {
    return new ChatOverHttp(server, link().replaceFirst(".*#chat=", ""));
  }
}
