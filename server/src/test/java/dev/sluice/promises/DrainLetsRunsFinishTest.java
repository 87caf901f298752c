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
  private static final String TOKEN = "{\"event\":\"token\",\"data\":\"x\"}";

  @Test
  void aRunThatIsOpenComesToItsEndAndWhoeverWaitsIsSentAwayThen() throws Exception {
    try (TestServer server = TestServer.start()) {
      Calls calls = new Calls(server.uri());
      RunPublisher run = Objects.requireNonNull(server.chats().startRun("c"));
      try (EventStream reading = EventStream.open(server.uri(), "c");
          EventStream waiting = EventStream.open(server.uri(), "none")) {
        run.token(TokenType.FINAL_RESPONSE, "before");
        assertEquals("before", reading.await("token").text());
        CompletableFuture<Void> drained = drain(server);
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
        assertNull(waiting.next());
        assertTrue(waiting.retryMs() > 0, "no time to come again was given");
        drained.get(30, TimeUnit.SECONDS);
        assertThrows(RuntimeException.class, () -> RawConnection.open(server.uri()).close());
      }
    }
  }

  @Test
  void aRunThatNobodyReadsComesToItsEndToo() throws Exception {
    try (TestServer server = TestServer.start()) {
      Calls calls = new Calls(server.uri());
      calls.publish("c", TOKEN);
      CompletableFuture<Void> drained = drain(server);
      assertEquals(200, calls.publish("c", TOKEN).status());
      assertFalse(drained.isDone(), "drained while a run was open");
      assertEquals(200, calls.publish("c", "{\"event\":\"end\"}").status());
      drained.get(30, TimeUnit.SECONDS);
    }
  }

  @Test
  void noRunBeginsAnyMore() throws Exception {
    try (TestServer server = TestServer.start()) {
      Calls calls = new Calls(server.uri());
      calls.publish("c", TOKEN);
      calls.publish("stopped", TOKEN);
      calls.post("/v1/chats/stopped/stop");
      CompletableFuture<Void> drained = drain(server);
      assertEquals("503 draining", outcome(calls.publish("new", TOKEN)));
      assertEquals("1", calls.publish("new", TOKEN).head().field("retry-after"));
      String named = TOKEN.replace("}", ",\"run\":\"r\"}");
      assertEquals("503 draining", outcome(calls.publish("c", named)));
      assertEquals("409 run_stopped", outcome(calls.publish("stopped", TOKEN)));
      assertEquals("503 draining", outcome(calls.publish("stopped", "{\"event\":\"start\"}")));
      calls.publish("c", "{\"event\":\"end\"}");
      drained.get(30, TimeUnit.SECONDS);
    }
  }

  @Test
  void whoHasAllOfAFinishedChatNeedNotComeAgain() throws Exception {
    try (TestServer server = TestServer.start()) {
      Calls calls = new Calls(server.uri());
      calls.publish("done", "[" + TOKEN + ",{\"event\":\"end\"}]");
      calls.publish("c", TOKEN);
      String lastId = calls.get("/v1/chats/done").json().path("lastId").asString();
      CompletableFuture<Void> drained = drain(server);
      String resume = "/v1/chats/done/stream?lastEventId=";
      assertEquals(204, calls.get(resume + lastId).status());
      String before = lastId.replaceFirst("-.*", "-1");
      assertEquals("503 draining", outcome(calls.get(resume + before)));
      calls.publish("c", "{\"event\":\"end\"}");
      drained.get(30, TimeUnit.SECONDS);
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
        assertTrue(reading.retryMs() >= 500 && reading.retryMs() <= 1510);
        drained.get(30, TimeUnit.SECONDS);
      }
    }
  }

  @Test
  void withoutAReconnectionTimeNoneIsTold() throws Exception {
    try (TestServer server = TestServer.wish().retryMs(0).start();
        EventStream waiting = EventStream.open(server.uri(), "c")) {
      CompletableFuture<Void> drained = drain(server);
      assertNull(waiting.next());
      assertEquals(-1, waiting.retryMs());
      drained.get(30, TimeUnit.SECONDS);
    }
  }

  @Test
  void whoPublishesOrAsksForLongerIsToldHowFarItCame() throws Exception {
    CompletableFuture<Void> drained;
    try (TestServer server =
        TestServer.wish().drainTimeoutMs(100).demoTokenDelayMs(60_000).start()) {
      Calls calls = new Calls(server.uri());
      try (RawConnection lines = calls.openLines("c");
          RawConnection asking = RawConnection.open(server.uri())) {
        lines.chunk(TOKEN + "\n" + TOKEN + "\n");
        String question = "{\"question\":\"q\",\"chatId\":\"p\"}";
        asking.send(
            "POST /api/v1/prediction/any HTTP/1.1\r\nHost: x\r\n"
                + "Content-Type: application/json\r\n"
                + ("Content-Length: " + question.length() + "\r\n\r\n" + question));
        Eventually.isTrue("asked", () -> calls.get("/v1/chats/p").status() == 200);
        Eventually.isTrue(
            "two tokens",
            () -> {
              Response state = calls.get("/v1/chats/c");
              return state.status() == 200 && state.json().path("lastId").asString().endsWith("-3");
            });
        drained = drain(server);
        Response refused = lines.response();
        assertEquals("503 draining", outcome(refused));
        assertEquals(2, refused.json().path("accepted").asInt());
        assertEquals("503 draining", outcome(asking.response()));
      }
      drained.get(30, TimeUnit.SECONDS);
    }
  }

  @Test
  void aConnectionIsClosedWithItsNextAnswer() throws Exception {
    try (TestServer server = TestServer.start()) {
      Calls calls = new Calls(server.uri());
      calls.publish("c", TOKEN);
      try (RawConnection kept = RawConnection.open(server.uri())) {
        String ping = "GET /api/v1/ping HTTP/1.1\r\nHost: x\r\n\r\n";
        assertNull(kept.send(ping).response().head().field("connection"));
        CompletableFuture<Void> drained = drain(server);
        assertEquals("close", kept.send(ping).response().head().field("connection"));
        kept.awaitClose();
        calls.publish("c", "{\"event\":\"end\"}");
        drained.get(30, TimeUnit.SECONDS);
      }
    }
  }

  private static String outcome(Response response) {
    return response.status() + " " + response.code();
  }

  /** Begins to drain; returns once nothing new is let in, or it is done already. */
  private static CompletableFuture<Void> drain(TestServer server) {
    CompletableFuture<Void> drained =
        CompletableFuture.runAsync(
            () -> {
              try {
                server.sluice().drain();
              } catch (InterruptedException e) {
                throw new AssertionError(e);
              }
            });
    Eventually.isTrue(
        "not ready",
        () -> {
          try {
            return new Calls(server.uri()).get("/readyz").status() == 503;
          } catch (AssertionError | RuntimeException e) {
            // It listens no more.
            return true;
          }
        });
    return drained;
  }
}
