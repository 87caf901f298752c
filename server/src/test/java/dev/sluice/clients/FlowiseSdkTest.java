package dev.sluice.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

@Needs(Tool.NODE)
class FlowiseSdkTest {
  private static final String QUESTION = "Wie heißt \"das\"?";

  @Test
  void readsAPredictionToItsEnd() {
    try (ServerUnderTest server = ServerUnderTest.start("--demo-token-delay-ms", "2")) {
      ChatOverHttp chat = ChatOverHttp.fresh(server);
      List<JsonNode> messages = predict(server, chat.chatId());
      assertWholeRun(messages, chat.chatId());

      List<JsonNode> published = chat.messages("from=start");
      assertFalse(Frame.text(published, "finalResponse").isEmpty());
      for (String type : List.of("agentReasoning", "finalResponse")) {
        assertEquals(Frame.text(published, type), Frame.text(messages, type));
      }
    }
  }

  @Test
  void getsOnlyItsOwnRunOfAChat() {
    try (ServerUnderTest server = ServerUnderTest.start("--demo-token-delay-ms", "2")) {
      String chatId = ChatOverHttp.fresh(server).chatId();
      assertWholeRun(predict(server, chatId), chatId);
      assertWholeRun(predict(server, chatId), chatId);
    }
  }

  @Test
  void learnsTheChatThatTheServerNamed() {
    try (ServerUnderTest server = ServerUnderTest.start("--demo-token-delay-ms", "2")) {
      List<JsonNode> messages =
          NodeClient.run("flowise-sdk.mjs", server.uri().toString(), "demo", QUESTION);
      String chatId = metadata(messages).path("chatId").asString("");
      assertFalse(chatId.isEmpty());
      assertWholeRun(messages, chatId);
    }
  }

  private static List<JsonNode> predict(RunningServer server, String chatId) {
    return NodeClient.run("flowise-sdk.mjs", server.uri().toString(), "demo", QUESTION, chatId);
  }

  private static void assertWholeRun(List<JsonNode> messages, String chatId) {
    List<String> events = Frame.events(messages);
    for (String once : List.of("start", "metadata", "end")) {
      assertEquals(1, Collections.frequency(events, once), once + " in " + events);
    }
    assertEquals("start", events.get(0));
    assertEquals("end", events.get(events.size() - 1));
    assertEquals(chatId, metadata(messages).path("chatId").asString());
    assertTrue(
        messages.stream()
            .filter(message -> Frame.event(message).equals("token"))
            .allMatch(message -> message.path("type").isString()));
  }

  private static JsonNode metadata(List<JsonNode> messages) {
    return messages.stream()
        .filter(message -> Frame.event(message).equals("metadata"))
        .findFirst()
        .orElseThrow(() -> new AssertionError("no metadata in " + messages))
        .path("data");
  }
}
