package dev.sluice.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** A model server that Sluice's authors did not write, behind Sluice. */
@Needs(Tool.NODE)
@SuppressWarnings("NullAway.Init")
class AimockUpstreamTest {
  private static final List<String> TOOL_EVENTS = List.of("calledTools", "usedTools", "tool");

  private static AimockServer model;
  private static ServerUnderTest server;

  @BeforeAll
  static void start() {
    model = AimockServer.start();
    server =
        ServerUnderTest.start("--upstream-url", model.uri() + "/v1", "--upstream-model", "gpt-4o");
  }

  @AfterAll
  static void stop() {
    model.close();
    server.close();
  }

  /** The model server cuts "split pair" in the middle of surrogate pairs. */
  @ParameterizedTest
  @ValueSource(strings = {"plain", "split pair", "think"})
  void handsOnReasoningAndAnswer(String question) {
    List<JsonNode> messages = ask(question);
    JsonNode fixture = AimockServer.fixture(question);
    assertEquals(fixture.path("content").asString(), Frame.text(messages, "finalResponse"));
    assertEquals(fixture.path("reasoning").asString(""), Frame.text(messages, "agentReasoning"));
    assertFalse(Frame.events(messages).contains("error"), messages::toString);
  }

  @Test
  void handsOnToolCalls() {
    String tools =
        ask("weather").stream()
            .filter(message -> TOOL_EVENTS.contains(Frame.event(message)))
            .map(JsonNode::toString)
            .reduce("", String::concat);
    int weather = tools.indexOf("get_weather");
    assertTrue(weather >= 0 && weather < tools.lastIndexOf("get_time"), tools);
    assertTrue(tools.contains("Zürich") && tools.contains("Europe/Zurich"), tools);
  }

  @Test
  void saysWhyTheModelServerRefused() {
    List<JsonNode> messages = ask("refused");
    assertEquals("", Frame.text(messages, "finalResponse"));
    assertEquals(400, error(messages).at("/detail/status").asInt());
  }

  @Test
  void saysThatTheModelServerBrokeOff() {
    List<JsonNode> messages = ask("breaks off");
    String answer = Frame.text(messages, "finalResponse");
    assertTrue(
        AimockServer.fixture("breaks off").path("content").asString().startsWith(answer), answer);
    assertFalse(error(messages).path("data").asString().isEmpty());
  }

  private static List<JsonNode> ask(String question) {
    ChatOverHttp chat = ChatOverHttp.fresh(server);
    String runId = chat.ask(question);
    List<JsonNode> messages = chat.messages("run=" + runId);
    assertEquals("start", Frame.event(messages.get(0)));
    assertEquals("end", Frame.event(messages.get(messages.size() - 1)));
    return messages;
  }

  private static JsonNode error(List<JsonNode> messages) {
    List<JsonNode> errors = new ArrayList<>(messages);
    errors.removeIf(message -> !Frame.event(message).equals("error"));
    assertEquals(1, errors.size(), messages::toString);
    assertTrue(errors.get(0).path("data").isString());
    return errors.get(0);
  }
}
