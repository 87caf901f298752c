package dev.sluice.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** Requests that say who sends them, and events with numbers. */
class NumberedEventsTest {
  private final PublishFixture fixture = new PublishFixture();

  @AfterEach
  void close() {
    fixture.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {PublishFixture.JSON, PublishFixture.NDJSON})
  void aRepeatedRequestHasNoEffect(String type) {
    String body = type.equals(PublishFixture.JSON) ? "[%s,%s]" : "%s\n%s\n";
    String events = body.formatted(event(1), event(2));
    for (int i = 0; i < 3; i++) {
      Answer answer = post(type, "Producer-Id: p\r\n", events);
      assertEquals("200", answer.outcome());
      assertEquals(2, answer.json().path("accepted").asInt());
    }
    assertEquals("12", fixture.textOf("c"));
    assertTrue(fixture.logOf("c").stream().noneMatch(json -> json.contains("seq")));
    assertEquals(
        "[{\"producerId\":\"p\",\"epoch\":0,\"lastSeq\":2}]",
        fixture.edge.get("/v1/chats/c").json().path("producers").toString());
  }

  @ParameterizedTest
  @CsvSource({PublishFixture.JSON + ",index,1", PublishFixture.NDJSON + ",line,2"})
  void aGapIsRefusedWithWhatWasExpected(String type, String place, int number) {
    String body = type.equals(PublishFixture.JSON) ? "[%s,%s]" : "%s\n%s\n";
    Answer answer = post(type, "Producer-Id: p\r\n", body.formatted(event(1), event(3)));
    assertEquals("409 seq_gap", answer.outcome());
    JsonNode problem = answer.json();
    assertEquals(2, problem.path("expectedSeq").asLong());
    assertEquals(3, problem.path("receivedSeq").asLong());
    assertEquals(1, problem.path("accepted").asInt());
    assertEquals(number, problem.path(place).asInt());
    Answer nothing = post(type, "Producer-Id: q\r\n", event(7));
    assertEquals(1, nothing.json().path("expectedSeq").asLong());
  }

  @Test
  void anOlderEpochIsShutOut() {
    post(PublishFixture.JSON, "Producer-Id: p\r\nProducer-Epoch: 4\r\n", event(1));
    Answer answer = post(PublishFixture.JSON, "Producer-Id: p\r\n", event(2));
    assertEquals("403 producer_fenced", answer.outcome());
    assertEquals(4, answer.json().path("epoch").asLong());
  }

  @Test
  void eachChatOfARequestCountsByItself() {
    String lines =
        """
        {"chatId":"a","event":"token","data":"1","seq":1}
        {"chatId":"b","event":"token","data":"1","seq":1}
        {"chatId":"a","event":"token","data":"2","seq":2}
        {"chatId":"b","event":"token","data":"1","seq":1}
        """;
    Answer answer = post("/v1/events", PublishFixture.NDJSON, "Producer-Id: p\r\n", lines);
    assertEquals(4, answer.json().path("accepted").asInt());
    assertEquals("12", fixture.textOf("a"));
    assertEquals("1", fixture.textOf("b"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "Producer-Id: a/b                          | 1 | bad_producer",
        "Producer-Epoch: 1                         | 1 | bad_producer",
        "Producer-Id: p~Producer-Epoch: -1         | 1 | bad_producer",
        "Producer-Id: p~Producer-Epoch: 1.0        | 1 | bad_producer",
        "Producer-Id: p~Producer-Epoch: x          | 1 | bad_producer",
        "Producer-Id: p~Producer-Epoch: 9007199254740992 | 1 | bad_producer",
        "Producer-Id: p                            | 0 | seq",
        "Producer-Id: p                            | -1 | seq",
        "Producer-Id: p                            | 1.0 | seq",
        "Producer-Id: p                            | '\"1\"' | seq",
        "Producer-Id: p                            | null | seq",
        "Producer-Id: p                            | [1] | seq",
        "Producer-Id: p                            | 9007199254740992 | seq",
        "Producer-Id: p                            | 99999999999999999999 | seq"
      })
  void whatIsNoNumberIsRefused(String fields, String seq, String code) {
    String head = fields.replace("~", "\r\n") + "\r\n";
    String event = "{\"event\":\"token\",\"data\":\"x\",\"seq\":" + seq + "}";
    assertEquals("400 " + code, post(PublishFixture.JSON, head, event).outcome());
    assertEquals("400 " + code, post(PublishFixture.NDJSON, head, event).outcome());
    assertEquals(404, fixture.edge.get("/v1/chats/c").status());
  }

  @Test
  void anEventWithoutANumberIsRefused() {
    Answer answer = post(PublishFixture.JSON, "Producer-Id: p\r\n", PublishFixture.token("x"));
    assertEquals("400 seq", answer.outcome());
  }

  @Test
  void withoutAProducerIdSeqIsAKeyLikeAnyOther() {
    post(PublishFixture.JSON, "", event(1));
    post(PublishFixture.JSON, "", event(1));
    assertEquals(3, fixture.logOf("c").size());
    assertTrue(fixture.logOf("c").get(1).endsWith(",\"seq\":1}"));
  }

  private Answer post(String type, String fields, String body) {
    return post("/v1/chats/c/events", type, fields, body);
  }

  private Answer post(String path, String type, String fields, String body) {
    return fixture
        .edge
        .connect()
        .send(
            "POST "
                + path
                + " HTTP/1.1\r\nHost: x\r\n"
                + fields
                + "Content-Type: "
                + type
                + "\r\nContent-Length: "
                + body.getBytes(StandardCharsets.UTF_8).length
                + "\r\n\r\n"
                + body)
        .answer();
  }

  private static String event(long seq) {
    return "{\"event\":\"token\",\"data\":\"" + seq + "\",\"seq\":" + seq + "}";
  }
}
