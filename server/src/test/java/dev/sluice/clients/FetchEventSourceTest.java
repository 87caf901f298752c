package dev.sluice.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@Needs(Tool.NODE)
class FetchEventSourceTest {
  private static final List<String> TOKENS = List.of("def f(x):", "\n    ", "return x", "\n", "#");
  private static final int HEARTBEATS = 3;

  @Test
  void dispatchesNoEmptyMessageForAHeartbeat() {
    try (ServerUnderTest server = ServerUnderTest.start("--heartbeat-ms", "200")) {
      ChatOverHttp chat = ChatOverHttp.fresh(server);
      try (NodeClient client = start(server, chat);
          OpenStream witness = OpenStream.get(chat.uri("/stream"))) {
        awaitSubscribers(chat, 2);
        // Heartbeats come before the first token, too.
        witness.awaitMore(":hb", HEARTBEATS);
        for (String token : TOKENS) {
          chat.publishToken(token, "finalResponse");
          witness.awaitMore(":hb", HEARTBEATS);
        }
        chat.publishEnd();

        List<JsonNode> messages = payloads(client.rest());
        assertEquals(String.join("", TOKENS), Frame.text(messages, "finalResponse"));
        assertEquals("start", Frame.event(messages.get(0)));
        assertEquals("end", Frame.event(messages.get(messages.size() - 1)));
      }
    }
  }

  @Test
  void goesOnWhereItWasAfterTheTabWasHidden() {
    try (ServerUnderTest server = ServerUnderTest.start("--demo-token-delay-ms", "20")) {
      ChatOverHttp chat = ChatOverHttp.fresh(server);
      chat.ask("hidden after three messages");
      List<JsonNode> messages =
          payloads(
              NodeClient.run(
                  "fetch-event-source.mjs", server.uri().toString(), chat.chatId(), "", "3"));

      List<JsonNode> published = chat.messages("from=start");
      for (String type : List.of("agentReasoning", "finalResponse")) {
        assertEquals(Frame.text(published, type), Frame.text(messages, type));
      }
      assertEquals(1, messages.stream().filter(m -> Frame.event(m).equals("start")).count());
    }
  }

  /** The client repeats the POST when its connection breaks; that must not cost another answer. */
  @Test
  void aPredictionThatIsRepeatedAfterACutAsksTheModelOnce() {
    try (HandAnsweredServer server = HandAnsweredServer.start("http://127.0.0.1");
        CuttingProxy proxy = CuttingProxy.before(server, List.of())) {
      ChatOverHttp chat = ChatOverHttp.fresh(server);
      try (NodeClient client =
          NodeClient.start(
              "fetch-event-source-post.mjs",
              proxy.uri().toString(),
              "flow",
              chat.chatId(),
              "Who pays?")) {
        HandAnsweredServer.Asked asked = server.nextQuestion();
        List<JsonNode> calls = new ArrayList<>();
        for (int i = 0; i < 3; i++) {
          asked.say("before " + i);
          while (!Frame.text(payloads(calls), "finalResponse").endsWith("before " + i)) {
            calls.add(client.next().orElseThrow());
          }
          proxy.reset();
          asked.say(", meanwhile " + i + ", ");
        }
        asked.end();
        calls.addAll(client.rest());
        List<JsonNode> messages = payloads(calls);
        assertEquals(
            "before 0, meanwhile 0, before 1, meanwhile 1, before 2, meanwhile 2, ",
            Frame.text(messages, "finalResponse"));
        List<String> events = Frame.events(messages);
        assertEquals(1, Collections.frequency(events, "start"), events::toString);
        assertEquals("end", events.get(events.size() - 1));
        assertEquals(4, proxy.connections());
        assertEquals(1, chat.state().path("runs").size(), () -> chat.state().toString());
      }
    }
  }

  private static NodeClient start(RunningServer server, ChatOverHttp chat) {
    return NodeClient.start("fetch-event-source.mjs", server.uri().toString(), chat.chatId());
  }

  private static void awaitSubscribers(ChatOverHttp chat, int count) {
    Deadline.await(
        () -> chat.state().path("subscribers").asInt() == count, () -> chat.state().toString());
  }

  /** What each call of onmessage carried; an empty one is the client's answer to a blank line. */
  private static List<JsonNode> payloads(List<JsonNode> calls) {
    List<JsonNode> payloads = new ArrayList<>();
    for (JsonNode call : calls) {
      String data = call.path("data").asString();
      assertFalse(data.isEmpty(), () -> "an empty message among " + calls);
      assertEquals("", call.path("event").asString());
      payloads.add(JsonMapper.shared().readTree(data));
    }
    return payloads;
  }
}
