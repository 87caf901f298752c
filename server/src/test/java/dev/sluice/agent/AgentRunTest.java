package dev.sluice.agent;

import static dev.sluice.agent.AgentFixture.CHAT;
import static dev.sluice.chat.PublishResult.ACCEPTED;
import static dev.sluice.chat.PublishResult.OVER_BUDGET;
import static dev.sluice.chat.PublishResult.RUN_STOPPED;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class AgentRunTest {
  private final AgentFixture fixture = new AgentFixture();
  private final AgentRun run = new AgentRun(fixture.events, CHAT);

  @Test
  void tellsTheStepsOfSeveralAgentsInTheirOrder() {
    AgentNode planner = run.agent("Planner", "n1");
    AgentNode writer = run.agent("Writer", "n2");
    assertEquals(ACCEPTED, planner.beginStep());
    planner.message("search first");
    ToolCall search = planner.callTool("search", Map.of("q", "sluice"));
    assertEquals(ACCEPTED, search.started());
    assertEquals(ACCEPTED, search.result("a gate"));
    run.remember("topic", "water");
    assertEquals(ACCEPTED, planner.handOver(writer));
    assertEquals(ACCEPTED, planner.endStep());
    assertEquals(ACCEPTED, writer.beginStep());
    LlmNode model = run.llm(NodeOutput.ANSWER);
    model.onToken("A gate.");
    model.onComplete("A gate.");
    assertEquals(ACCEPTED, writer.endStep());
    assertEquals(ACCEPTED, run.end(Map.of("question", "?")));
    String use = "{\"tool\":\"search\",\"toolInput\":{\"q\":\"sluice\"},\"toolOutput\":";
    String first =
        "{\"agentName\":\"Planner\",\"nodeId\":\"n1\",\"messages\":[\"search first\"],"
            + "\"usedTools\":["
            + use
            + "\"a gate\"}],\"next\":\"Writer\",\"state\":{\"topic\":\"water\"}}";
    String second =
        "{\"agentName\":\"Writer\",\"nodeId\":\"n2\",\"messages\":[],\"usedTools\":[],"
            + "\"state\":{\"topic\":\"water\"}}";
    assertEquals(
        List.of(
            "{\"event\":\"start\",\"data\":\"\"}",
            "{\"event\":\"nextAgent\",\"data\":\"Planner\"}",
            "{\"event\":\"calledTools\",\"data\":[" + use + "\"\"}]}",
            "{\"event\":\"tool\",\"data\":" + use + "\"a gate\"},\"type\":\"toolResponse\"}",
            "{\"event\":\"usedTools\",\"data\":[" + use + "\"a gate\"}]}",
            "{\"event\":\"nextAgent\",\"data\":\"Writer\"}",
            "{\"event\":\"agentReasoning\",\"data\":[" + first + "]}",
            "{\"event\":\"token\",\"data\":\"A gate.\",\"type\":\"finalResponse\"}",
            "{\"event\":\"agentReasoning\",\"data\":[" + first + "," + second + "]}",
            "{\"event\":\"metadata\",\"data\":{\"chatId\":\"chat-1\",\"question\":\"?\"}}",
            "{\"event\":\"end\",\"data\":\"[DONE]\"}"),
        fixture.all());
  }

  @Test
  void whoWasNotAnnouncedForWantOfRoomIsAnnouncedLater() {
    AgentFixture small = new AgentFixture(4096);
    small.events.start(CHAT);
    small.events.start("hog");
    while (small.events.token("hog", "x".repeat(256)) == ACCEPTED) {}
    AgentRun crowded = new AgentRun(small.events, CHAT);
    AgentNode agent = crowded.agent("A", "1");
    assertEquals(OVER_BUDGET, agent.beginStep());
    assertEquals(OVER_BUDGET, agent.beginStep());
    small.chats.delete("hog");
    assertEquals(ACCEPTED, agent.beginStep());
    assertEquals(ACCEPTED, agent.beginStep());
    assertEquals(
        1,
        small.all().stream().filter(e -> e.contains("\"nextAgent\"")).count(),
        small.all()::toString);
  }

  @Test
  void beginsOnceWhoeverBeginsIt() {
    run.begin();
    run.begin();
    run.agent("A", "1").beginStep();
    long starts = fixture.all().stream().filter(e -> e.contains("\"start\"")).count();
    assertEquals(1, starts);
  }

  @Test
  void anAgentMayHaveSeveralSteps() {
    AgentNode agent = run.agent("A", "1");
    agent.beginStep();
    agent.message("one");
    agent.endStep();
    agent.beginStep();
    agent.message("two");
    agent.endStep();
    List<String> all = fixture.all();
    String last = all.get(all.size() - 1);
    assertTrue(last.contains("[\"one\"]") && last.contains("[\"two\"]"), last);
    assertEquals(2, all.stream().filter(e -> e.contains("nextAgent")).count());
  }

  @Test
  void aToolThatFailsSaysSoAndTheAgentGoesOn() {
    AgentNode agent = run.agent("A", "1");
    agent.beginStep();
    assertEquals(ACCEPTED, agent.callTool("t", "in").error("no such city"));
    assertEquals(ACCEPTED, agent.callTool("t", "in2").result(List.of(1)));
    assertEquals(ACCEPTED, agent.endStep());
    List<String> all = fixture.all();
    String tools = all.get(all.size() - 2);
    assertTrue(tools.startsWith("{\"event\":\"usedTools\""), tools);
    assertTrue(tools.contains("\"error\":\"no such city\""), tools);
    assertTrue(tools.contains("\"toolOutput\":[1]"), tools);
  }

  @Test
  void stateIsForgottenByNull() {
    run.remember("a", 1);
    run.remember("a", null);
    run.remember("b", 2);
    assertEquals(Map.of("b", 2), run.state());
  }

  @Test
  void tellsAnAgentThatTheRunWasStopped() {
    AgentNode agent = run.agent("A", "1");
    agent.beginStep();
    fixture.chat().stop();
    assertEquals(RUN_STOPPED, agent.callTool("t", "in").started());
    assertEquals(RUN_STOPPED, agent.endStep());
    assertEquals(RUN_STOPPED, run.end(Map.of()));
  }
}
