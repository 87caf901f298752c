package dev.sluice.promises;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.chat.RunPublisher;
import dev.sluice.frame.TokenType;
import java.io.IOException;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/**
 * A reader that takes no byte is closed; one that takes few, and one that has nothing to take,
 * stay.
 */
class StalledReaderIsClosedTest {
  private static final String STALLED = "sluice_streams_closed_total{reason=\"stalled\"} ";
  private static final int TOKENS = 400;
  private static final String TOKEN = "x".repeat(50_000);

  @Test
  void whoTakesNothingIsClosedAndWhoReadsIsNot() throws IOException {
    try (TestServer server = TestServer.wish().stallTimeoutMs(400).start();
        EventStream idle = EventStream.open(server.uri(), "idle");
        EventStream reading = EventStream.open(server.uri(), "c");
        EventStream stalled =
            EventStream.open(RawConnection.open(server.uri(), 2048), "c", "", null, in -> in)) {
      RunPublisher run = Objects.requireNonNull(server.chats().startRun("c"));
      int chars = 0;
      for (int i = 1; i <= TOKENS; i++) {
        run.token(TokenType.FINAL_RESPONSE, TOKEN);
        while (chars < i * TOKEN.length()) {
          chars += reading.await("token").text().length();
        }
      }
      Calls calls = new Calls(server.uri());
      Eventually.isTrue(
          "closed as stalled", () -> calls.get("/metrics").body().contains(STALLED + "1"));
      boolean complete = true;
      try {
        stalled.all();
      } catch (IOException | AssertionError e) {
        complete = false;
      }
      assertFalse(complete, "a stalled stream must not look complete");
      assertEquals(1, server.chats().all().stream().filter(c -> c.chatId().equals("c")).count());
      run.end();
      assertTrue(reading.await("end").is("end"));
      RunPublisher other = Objects.requireNonNull(server.chats().startRun("idle"));
      other.end();
      assertEquals(List.of("start", "end"), idle.all().stream().map(Event::name).toList());
      assertTrue(calls.get("/metrics").body().contains(STALLED + "1"));
    }
  }
}
