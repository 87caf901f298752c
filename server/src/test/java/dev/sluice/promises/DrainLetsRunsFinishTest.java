package dev.sluice.promises;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.chat.RunPublisher;
import dev.sluice.frame.TokenType;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A server that is told to stop lets answers come to their end and says who has to come again. */
class DrainLetsRunsFinishTest {
  @Test
  void aRunThatIsOpenComesToItsEndAndWhoeverWaitsIsSentAway() throws Exception {
    try (TestServer server = TestServer.start()) {
      Calls calls = new Calls(server.uri());
      RunPublisher run = Objects.requireNonNull(server.chats().startRun("c"));
      try (EventStream reading = EventStream.open(server.uri(), "c");
          EventStream waiting = EventStream.open(server.uri(), "none")) {
        run.token(TokenType.FINAL_RESPONSE, "before");
        assertEquals("before", reading.await("token").text());
        CompletableFuture<Void> drained = drain(server);
        Eventually.isTrue("not ready", () -> calls.get("/readyz").status() == 503);
        assertNull(waiting.next());
        assertTrue(waiting.retryMs() > 0, "no time to come again was given");
        assertEquals("503 draining", outcome(calls.get("/v1/chats/c/stream")));
        assertEquals(
            "503 draining", outcome(calls.json("/v1/chats/c/runs", "{\"question\":\"q\"}")));
        assertEquals(200, calls.get("/healthz").status());
        assertFalse(drained.isDone(), "drained while a run was open");
        run.token(TokenType.FINAL_RESPONSE, "after");
        assertEquals("after", reading.await("token").text());
        assertEquals(200, calls.publish("c", "{\"event\":\"action\",\"data\":{}}").status());
        run.end();
        assertEquals(List.of("action", "end"), reading.all().stream().map(Event::name).toList());
        drained.get(30, TimeUnit.SECONDS);
        assertThrows(RuntimeException.class, () -> RawConnection.open(server.uri()).close());
      }
    }
  }

  @Test
  void whatDoesNotEndInTimeIsToldWhenToComeAgain() throws Exception {
    try (TestServer server = TestServer.wish().drainTimeoutMs(100).start()) {
      RunPublisher run = Objects.requireNonNull(server.chats().startRun("c"));
      try (EventStream reading = EventStream.open(server.uri(), "c")) {
        run.token(TokenType.FINAL_RESPONSE, "x");
        assertEquals("x", reading.await("token").text());
        CompletableFuture<Void> drained = drain(server);
        assertNull(reading.next());
        assertTrue(reading.retryMs() >= 500 && reading.retryMs() <= 1500);
        drained.get(30, TimeUnit.SECONDS);
      }
    }
  }

  private static String outcome(Response response) {
    return response.status() + " " + response.code();
  }

  private static CompletableFuture<Void> drain(TestServer server) {
    return CompletableFuture.runAsync(
        () -> {
          try {
            server.sluice().drain();
          } catch (InterruptedException e) {
            throw new AssertionError(e);
          }
        });
  }
}
