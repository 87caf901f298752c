package dev.sluice.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The npm packages eventsource and eventsource-parser. */
@Needs(Tool.NODE)
class EventSourcePackagesTest {

  @ParameterizedTest
  @ValueSource(strings = {"eventsource.mjs", "eventsource-parser.mjs"})
  void readsARunToItsEnd(String script) {
    try (ServerUnderTest server = ServerUnderTest.start("--demo-token-delay-ms", "2")) {
      ChatOverHttp chat = ChatOverHttp.fresh(server);
      chat.ask("read by " + script);
      List<JsonNode> messages =
          NodeClient.run(script, server.uri().toString(), chat.chatId()).stream()
              .map(message -> JsonMapper.shared().readTree(message.path("data").asString()))
              .toList();

      List<JsonNode> published = chat.messages("from=start");
      for (String type : List.of("agentReasoning", "finalResponse")) {
        assertEquals(Frame.text(published, type), Frame.text(messages, type));
      }
      assertEquals("start", Frame.event(messages.get(0)));
      assertEquals("end", Frame.event(messages.get(messages.size() - 1)));
    }
  }
}
