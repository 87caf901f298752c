package dev.sluice.promises;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** When a producer's connection breaks, its runs end with an error, and half a line is nothing. */
class ProducerLostEndsTheRunTest {
  private static final String ONE = "{\"event\":\"token\",\"data\":\"one\"}\n";
  private static final String HALF = "{\"event\":\"token\",\"data\":\"half\"}";

  enum Break {
    RESET,
    CLOSE,
    HALF_CLOSE
  }

  @ParameterizedTest
  @EnumSource
  void readersAreToldAndTheBodyIsCompleted(Break how) throws IOException {
    try (TestServer server = TestServer.start();
        EventStream stream = EventStream.open(server.uri(), "c")) {
      try (RawConnection producer = new Calls(server.uri()).openLines("c")) {
        producer.chunk(ONE + HALF);
        assertEquals("one", stream.await("token").text());
        switch (how) {
          case RESET -> producer.reset();
          case HALF_CLOSE -> producer.shutdownOutput();
          default -> producer.hangUp();
        }
        Event error = stream.await("error");
        assertTrue(error.data().isString());
        assertFalse(error.text().isEmpty());
        assertEquals("producer_lost", error.json().path("detail").path("code").asString());
        assertTrue(stream.await("end").is("end"));
        assertNull(stream.next());
      }
      Response state = new Calls(server.uri()).get("/v1/chats/c");
      assertTrue(state.body().contains("producer_lost"), state.body());
      assertFalse(state.body().contains("half"));
    }
  }

  @Test
  void aRunOfAnotherProducerGoesOn() throws IOException {
    try (TestServer server = TestServer.start();
        EventStream stream = EventStream.open(server.uri(), "c", "?run=other")) {
      Calls calls = new Calls(server.uri());
      try (RawConnection producer = calls.openLines("c");
          RawConnection other = calls.openLines("c")) {
        other.chunk("{\"event\":\"token\",\"data\":\"1\",\"run\":\"other\"}\n");
        assertEquals("1", stream.await("token").text());
        try (EventStream all = EventStream.open(server.uri(), "c", "?from=live")) {
          producer.chunk("{\"event\":\"token\",\"data\":\"x\",\"run\":\"mine\"}\n");
          assertEquals("x", all.await("token").text());
          producer.reset();
          assertEquals("mine", all.await("end").run());
        }
        other.chunk("{\"event\":\"token\",\"data\":\"2\",\"run\":\"other\"}\n");
        assertEquals("2", stream.await("token").text());
        other.chunk("{\"event\":\"end\",\"run\":\"other\"}\n");
        assertTrue(stream.await("end").is("end"));
        other.send("0\r\n\r\n");
        assertEquals(200, other.response().status());
      }
    }
  }

  @Test
  void aProducerThatIsRefusedForABadLineCanGoOnWithItsRun() throws IOException {
    try (TestServer server = TestServer.start();
        EventStream stream = EventStream.open(server.uri(), "c")) {
      Calls calls = new Calls(server.uri());
      try (RawConnection producer = calls.openLines("c")) {
        producer.chunk(ONE + "nonsense\n");
        assertEquals(400, producer.response().status());
      }
      calls.publish("c", "{\"event\":\"token\",\"data\":\"two\"}");
      calls.publish("c", "{\"event\":\"end\"}");
      var events = stream.all();
      assertEquals("onetwo", Readers.text(events, null, "agentReasoning"));
      assertTrue(events.stream().noneMatch(event -> event.is("error")));
    }
  }
}
