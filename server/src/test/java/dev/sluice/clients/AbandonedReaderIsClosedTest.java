package dev.sluice.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/**
 * flowise-sdk does not close its connection when its caller breaks out of the loop: a reader that
 * stops reading, for ever. It is closed as stalled, and nobody else notices.
 */
@Needs(Tool.NODE)
class AbandonedReaderIsClosedTest {
  private static final int TOKENS = 16;
  private static final int TOKEN_CHARS = 500_000;

  @Test
  void whoBrokeOutOfTheLoopIsClosedAndTheOthersGetEverything() {
    // Which of the two limits it meets first would be a matter of luck.
    try (ServerUnderTest server =
        ServerUnderTest.start(
            "--stall-timeout-ms=1500", "--max-lag-bytes=0", "--demo-token-delay-ms=60000")) {
      ChatOverHttp chat = ChatOverHttp.fresh(server);
      try (NodeClient client =
          NodeClient.start(
              "flowise-sdk-abandon.mjs", chat.server(), "demo", "Who stays?", chat.chatId(), "2")) {
        assertEquals("start", Frame.event(next(client)));
        assertEquals("token", Frame.event(next(client)));
        assertTrue(next(client).path("abandoned").asBoolean());
        try (OpenStream witness = OpenStream.get(chat.uri("/stream"))) {
          StringBuilder published = new StringBuilder();
          for (int i = 0; i < TOKENS; i++) {
            String token = Character.toString('a' + i).repeat(TOKEN_CHARS);
            published.append(token);
            chat.publishToken(token, "finalResponse");
          }
          Deadline.await(() -> chat.subscribers() == 1, () -> numbers(server));
          assertTrue(
              numbers(server).contains("sluice_streams_closed_total{reason=\"stalled\"} 1.0\n"));
          chat.stop();
          witness.awaitLast("end");
          // The demo has said something, too.
          String text = Frame.text(witness.messages(), "finalResponse");
          assertTrue(text.replaceAll("[^a-p]", "").contains(published), "not everything came");
          // What the other one did not take is still there for whoever comes.
          assertEquals(text, Frame.text(chat.messages("from=start"), "finalResponse"));
        }
      }
    }
  }

  private static JsonNode next(NodeClient client) {
    return client.next().orElseThrow(() -> new AssertionError("the client has ended"));
  }

  private static String numbers(RunningServer server) {
    HttpRequest request = HttpRequest.newBuilder(URI.create(server.uri() + "/metrics")).build();
    try {
      return HttpClient.newHttpClient().send(request, BodyHandlers.ofString()).body();
    } catch (IOException e) {
      throw new AssertionError("no numbers", e);
    } catch (InterruptedException e) {
      throw Deadline.interrupted(e);
    }
  }
}
