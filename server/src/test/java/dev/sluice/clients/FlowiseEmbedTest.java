package dev.sluice.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.clients.HandAnsweredServer.Asked;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.Set;
import java.util.TreeSet;
import tools.jackson.databind.JsonNode;

/**
 * The published chat widget, in a page of another origin, with nobody but Sluice behind it. 3.1.3
 * is the strict one: it throws at frames that later versions read over.
 */
@Needs({Tool.BROWSER, Tool.NODE})
class FlowiseEmbedTest extends FlowiseEmbedFixture {
  private static final String CODE =
      "def f(x):\n    if x < 1:\n\t\treturn \"<b>\"  # 缩进\n\n    return x\n";
  private static final String HARD_TEXT =
      "  Two spaces first, 你好, 世界! 🙂👩\u200D👩\u200D👧 Zürich e\u0301 עברית <b>not bold</b>"
          + " &amp; \"quotes\" back\\slash\n\n```python\n"
          + CODE
          + "```\n\n- one\n  - two\n\nThe end. \n ";

  @EachVersion
  void showsTheTextThatWasProduced(String version) {
    FlowiseWidget widget = open(version);
    widget.ask("怎么 <i>说</i>?");
    Asked asked = server().nextQuestion();
    assertEquals("怎么 <i>说</i>?", asked.prompt().question());
    List<String> pieces = pieces(HARD_TEXT);
    int half = pieces.size() / 2;
    pieces.subList(0, half).forEach(asked::say);
    widget.awaitShown("<b>not bold</b>");
    pieces.subList(half, pieces.size()).forEach(asked::say);
    asked.end();
    widget.awaitIdle();
    screenshot(widget, "text");

    assertEquals(List.of(GREETING, "怎么 <i>说</i>?", HARD_TEXT), widget.messages());
    assertEquals(2, widget.answers().size(), "bubbles: the greeting and the answer");
    // A tab is four spaces to the widget's Markdown.
    assertEquals(List.of(CODE.replace("\t", "    ")), widget.texts("pre code"));
    assertOnlyExpectedCalls(widget);
    assertNothingWentWrong();
  }

  @EachVersion
  void takesHeartbeatsForNothing(String version) {
    FlowiseWidget widget = open(version);
    widget.ask("slow?");
    Asked asked = server().nextQuestion();
    awaitHeartbeats();
    asked.say("Slow");
    widget.awaitShown("Slow");
    awaitHeartbeats();
    asked.say("ly.");
    asked.end();
    widget.awaitIdle();
    assertEquals(List.of(GREETING, "slow?", "Slowly."), widget.messages());
    assertNothingWentWrong();
  }

  @EachVersion
  void staysInItsChatOverQuestionsAndReloads(String version) {
    FlowiseWidget widget = open(version);
    Set<String> chatIds = new TreeSet<>();
    for (int question = 1; question <= 3; question++) {
      widget.ask("question " + question);
      Asked asked = server().nextQuestion();
      chatIds.add(asked.run().chatId());
      asked.say("answer " + question);
      asked.end();
      widget.awaitIdle();
      if (question == 2) {
        widget.reload();
      }
    }
    assertEquals(Set.of(widget.chatId()), chatIds);
    assertEquals(List.of(GREETING, "answer 1", "answer 2", "answer 3"), widget.answers());
    assertNothingWentWrong();
  }

  @EachVersion
  void showsErrorsAsTextAndGoesOn(String version) {
    FlowiseWidget widget = open(version);
    widget.ask("one");
    server().nextQuestion().fail("The model is <b>not</b> there.");
    widget.awaitIdle();
    widget.ask("two");
    Asked second = server().nextQuestion();
    second.say("So far");
    second.fail("It broke off.");
    widget.awaitIdle();
    widget.ask("three");
    Asked third = server().nextQuestion();
    third.say("Now it works.");
    third.end();
    widget.awaitIdle();
    screenshot(widget, "errors");
    assertEquals(
        List.of(
            GREETING, "The model is <b>not</b> there.", "So far", "It broke off.", "Now it works."),
        widget.answers());
    assertNothingWentWrong();
  }

  @EachVersion
  void showsWhatTheProgramAnswers(String version) {
    try (ServerUnderTest program =
        ServerUnderTest.start("--demo-token-delay-ms", "2", "--cors-origins", site().origin())) {
      FlowiseWidget widget = openBubble(version, program);
      widget.ask("What is a sluice?");
      widget.awaitIdle();
      screenshot(widget, "bubble");

      StringBuilder published = new StringBuilder();
      for (JsonNode message : new ChatOverHttp(program, widget.chatId()).messages("from=start")) {
        if (Frame.event(message).equals("token")) {
          published.append(message.path("data").asString());
        }
      }
      assertTrue(published.length() > 0);
      assertEquals(List.of(GREETING, "What is a sluice?", published.toString()), widget.messages());
      assertNothingWentWrong();
    }
  }

  /** The text in pieces of a few characters, cut inside words and inside characters too. */
  private static List<String> pieces(String text) {
    Random random = new Random(7);
    List<String> pieces = new ArrayList<>();
    for (int from = 0; from < text.length(); ) {
      int to = Math.min(text.length(), from + 1 + random.nextInt(4));
      pieces.add(text.substring(from, to));
      from = to;
    }
    return pieces;
  }

  /** Waits until something was sent several times; what begins the answer is one of them. */
  private static void awaitHeartbeats() {
    for (int times = 0; times < 4; times++) {
      long before = server().sentBytes();
      Deadline.await(() -> server().sentBytes() > before, () -> "no heartbeat");
    }
  }
}
