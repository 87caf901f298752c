package dev.sluice.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.chat.EventDraft;
import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import tools.jackson.databind.JsonNode;

/** The calls around the streams. */
class SmallCallsTest {
  private final EdgeFixture edge = new EdgeFixture();

  @AfterEach
  void close() {
    edge.close();
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "/api/v1/chatflows-streaming/f  | application/json          | {\"isStreaming\":true}",
        "/api/v1/public-chatbotConfig/f | application/json | "
            + "{\"uploads\":{},\"followUpPrompts\":{\"status\":true}}",
        "/api/v1/ping                   | text/plain; charset=utf-8 | pong",
        "/healthz                       | text/plain; charset=utf-8 | ok",
        "/readyz                        | text/plain; charset=utf-8 | ready",
        "/v1/info | application/json | {\"name\":\"sluice\",\"version\":\"test\",\"demo\":true}"
      })
  void smallAnswers(String path, String type, String body) {
    Answer answer = edge.get(path);
    assertEquals(200, answer.status());
    assertEquals(type, answer.field("content-type"));
    assertEquals(body, answer.body().strip());
    assertEquals("no-store", answer.field("cache-control"));
  }

  @Test
  void aWidgetLooksAsTheUpstreamSays() {
    String path = "GET /api/v1/public-chatbotConfig/verbatim HTTP/1.1\r\nHost: x\r\n\r\n";
    Connection connection = edge.connect();
    assertEquals("", connection.send(path).sent());
    VerbatimUpstream.Waiting waiting = edge.verbatim.waiting.get(0);
    assertEquals("verbatim", waiting.flow());
    waiting.taker().accept("{\"title\":\"T\"}".getBytes(StandardCharsets.UTF_8));
    Answer answer = connection.answer();
    assertEquals("{\"title\":\"T\"}", answer.body());
    assertEquals("application/json", answer.field("content-type"));

    connection.send(path);
    edge.verbatim.waiting.get(1).taker().accept(null);
    assertEquals(
        "{\"uploads\":{},\"followUpPrompts\":{\"status\":true}}", connection.answer().body());
  }

  @Test
  void nobodyIsToldWhoHasGone() {
    Connection connection = edge.connect();
    connection.send("GET /api/v1/public-chatbotConfig/verbatim HTTP/1.1\r\nHost: x\r\n\r\n");
    connection.close();
    edge.verbatim.waiting.get(0).taker().accept(null);
    assertEquals("", connection.sent());
  }

  @Test
  void numbersAreInPrometheusText() {
    edge.token("c", "x");
    Answer answer = edge.get("/metrics");
    assertTrue(String.valueOf(answer.field("content-type")).startsWith("text/plain"));
    assertTrue(answer.body().contains("sluice_events_total 2"), answer.body());
  }

  @Test
  void aHistogramThatIsNotThereIsAnsweredWithThoseThatAre() {
    for (String name : List.of("none", "none.hgrm", "lag.hdr", ".hlog", "LAG")) {
      Answer answer = edge.get("/v1/histograms/" + name);
      assertEquals("404 histogram_not_found", answer.outcome());
      assertTrue(answer.body().contains("time-to-first-token, token-gap"), answer.body());
    }
  }

  @Test
  void theStateOfAChat() {
    Connection reader = edge.connect();
    reader.subscribe("/v1/chats/%C3%A4%20+%2B/stream");
    JsonNode waiting = edge.get("/v1/chats/%C3%A4%20+%2B").json();
    assertEquals("\u00E4 ++", waiting.path("chatId").asString());
    assertEquals("waiting", waiting.path("state").asString());
    assertEquals(1, waiting.path("subscribers").asInt());
    edge.publish("\u00E4 ++", new EventDraft().event("start").run("r"));
    assertEquals("running", edge.get("/v1/chats/%C3%A4%20+%2B").json().path("state").asString());
    edge.publish("\u00E4 ++", new EventDraft().event("end").run("r"));
    assertTrue(Chunks.isComplete(reader.sent()));
    JsonNode ended = edge.get("/v1/chats/%c3%a4%20%2b%2b").json();
    String id = EdgeFixture.EPOCH + "-";
    assertEquals(
        "{\"chatId\":\"\u00E4 ++\",\"epoch\":"
            + EdgeFixture.EPOCH
            + ",\"firstId\":\""
            + id
            + "1\",\"lastId\":\""
            + id
            + "2\",\"state\":\"ended\",\"subscribers\":0,\"runs\":[{\"runId\":\"r\",\"state\":"
            + "\"completed\",\"firstId\":\""
            + id
            + "1\",\"lastId\":\""
            + id
            + "2\"}]}",
        ended.toString());
  }

  @Test
  void stopIsIdempotentAndTellsTheProducer() {
    edge.call("POST", "/v1/chats/c/runs", "application/json", "{\"question\":\"q\"}");
    boolean[] told = new boolean[1];
    edge.asked.get(0).run().listen(() -> told[0] = true);
    Connection reader = edge.connect();
    reader.subscribe("/v1/chats/c/stream?ids=off");
    String lastId = "";
    for (int i = 0; i < 3; i++) {
      Answer answer = edge.call("POST", "/v1/chats/c/stop", "", "");
      assertEquals(200, answer.status());
      assertEquals("c", answer.json().path("chatId").asString());
      String now = answer.json().path("lastId").asString();
      assertTrue(lastId.isEmpty() || lastId.equals(now), "a second stop wrote something");
      lastId = now;
    }
    assertTrue(told[0]);
    String frame = "message:\ndata:{\"event\":\"%s\",\"data\":\"[DONE]\"}\n\n";
    assertEquals(
        frame.replace("%s", "abort") + frame.replace("%s", "end"), Chunks.whole(reader.sent()));
  }

  @ParameterizedTest
  @CsvSource({"none", "c"})
  void abortIsAlwaysSaidToHaveWorked(String chatId) {
    edge.token("c", "x");
    Answer answer = edge.call("PUT", "/api/v1/chatmessage/abort/f/" + chatId, "", "");
    assertEquals("{\"status\":200,\"message\":\"Chat message aborted\"}", answer.body());
    assertEquals(
        chatId.equals("c") ? "ended" : "running",
        edge.get("/v1/chats/c").json().path("state").asString());
  }

  @Test
  void aDeletedChatIsForgottenAndItsNumberingBeginsAnew() {
    edge.token("c", "x");
    assertEquals(204, edge.call("DELETE", "/v1/chats/c", "", "").status());
    assertEquals("404 chat_not_found", edge.call("DELETE", "/v1/chats/c", "", "").outcome());
    edge.token("c", "y");
    JsonNode state = edge.get("/v1/chats/c").json();
    assertEquals(EdgeFixture.EPOCH + 1, state.path("epoch").asLong());
    assertEquals(EdgeFixture.EPOCH + 1 + "-2", state.path("lastId").asString());
  }

  @Test
  void aPathThatIsThereForOtherMethodsSaysWhichOnes() {
    assertEquals("DELETE, GET", edge.call("POST", "/v1/chats/c", "", "").field("allow"));
    assertEquals("POST", edge.get("/v1/chats/c/events").field("allow"));
  }

  @Test
  void pathsAreMatchedWholeWithOrWithoutQueryAndOrigin() {
    for (String path : List.of("/healthz?x=/y", "http://h/healthz", "https://h:1/healthz?a#b")) {
      assertEquals(200, edge.get(path).status(), path);
    }
    for (String path :
        List.of("/healthz/", "/HEALTHZ", "/healthz%20", "healthz", "*", "http://h")) {
      int status = edge.get(path).status();
      assertEquals(path.equals("http://h") ? 200 : 404, status, path);
    }
  }
}
