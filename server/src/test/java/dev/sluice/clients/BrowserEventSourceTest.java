package dev.sluice.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.Collections;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

@Needs(Tool.BROWSER)
class BrowserEventSourceTest {
  private static final int ROUNDS = 100;
  private static final int CUTS = 25;
  private static final int CUT_MAX_BYTES = 1500;
  private static final int HEAD_MAX_BYTES = 500;

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
      List<JsonNode> messages = messages(browser);
      assertEquals(events, Frame.events(messages));
      assertEquals(text.toString(), Frame.text(messages, "finalResponse"));
      assertEquals(ROUNDS, lastRound(messages));
      assertTrue(browser.script("return reopened").asInt() >= 1);
    }
  }

  /**
   * Cuts fall into heads, chunk sizes, ids and characters, as ends or as resets of the connection.
   * Only into heads they are resets alone: Chromium takes the end of a connection for the end of
   * the head, finds no event stream announced in it, and closes the source for good.
   */
  @Test
  void losesAndDoublesNothingWhenItIsCutOffAnywhere() {
    Random random = new Random(7);
    List<Integer> cuts =
        random
            .ints(CUTS, 2, CUT_MAX_BYTES)
            .map(bytes -> bytes < HEAD_MAX_BYTES ? LoopbackProxy.asReset(bytes) : bytes)
            .boxed()
            .toList();
    try (ServerUnderTest server = ServerUnderTest.start("--retry-ms", "40", "--cors-origins", "*");
        LoopbackProxy proxy = LoopbackProxy.to(server);
        Browser browser = Browser.start()) {
      ChatOverHttp chat = ChatOverHttp.fresh(server);
      // A page of another origin, and not the server's own, which may call nobody else.
      browser.open(server.uri() + "/api/v1/ping");
      proxy.cutAfter(cuts);
      subscribe(browser, new ChatOverHttp(proxy, chat.chatId()));

      StringBuilder text = new StringBuilder();
      int rounds = 0;
      Deadline deadline = new Deadline();
      while (proxy.cutsLeft() > 0 || rounds < ROUNDS) {
        String token = ++rounds + ". Zürich 漢字 🙂,\n";
        text.append(token);
        chat.publishToken(token, "finalResponse");
        chat.publish("{\"event\":\"round\",\"data\":" + rounds + "}");
        assertTrue(deadline.leftMs() > 0, () -> proxy.cutsLeft() + " cuts did not come");
      }
      chat.publishEnd();

      browser.await("source.readyState === EventSource.CLOSED");
      List<JsonNode> messages = messages(browser);
      assertEquals(text.toString(), Frame.text(messages, "finalResponse"));
      assertEquals(rounds, lastRound(messages));
      List<String> events = Frame.events(messages);
      assertEquals(1, Collections.frequency(events, "start"));
      assertEquals("start", events.get(0));
      assertEquals(1, Collections.frequency(events, "end"));
      assertEquals("end", events.get(events.size() - 1));

      // Each cut, the stream to its end, and the request that was answered with 204; no more.
      List<String> requests = requests(proxy);
      assertTrue(requests.size() >= CUTS + 2, requests::toString);
      assertTrue(requests.get(requests.size() - 1).contains("Last-Event-ID: "));
      browser.script("window.later = false; setTimeout(() => { later = true; }, 400);");
      browser.await("later");
      assertEquals(requests.size(), requests(proxy).size());
    }
  }

  /** The heads of all requests, of which a connection may have carried several. */
  private static List<String> requests(LoopbackProxy proxy) {
    return proxy.connections("GET").stream()
        .flatMap(connection -> Arrays.stream(connection.sent().split("\r\n\r\n")))
        .toList();
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

  private static List<JsonNode> messages(Browser browser) {
    return browser
        .script("return messages")
        .valueStream()
        .map(data -> JsonMapper.shared().readTree(data.asString()))
        .toList();
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
