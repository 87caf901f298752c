package dev.sluice.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

/** Publishing one event or an array of them, and all the JSON that an event may carry. */
class EventsBodyTest {
  private final PublishFixture fixture = new PublishFixture();

  @AfterEach
  void close() {
    fixture.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"%s", "[%s]", " [ %s ,%s\n]\n", "\t%s "})
  void everyCutGivesTheSameEvents(String form) {
    String event = "{\"data\":{\"a\":[1,\"\u20AC\\n\"]}, \"event\":\"x\" ,\"k\":null}";
    byte[] bytes = form.replace("%s", event).getBytes(StandardCharsets.UTF_8);
    fixture.publish("/v1/chats/whole/events", PublishFixture.JSON, bytes);
    List<String> whole = fixture.logOf("whole");
    assertEquals("{\"event\":\"x\",\"data\":{\"a\":[1,\"\u20AC\\n\"]},\"k\":null}", whole.get(1));
    int[] all = new int[bytes.length - 1];
    for (int cut = 1; cut < bytes.length; cut++) {
      all[cut - 1] = cut;
      String path = "/v1/chats/c" + cut + "/events";
      assertEquals(200, fixture.publish(path, PublishFixture.JSON, bytes, cut).status());
      assertEquals(whole, fixture.logOf("c" + cut));
    }
    fixture.publish("/v1/chats/bytes/events", PublishFixture.JSON, bytes, all);
    assertEquals(whole, fixture.logOf("bytes"));
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      quoteCharacter = '\'',
      value = {
        "0                              | 0",
        "-0                             | -0",
        "-0.0                           | -0.0",
        "123456789012345678901234567890 | 123456789012345678901234567890",
        "1.10                           | 1.10",
        "1E400                          | 1E400",
        "0.1e-0999                      | 0.1e-0999",
        "true                           | true",
        "false                          | false",
        "null                           | null",
        "\"\"                           | \"\"",
        "\"\\u0041\\/\\u00e9\"           | \"A/\u00E9\"",
        "\"\\u2028\\u2029\\u0085\"       | \"\\u2028\\u2029\\u0085\"",
        "\"\\ud83d\\ude00\"              | \"\uD83D\uDE00\"",
        "\"\\ude00\\ud83d\"              | \"\\ude00\\ud83d\"",
        "\"\\u0000\\b\\f\\n\\r\\t\\u001f\" | \"\\u0000\\b\\f\\n\\r\\t\\u001f\"",
        "[ ]                            | []",
        "{ }                            | {}",
        "[ [ ] , { } , [ 1 , [ 2 ] ] ]  | [[],{},[1,[2]]]",
        "{ \"a\" : { \"b\" : [ ] } , \"a\" : 1 } | {\"a\":{\"b\":[]},\"a\":1}",
        "{ \"\\u0022\" : \"\\\\\" }     | {\"\\\"\":\"\\\\\"}"
      })
  void dataAndFurtherKeysAreKeptAsTheyAre(String json, String kept) {
    String body = "{\"event\":\"x\",\"z\":" + json + ",\"data\":" + json + ",\"a\":" + json + "}";
    assertEquals("200", fixture.json("c", body).outcome());
    assertEquals(
        "{\"event\":\"x\",\"data\":" + kept + ",\"z\":" + kept + ",\"a\":" + kept + "}",
        fixture.logOf("c").get(1));
  }

  @Test
  void rawUtf8IsKept() {
    String text = "\u00E4\u20AC\uD83D\uDE00\u007F\uFEFF";
    fixture.json("c", PublishFixture.token(text));
    assertEquals(text, fixture.textOf("c"));
  }

  @Test
  void nestingHasALimit() {
    String deep = "[".repeat(99) + "]".repeat(99);
    assertEquals("200", fixture.json("c", "{\"event\":\"x\",\"data\":" + deep + "}").outcome());
    String deeper = "[".repeat(150) + "]".repeat(150);
    assertEquals(
        "400 malformed_json",
        fixture.json("d", "{\"event\":\"x\",\"data\":" + deeper + "}").outcome());
  }

  @Test
  void anArrayIsTakenWholeOrNotAtAll() {
    String good = PublishFixture.token("x");
    for (String bad : List.of("{}", "5", "{\"event\":\"gap\",\"data\":1}", "x", "")) {
      Answer answer = fixture.json("c", "[" + good + "," + good + "," + bad + "]");
      assertTrue(answer.outcome().startsWith("400 "), answer.body());
      assertEquals(404, fixture.edge.get("/v1/chats/c").status(), bad);
    }
    assertEquals(2, fixture.json("c", "[" + good + ",5]").json().path("index").asInt(-1) + 1);
    Answer all = fixture.json("c", "[" + good + "," + good + "]");
    assertEquals(
        "{\"chatId\":\"c\",\"accepted\":2,\"lastId\":\"" + EdgeFixture.EPOCH + "-3\"}", all.body());
  }

  @Test
  void anEmptyArrayMakesNoChat() {
    assertEquals(
        "{\"chatId\":\"c\",\"accepted\":0,\"lastId\":null}", fixture.json("c", "[]").body());
    assertEquals(404, fixture.edge.get("/v1/chats/c").status());
  }

  @Test
  void theChatIdMayBeSaidAgainButNotAnother() {
    assertEquals("200", fixture.json("c", "{\"event\":\"start\",\"chatId\":\"c\"}").outcome());
    assertEquals(
        "400 chat_id_mismatch",
        fixture.json("c", "{\"event\":\"start\",\"chatId\":\"d\"}").outcome());
    assertEquals(1, fixture.logOf("c").size());
  }

  @Test
  void theLastOfTwoEqualKeysCounts() {
    fixture.json("c", "{\"event\":\"y\",\"event\":\"x\",\"data\":{\"a\":1},\"data\":\"b\"}");
    assertEquals("{\"event\":\"x\",\"data\":\"b\"}", fixture.logOf("c").get(1));
  }

  @ParameterizedTest
  @CsvSource({"null", "\"\""})
  void anEmptyTokenIsAcceptedAndMakesNoEvent(String data) {
    Answer answer = fixture.json("c", "{\"event\":\"token\",\"data\":" + data + "}");
    assertEquals("200", answer.outcome());
    assertEquals(List.of(), fixture.logOf("c"));
  }

  @Test
  void aBodyHasALimitWhetherItsLengthIsSaidOrNot() {
    String body = " ".repeat(EdgeFixture.MAX_BODY_BYTES - 2) + "[]";
    assertEquals("200", fixture.json("c", body).outcome());
    assertEquals("413 body_too_large", fixture.json("c", " " + body).outcome());
    Connection connection = fixture.edge.connect();
    connection.send(
        "POST /v1/chats/c/events HTTP/1.1\r\nHost: x\r\nContent-Type: "
            + PublishFixture.JSON
            + "\r\nTransfer-Encoding: chunked\r\n\r\n");
    String chunk = " ".repeat(EdgeFixture.MAX_BODY_BYTES / 2);
    connection.send(Integer.toHexString(chunk.length()) + "\r\n" + chunk + "\r\n");
    connection.send(Integer.toHexString(chunk.length()) + "\r\n" + chunk + "\r\n");
    assertEquals("", connection.sent());
    connection.send("2\r\n[]\r\n");
    assertEquals("413 body_too_large", connection.answer().outcome());
  }

  @Test
  void anEventHasALimitAlsoInAnArray() {
    String large = PublishFixture.token("x".repeat(EdgeFixture.MAX_EVENT_BYTES + 1));
    Answer answer = fixture.json("c", "[" + PublishFixture.token("x") + "," + large + "]");
    assertEquals("413 event_too_large", answer.outcome());
    assertEquals(1, answer.json().path("index").asInt());
  }

  @Test
  void aRunThatIsOverIsToldWithWhatWasAccepted() {
    fixture.json("c", "{\"event\":\"start\",\"run\":\"r\"}");
    fixture.json("c", "{\"event\":\"end\",\"run\":\"r\"}");
    String token = "{\"event\":\"token\",\"data\":\"x\",\"run\":\"";
    Answer answer = fixture.json("c", "[" + token + "s\"}," + token + "r\"}]");
    assertEquals("409 run_ended", answer.outcome());
    assertEquals(1, answer.json().path("index").asInt());
    assertEquals(1, answer.json().path("accepted").asInt());
  }
}
