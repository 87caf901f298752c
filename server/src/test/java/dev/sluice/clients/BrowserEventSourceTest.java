package dev.sluice.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@Needs(Tool.BROWSER)
class BrowserEventSourceTest {
  private static final int ROUNDS = 100;

  @Test
  void readsEveryEventOnceAndStopsAfterTheEnd() {
    try (ServerUnderTest server = ServerUnderTest.start();
        Browser browser = Browser.start()) {
      ChatOverHttp chat = ChatOverHttp.fresh(server);
      browser.open(server.uri() + "/");
      subscribe(browser, chat);
      browser.await("source.readyState === EventSource.OPEN");

      StringBuilder text = new StringBuilder();
      List<String> events = new ArrayList<>(List.of("start"));
      for (int round = 1; round <= ROUNDS; round++) {
        String token = "round " + round + ",\n";
        text.append(token);
        chat.publishToken(token, "finalResponse");
        chat.publish("{\"event\":\"round\",\"data\":" + round + "}");
        events.addAll(List.of("token", "round"));
      }
      chat.publishEnd();
      events.add("end");

      // The stream's body ends, the browser asks again by itself, and the answer to that is 204.
      browser.await("source.readyState === EventSource.CLOSED");
      List<JsonNode> messages =
          browser
              .script("return messages")
              .valueStream()
              .map(data -> JsonMapper.shared().readTree(data.asString()))
              .toList();
      assertEquals(events, Frame.events(messages));
      assertEquals(text.toString(), Frame.text(messages, "finalResponse"));
      assertEquals(ROUNDS, lastRound(messages));
      assertTrue(browser.script("return reopened").asInt() >= 1);
    }
  }

  private static void subscribe(Browser browser, ChatOverHttp chat) {
    browser.script(
        """
        window.messages = [];
        window.reopened = 0;
        window.source = new EventSource(arguments[0]);
        source.onmessage = (message) => messages.push(message.data);
        source.onerror = () => reopened++;
        """,
        chat.uri("/stream").toString());
  }

  private static int lastRound(List<JsonNode> messages) {
    int last = 0;
    for (JsonNode message : messages) {
      if (Frame.event(message).equals("round")) {
        assertEquals(last + 1, message.path("data").asInt());
        last++;
      }
    }
    return last;
  }
}
