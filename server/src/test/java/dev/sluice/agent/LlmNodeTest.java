package dev.sluice.agent;

import static dev.sluice.agent.AgentFixture.CHAT;
import static dev.sluice.chat.PublishResult.ACCEPTED;
import static dev.sluice.chat.PublishResult.OVER_BUDGET;
import static dev.sluice.chat.PublishResult.RUN_STOPPED;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

class LlmNodeTest {
  private static final String THINKING = "{\"event\":\"thinking\",\"data\":\"hm\"}";
  private static final String USAGE =
      "{\"event\":\"usageMetadata\",\"data\":{\"output_tokens\":2}}";

  private final AgentFixture fixture = new AgentFixture();

  private static String token(String text, String type) {
    return "{\"event\":\"token\",\"data\":\"" + text + "\",\"type\":\"" + type + "\"}";
  }

  static Stream<Arguments> outputs() {
    return Stream.of(
        Arguments.of(NodeOutput.ANSWER, List.of(THINKING, token("Hello", "finalResponse"), USAGE)),
        Arguments.of(NodeOutput.STEP, List.of(THINKING, token("Hello", "agentReasoning"), USAGE)),
        Arguments.of(new NodeOutput(false, true), List.of(token("Hello", "finalResponse"), USAGE)),
        Arguments.of(new NodeOutput(false, false), List.of(USAGE)));
  }

  @ParameterizedTest
  @MethodSource("outputs")
  void publishesByWhatTheNodeIsFor(NodeOutput output, List<String> expected) {
    LlmNode node = begin(output);
    assertEquals(ACCEPTED, node.onThinking("hm"));
    assertEquals(ACCEPTED, node.onToken("Hel"));
    assertEquals(ACCEPTED, node.onToken("lo"));
    assertEquals(ACCEPTED, node.onComplete("Hello", Map.of("output_tokens", 2)));
    List<String> all = new ArrayList<>(fixture.all());
    all.remove(0);
    assertEquals(expected, all);
  }

  @Test
  void anAnswerThatCameInOnePieceIsPublished() {
    LlmNode node = begin(NodeOutput.ANSWER);
    node.onToken("");
    node.onComplete("All at once");
    assertEquals(token("All at once", "finalResponse"), fixture.all().get(1));
    assertEquals(2, fixture.chat().lastId().offset());
  }

  @Test
  void aModelWithoutATextSaysNothing() {
    LlmNode node = begin(NodeOutput.ANSWER);
    node.onToolCalls(List.of(Map.of("tool", "t")));
    node.onComplete(null);
    assertEquals("{\"event\":\"calledTools\",\"data\":[{\"tool\":\"t\"}]}", fixture.all().get(1));
    assertEquals(2, fixture.chat().lastId().offset());
  }

  @Test
  void aFailureEndsTheRunAndKeepsItsCauseToItself() {
    LlmNode node = begin(NodeOutput.ANSWER);
    node.onToken("Hel");
    assertEquals(ACCEPTED, node.onError(new IllegalStateException("key sk-123 is wrong")));
    String all = fixture.all().toString();
    assertTrue(all.contains("\"detail\":{\"code\":\"node_failed\"}"), all);
    assertFalse(all.contains("sk-123"), all);
    assertTrue(all.endsWith("{\"event\":\"end\",\"data\":\"[DONE]\"}]"), all);
  }

  @Test
  void publishesNothingMoreOnceItWasRefused() {
    LlmNode node = begin(NodeOutput.ANSWER);
    node.onToken("a");
    fixture.chat().stop();
    long stopped = fixture.chat().lastId().offset();
    assertEquals(RUN_STOPPED, node.onToken("b"));
    fixture.events.start(CHAT);
    assertEquals(RUN_STOPPED, node.onToken("c"));
    assertEquals(RUN_STOPPED, node.onThinking("c"));
    assertEquals(RUN_STOPPED, node.onToolCalls(List.of()));
    assertEquals(RUN_STOPPED, node.onComplete("abc", Map.of()));
    assertEquals(RUN_STOPPED, node.onError("no"));
    assertEquals(RUN_STOPPED, node.result());
    assertEquals(stopped + 1, fixture.chat().lastId().offset());
  }

  @Test
  void aTextThatDoesNotFitEndsWithAnErrorThatSaysSo() {
    AgentFixture small = new AgentFixture(4096);
    small.events.start(CHAT);
    LlmNode node = new LlmNode(small.events, CHAT, NodeOutput.ANSWER);
    while (node.onToken("x".repeat(512)) == ACCEPTED) {}
    assertEquals(OVER_BUDGET, node.result());
    String all = small.all().toString();
    assertTrue(all.contains("\"detail\":{"), all);
    assertTrue(all.contains("\"code\":\"over_budget\""), all);
    assertTrue(all.endsWith("{\"event\":\"end\",\"data\":\"[DONE]\"}]"), all);
  }

  private LlmNode begin(NodeOutput output) {
    fixture.events.start(CHAT);
    return new LlmNode(fixture.events, CHAT, output);
  }
}
