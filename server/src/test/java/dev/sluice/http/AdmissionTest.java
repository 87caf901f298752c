package dev.sluice.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Every limit has its own status and code, and what it counted is given back. */
class AdmissionTest {
  private static final String JSON = "application/json";
  private static final String QUESTION = "{\"question\":\"q\",\"chatId\":\"c\",\"streaming\":true}";

  @ParameterizedTest
  @CsvSource({
    "2, 9, 9, 429 too_many_subscribers_of_address",
    "9, 2, 9, 429 too_many_subscribers_of_chat",
    "9, 9, 2, 503 too_many_subscribers",
    "0, 9, 2, 503 too_many_subscribers"
  })
  void theThirdStreamIsRefusedUntilOneIsClosed(
      int perAddress, int perChat, int inAll, String refusal) {
    HttpSettings settings = EdgeFixture.settings(List.of(), perAddress, perChat, inAll);
    try (EdgeFixture edge = new EdgeFixture(settings, 64, 100)) {
      Connection first = edge.connect();
      assertEquals("200", Answer.parse(first.subscribe("/v1/chats/c/stream")).get(0).outcome());
      assertEquals("200", edge.get("/v1/chats/c/stream").outcome());
      for (int i = 0; i < 3; i++) {
        Answer refused = edge.get("/v1/chats/c/stream");
        assertEquals(refusal, refused.outcome());
        assertEquals("1", refused.field("retry-after"));
        assertEquals(refusal, edge.call("POST", "/api/v1/prediction/f", JSON, QUESTION).outcome());
      }
      assertEquals(List.of(), edge.asked, "a refused question reached the upstream");
      first.close();
      assertEquals("200", edge.get("/v1/chats/c/stream").outcome());
      assertEquals(refusal, edge.get("/v1/chats/c/stream").outcome());
    }
  }

  @Test
  void everyWayInIsRefusedWhenThereAreTooManyChats() {
    HttpSettings settings = EdgeFixture.settings(List.of(), 1, 9, 1);
    try (EdgeFixture edge = new EdgeFixture(settings, 64, 1)) {
      edge.event("only", "start");
      String start = "{\"event\":\"start\"}";
      String refusal = "503 too_many_chats";
      assertEquals(refusal, edge.call("POST", "/v1/chats/c/events", JSON, start).outcome());
      assertEquals(
          refusal,
          edge.call("POST", "/v1/chats/c/events", "application/x-ndjson", start).outcome());
      for (String body : List.of(QUESTION, QUESTION.replace("true", "false"))) {
        assertEquals(refusal, edge.call("POST", "/api/v1/prediction/f", JSON, body).outcome());
        assertEquals(refusal, edge.call("POST", "/v1/chats/c/runs", JSON, body).outcome());
      }
      for (int i = 0; i < 3; i++) {
        assertEquals(refusal, edge.get("/v1/chats/c/stream").outcome());
      }
      assertEquals(0, edge.edge.admission().openStreams());
      assertEquals("200", edge.get("/v1/chats/only/stream").outcome());
    }
  }

  @Test
  void aRunTooManyIsRefusedBeforeTheUpstreamIsAsked() {
    HttpSettings settings = EdgeFixture.settings(List.of(), 0, 9, 9);
    try (EdgeFixture edge = new EdgeFixture(settings, 1, 9)) {
      edge.event("c", "start");
      String refusal = "429 too_many_runs";
      for (String body : List.of(QUESTION, QUESTION.replace("true", "false"))) {
        assertEquals(refusal, edge.call("POST", "/api/v1/prediction/f", JSON, body).outcome());
        assertEquals(refusal, edge.call("POST", "/v1/chats/c/runs", JSON, body).outcome());
      }
      String other = "{\"event\":\"start\",\"run\":\"r\"}";
      assertEquals(refusal, edge.call("POST", "/v1/chats/c/events", JSON, other).outcome());
      assertEquals(List.of(), edge.asked);
      assertEquals(0, edge.edge.admission().openStreams());
    }
  }

  @Test
  void whileDrainingNothingNewBegins() {
    try (EdgeFixture edge = new EdgeFixture()) {
      edge.edge.admission().drain();
      String refusal = "503 draining";
      assertEquals(refusal, edge.get("/v1/chats/c/stream").outcome());
      for (String body : List.of(QUESTION, QUESTION.replace("true", "false"))) {
        assertEquals(refusal, edge.call("POST", "/api/v1/prediction/f", JSON, body).outcome());
        assertEquals(refusal, edge.call("POST", "/v1/chats/c/runs", JSON, body).outcome());
      }
      assertEquals(0, edge.edge.admission().openStreams());
      assertEquals("503", edge.get("/readyz").outcome());
      assertEquals("200", edge.get("/healthz").outcome());
      assertTrue(edge.numbers().contains("sluice_refusals_total{code=\"draining\"} 5"));
    }
  }
}
