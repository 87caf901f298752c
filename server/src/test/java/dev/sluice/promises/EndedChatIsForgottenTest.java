package dev.sluice.promises;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** A chat that nobody uses is forgotten after its time; one that somebody uses is not. */
class EndedChatIsForgottenTest {
  @Test
  void onlyWhatNobodyUsesIsForgotten() throws IOException {
    try (TestServer server = TestServer.wish().chatTtlMs(80).start()) {
      Calls calls = new Calls(server.uri());
      calls.publish("running", "{\"event\":\"token\",\"data\":\"x\"}");
      calls.publish("read", "[{\"event\":\"token\",\"data\":\"x\"},{\"event\":\"end\"}]");
      try (EventStream reader = EventStream.open(server.uri(), "read", "?mode=follow");
          EventStream waiting = EventStream.open(server.uri(), "awaited")) {
        Event end = reader.await("end");
        for (int i = 0; i < 3; i++) {
          calls.publish("ended", "[{\"event\":\"token\",\"data\":\"x\"},{\"event\":\"end\"}]");
          Eventually.isTrue(
              "ended is forgotten", () -> calls.get("/v1/chats/ended").status() == 404);
        }
        assertEquals(200, calls.get("/v1/chats/running").status());
        assertEquals(200, calls.get("/v1/chats/read").status());
        assertEquals(200, calls.get("/v1/chats/awaited").status());
        calls.publish("read", "{\"event\":\"start\"}");
        assertEquals(end.offset() + 1, reader.await("start").offset());
        calls.publish("awaited", "{\"event\":\"end\"}");
        calls.publish("awaited", "{\"event\":\"start\"}");
        assertTrue(waiting.await("start").is("start"));
      }
      calls.publish("running", "{\"event\":\"end\"}");
      Eventually.isTrue(
          "running is forgotten after its end",
          () -> calls.get("/v1/chats/running").status() == 404);
      Eventually.isTrue(
          "the logs cost nothing any more",
          () -> {
            calls.delete("/v1/chats/read");
            calls.delete("/v1/chats/awaited");
            return calls.get("/metrics").body().contains("sluice_log_bytes 0.0");
          });
    }
  }

  @Test
  void whoComesBackWithAnIdOfTheForgottenLogIsToldSo() throws IOException {
    try (TestServer server = TestServer.wish().chatTtlMs(80).start()) {
      Calls calls = new Calls(server.uri());
      String lastId =
          calls
              .publish("c", "[{\"event\":\"token\",\"data\":\"x\"},{\"event\":\"end\"}]")
              .json()
              .path("lastId")
              .asString();
      Eventually.isTrue("forgotten", () -> calls.get("/v1/chats/c").status() == 404);
      try (EventStream stream =
          EventStream.open(RawConnection.open(server.uri()), "c", "", lastId, in -> in)) {
        calls.publish("c", "[{\"event\":\"token\",\"data\":\"y\"},{\"event\":\"end\"}]");
        Event gap = Objects.requireNonNull(stream.next());
        assertEquals("epoch", gap.data().path("reason").asString());
        assertEquals("y", stream.await("token").text());
      }
    }
  }

  /** Nobody has an id of a chat in which nothing has happened. */
  @Test
  void aChatThatNothingWasPublishedToGoesAtOnce() throws IOException {
    try (TestServer server = TestServer.wish().chatTtlMs(600_000).start()) {
      Calls calls = new Calls(server.uri());
      try (EventStream waiting = EventStream.open(server.uri(), "awaited")) {
        assertEquals(200, waiting.head().status());
        assertEquals(200, calls.get("/v1/chats/awaited").status());
      }
      Eventually.isTrue(
          "awaited went with its reader", () -> calls.get("/v1/chats/awaited").status() == 404);
      assertEquals(200, calls.publish("nothing", "{\"event\":\"end\"}").status());
      assertEquals(404, calls.get("/v1/chats/nothing").status());
      calls.publish("said", "[{\"event\":\"token\",\"data\":\"x\"},{\"event\":\"end\"}]");
      try (EventStream reader = EventStream.open(server.uri(), "said")) {
        assertEquals(3, reader.all().size());
      }
      assertEquals(200, calls.get("/v1/chats/said").status(), "another tab may want it");
      Eventually.isTrue("only that one is left", () -> Numbers.of(server).of("sluice_chats") == 1);
    }
  }
}
