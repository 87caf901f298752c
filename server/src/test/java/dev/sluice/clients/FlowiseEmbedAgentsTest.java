package dev.sluice.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.chat.RunEnding;
import dev.sluice.clients.HandAnsweredServer.Asked;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import tools.jackson.databind.json.JsonMapper;

/** What the published chat widget shows of the events that agents make besides their text. */
@Needs({Tool.BROWSER, Tool.NODE})
class FlowiseEmbedAgentsTest extends FlowiseEmbedFixture {
  private static final String CHIPS = "[data-testid=host-bubble]:not(.prose)";
  private static final String USED_TOOLS =
      "[{\"tool\":\"get_weather\",\"toolInput\":{\"city\":\"Zürich\"},\"toolOutput\":\"7 °C\"}]";
  private static final String EXECUTED_DATA =
      """
      [{"nodeId":"agentAgentflow_0","nodeLabel":"Weather agent","previousNodeIds":[],\
      "status":"FINISHED","data":{"id":"agentAgentflow_0","name":"agentAgentflow",\
      "input":{"messages":[{"role":"user","content":"How cold is it?"}]},\
      "output":{"content":"Seven degrees.","usedTools":%s},"state":{}}}]"""
          .formatted(USED_TOOLS);
  private static final String STOP = "button[title=Stop]";

  @EachVersion
  void showsWhatAgentsDidAndAsksWhatFollows(String version) {
    FlowiseWidget widget = open(version);
    widget.ask("How cold is it?");
    Asked asked = server().nextQuestion();
    String planner = "{\"agentName\":\"Planner\",\"messages\":[\"I ask the weather.\"]}";
    String writer = "{\"agentName\":\"Writer\",\"messages\":[\"I write it down.\"]}";
    asked.tell("agentReasoning", "[" + planner + "]");
    widget.await("details[open]");
    asked.tell("agentReasoning", "[" + planner + "," + writer + "]");
    asked.tell("usedTools", USED_TOOLS);
    asked.say("Seven degrees.");
    asked.tell(
        "sourceDocuments",
        "[{\"pageContent\":\"Temperatures\",\"metadata\":{\"source\":\"weather.pdf\"}}]");
    asked.end("And tomorrow?", "In °F?");
    widget.awaitIdle();
    screenshot(widget, "agents");

    assertEquals(List.of(GREETING, "How cold is it?", "Seven degrees."), widget.messages());
    assertEquals(
        List.of("✅ Planner \nI ask the weather.", "✅ Writer \nI write it down."),
        widget.texts("details .prose").stream().map(String::strip).toList());
    assertEquals(List.of("Temperatures", "And tomorrow?", "In °F?"), widget.texts(CHIPS));
    assertEquals(JsonMapper.shared().readTree(USED_TOOLS), widget.newest().path("usedTools"));

    widget.clickText(CHIPS, "And tomorrow?");
    Asked next = server().nextQuestion();
    assertEquals("And tomorrow?", next.prompt().question());
    assertEquals(asked.run().chatId(), next.run().chatId());
    next.say("Eight.");
    next.end();
    widget.awaitIdle();
    assertEquals(List.of(GREETING, "Seven degrees.", "Eight."), widget.answers());
    assertOnlyExpectedCalls(widget);
    assertNothingWentWrong();
  }

  @EachVersion
  void showsAnAgentFlowWithItsTools(String version) {
    FlowiseWidget widget = open(version);
    widget.ask("How cold is it?");
    Asked asked = server().nextQuestion();
    asked.tellText("agentFlowEvent", "INPROGRESS");
    asked.tell("agentFlowExecutedData", EXECUTED_DATA);
    asked.say("Seven degrees.");
    asked.tellText("agentFlowEvent", "FINISHED");
    asked.end();
    widget.awaitIdle();
    assertEquals(List.of(GREETING, "How cold is it?", "Seven degrees."), widget.messages());
    assertNothingWentWrong();

    widget.click("button[title=Traces], button[title='View Details']");
    Deadline.await(
        () -> widget.texts("span").stream().anyMatch(text -> text.strip().equals("get_weather")),
        () -> "no used tool in the details");
    screenshot(widget, "flow");
    // Sluice has no pictures of Flowise's tools; the widget then takes one of its own.
    String picture = server().uri() + "/api/v1/node-icon/get_weather";
    assertOnlyExpectedCalls(widget, picture);
    List<String> console = console();
    assertTrue(console.stream().allMatch(line -> line.contains(picture)), console::toString);
  }

  @EachVersion
  void showsThinkingThatIsPublishedOverHttp(String version) {
    FlowiseWidget widget = open(version);
    widget.ask("Think!");
    ChatOverHttp chat = new ChatOverHttp(server(), server().nextQuestion().run().chatId());
    chat.publish(
        "{\"event\":\"thinking\",\"data\":\"Let me \"}",
        "{\"event\":\"thinking\",\"data\":\"see.\"}",
        "{\"event\":\"thinking\",\"data\":\"\",\"duration\":3}");
    chat.publishToken("Done.", "finalResponse");
    chat.publishEnd();
    widget.awaitIdle();
    screenshot(widget, "thinking");
    assertEquals(List.of(GREETING, "Think!", "Done."), widget.messages());
    assertEquals("Let me see.", widget.newest().path("thinking").asString());
    assertTrue(
        widget.texts("button").stream().anyMatch(text -> text.contains("Thought for 3 seconds")));
    assertNothingWentWrong();
  }

  @EachVersion
  void stopsTheAnswerAndKeepsWhatThereWas(String version) throws InterruptedException {
    // The widget puts this in front of its chatId, and in the path as it is.
    String customer = "Müller & Söhne +1";
    FlowiseWidget widget = openFor(version, customer);
    widget.ask("a long one");
    Asked asked = server().nextQuestion();
    String chatId = asked.run().chatId();
    assertTrue(chatId.startsWith(customer + "+"), chatId);
    CountDownLatch told = new CountDownLatch(1);
    asked.run().listen(told::countDown);
    // Only what an agent flow does has a stop button.
    asked.tell("agentFlowExecutedData", EXECUTED_DATA);
    asked.say("As far as this");
    widget.awaitShown("As far as this");
    widget.await(STOP);
    screenshot(widget, "stop");
    widget.click(STOP);
    assertTrue(told.await(Deadline.PATIENCE.toSeconds(), TimeUnit.SECONDS));
    assertEquals(RunEnding.STOPPED, asked.run().ending());
    widget.awaitIdle();
    widget.awaitKept("As far as this");
    assertEquals(List.of(GREETING, "a long one", "As far as this"), widget.messages());
    assertOnlyExpectedCalls(
        widget, server().uri() + "/api/v1/chatmessage/abort/" + flow() + "/" + chatId);

    widget.ask("a short one");
    Asked next = server().nextQuestion();
    assertEquals(chatId, next.run().chatId());
    next.say("Yes.");
    next.end();
    widget.awaitIdle();
    assertEquals(List.of(GREETING, "As far as this", "Yes."), widget.answers());
    assertNothingWentWrong();
  }
}
