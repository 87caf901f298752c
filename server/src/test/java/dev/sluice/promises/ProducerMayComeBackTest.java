package dev.sluice.promises;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.List;
import org.junit.jupiter.api.Test;

/**
 * The run of a publisher whose connection broke waits for it: who comes back in time goes on as if
 * nothing had been, who does not is lost.
 */
class ProducerMayComeBackTest {
  private static final long LONG_MS = 600_000;
  private static final long SHORT_MS = 100;

  @Test
  void aRunGoesOnOverAnotherConnection() throws IOException {
    try (TestServer server = TestServer.wish().producerGraceMs(LONG_MS).start();
        EventStream stream = EventStream.open(server.uri(), "c")) {
      Calls calls = new Calls(server.uri());
      try (RawConnection first = calls.openLines("c")) {
        first.chunk(token("r", "one ") + "{\"event\":\"token\",\"da");
        assertEquals("one ", stream.await("token").text());
        first.reset();
      }
      try (RawConnection second = calls.openLines("c")) {
        second.chunk(token("r", "two") + "{\"event\":\"end\",\"run\":\"r\"}\n");
        second.send("0\r\n\r\n");
        assertEquals(200, second.response().status());
      }
      List<Event> rest = stream.all();
      assertEquals("two", Readers.text(rest, null, "agentReasoning"));
      assertTrue(rest.stream().noneMatch(event -> event.is("error")));
      assertEquals("completed", state(calls, "/runs/0/state"));
    }
  }

  @Test
  void whoDoesNotComeBackInTimeIsLost() throws IOException {
    try (TestServer server = TestServer.wish().producerGraceMs(SHORT_MS).start();
        EventStream stream = EventStream.open(server.uri(), "c")) {
      try (RawConnection producer = new Calls(server.uri()).openLines("c")) {
        producer.chunk(token("r", "one"));
        assertEquals("one", stream.await("token").text());
        producer.reset();
        Event error = stream.await("error");
        assertEquals("producer_lost", error.json().path("detail").path("code").asString());
        assertEquals(List.of("end"), stream.all().stream().map(Event::name).toList());
      }
    }
  }

  /** It says nothing for as long as another run, of which nobody is left, takes to be lost. */
  @Test
  void whoHasComeBackBeforeTheOldConnectionBreaksNeedNotSayMore() throws IOException {
    try (TestServer server = TestServer.wish().producerGraceMs(SHORT_MS).start();
        EventStream stream = EventStream.open(server.uri(), "c", "?run=r")) {
      Calls calls = new Calls(server.uri());
      try (RawConnection old = calls.openLines("c");
          RawConnection back = calls.openLines("c")) {
        old.chunk(token("r", "one "));
        assertEquals("one ", stream.await("token").text());
        back.chunk(token("r", "two "));
        assertEquals("two ", stream.await("token").text());
        old.reset();
        for (int i = 0; i < 3; i++) {
          String other = "other-" + i;
          try (RawConnection lost = calls.openLines(other)) {
            lost.chunk(token("x", "x"));
            Eventually.isTrue("there", () -> calls.get("/v1/chats/" + other).status() == 200);
            lost.reset();
            Eventually.isTrue(
                "lost", () -> calls.get("/v1/chats/" + other).body().contains("producer_lost"));
          }
        }
        assertEquals("open", state(calls, "/runs/0/state"));
        back.chunk(token("r", "three") + "{\"event\":\"end\",\"run\":\"r\"}\n");
        assertEquals("three", stream.await("token").text());
      }
    }
  }

  @Test
  void aRequestThatEndsWithoutAnEndOfItsRunLeavesItOpen() throws IOException {
    try (TestServer server = TestServer.wish().producerGraceMs(0).start()) {
      Calls calls = new Calls(server.uri());
      try (RawConnection lines = calls.openLines("c")) {
        lines.chunk(token("r", "one")).send("0\r\n\r\n");
        assertEquals(200, lines.response().status());
      }
      assertEquals("open", state(calls, "/runs/0/state"));
    }
  }

  private static String state(Calls calls, String pointer) {
    return calls.get("/v1/chats/c").json().at(pointer).asString();
  }

  private static String token(String run, String text) {
    return "{\"event\":\"token\",\"run\":\"" + run + "\",\"data\":\"" + text + "\"}\n";
  }
}
