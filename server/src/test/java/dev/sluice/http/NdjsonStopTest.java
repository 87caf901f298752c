package dev.sluice.http;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What a publisher of lines hears of a stop, and what becomes of the lines that it sends on. */
class NdjsonStopTest {
  private static final String EPOCH = EdgeFixture.EPOCH + "-";

  private final PublishFixture fixture = new PublishFixture();

  @AfterEach
  void close() {
    fixture.close();
  }

  @Test
  void aStoppedRunIsToldToItsPublisherAtOnce() {
    Connection connection = fixture.openLines("c");
    connection.send(PublishFixture.chunk(named("r", "x") + "\n"));
    stop("c");
    Answer begun = connection.answer();
    assertEquals("200 application/x-ndjson", begun.status() + " " + begun.field("content-type"));
    assertEquals("{\"stop\":\"r\"}\n", Chunks.soFar(begun.body()));
    connection.send(PublishFixture.chunk(named("r", "late") + "\n\n") + "0\r\n\r\n");
    assertEquals(
        "{\"chatId\":\"c\",\"accepted\":1,\"dropped\":1,\"lastId\":\"" + EPOCH + "4\"}\n",
        Chunks.whole(connection.sent()));
    assertFalse(connection.isOpen());
    assertFalse(fixture.textOf("c").contains("late"));
  }

  @Test
  void aRunWithoutANameIsToldByTheOneThatTheServerGaveIt() {
    Connection connection = fixture.openLines("c");
    connection.send(PublishFixture.chunk(PublishFixture.token("x") + "\n"));
    stop("c");
    String run = fixture.edge.get("/v1/chats/c").json().at("/runs/0/runId").asString();
    assertEquals("{\"stop\":\"" + run + "\"}\n", Chunks.soFar(connection.answer().body()));
    connection.send(PublishFixture.chunk(PublishFixture.token("late") + "\n"));
    assertEquals("", connection.sent());
  }

  @Test
  void theNextRunGoesOnTheSameRequest() {
    Connection connection = fixture.openLines("c");
    connection.send(PublishFixture.chunk(named("r", "x") + "\n"));
    stop("c");
    connection.send(
        PublishFixture.chunk(named("r", "late") + "\n{\"event\":\"start\",\"run\":\"s\"}\n"));
    connection.send(PublishFixture.chunk(named("s", "y") + "\n" + named("r", "later") + "\n"));
    stop("c");
    connection.send("0\r\n\r\n");
    assertEquals(
        "{\"stop\":\"r\"}\n{\"stop\":\"s\"}\n{\"chatId\":\"c\",\"accepted\":3,\"dropped\":2,"
            + "\"lastId\":\""
            + EPOCH
            + "8\"}\n",
        Chunks.whole(connection.answer().body()));
    assertEquals("y", fixture.textOf("c"));
  }

  @Test
  void whoDoesNotHeedAStopIsRefusedAfterASecond() {
    Connection connection = fixture.openLines("c");
    connection.send(PublishFixture.chunk(named("r", "x") + "\n"));
    stop("c");
    connection.send(PublishFixture.chunk(named("r", "late") + "\n"));
    connection.advance(1000);
    connection.send(
        PublishFixture.chunk(named("r", "too late") + "\n" + named("r", "never") + "\n"));
    String[] lines = Chunks.whole(connection.answer().body()).split("\n", -1);
    assertEquals("{\"stop\":\"r\"}", lines[0]);
    JsonNode refusal = Json.MAPPER.readTree(lines[1]);
    assertEquals("409 run_stopped", refusal.path("status") + " " + refusal.path("code").asString());
    assertEquals(3, refusal.path("line").asInt());
    assertEquals("", lines[2]);
    assertEquals(3, lines.length);
  }

  @Test
  void aStopBeforeTheFirstLineIsARefusal() {
    fixture.json("c", "{\"event\":\"start\",\"run\":\"r\"}");
    stop("c");
    Answer answer = fixture.lines("c", named("r", "x") + "\n");
    assertEquals("409 run_stopped", answer.outcome());
    assertEquals(1, answer.json().path("line").asInt());
  }

  @Test
  void aStopOfOneChatIsNoneOfTheOthersOfTheRequest() {
    Connection connection =
        fixture
            .edge
            .connect()
            .send(
                String.join(
                    "\r\n",
                    "POST /v1/events HTTP/1.1",
                    "Host: x",
                    "Content-Type: application/x-ndjson",
                    "Transfer-Encoding: chunked",
                    "\r\n"));
    fixture.json("d", "{\"event\":\"start\",\"run\":\"before\"}");
    stop("d");
    connection.send(PublishFixture.chunk(to("a", named("r", "a1")) + to("b", named("r", "b1"))));
    stop("a");
    connection.advance(2500);
    connection.send(
        PublishFixture.chunk(
            to("a", named("r", "late"))
                + to("b", named("r", "b2"))
                + to("d", named("before", "late"))
                + to("d", named("before", "late"))
                + to("d", PublishFixture.token("late"))));
    fixture.edge.chats.delete("b");
    connection.send(PublishFixture.chunk(to("b", named("r", "late")) + to("a", named("s", "a2"))));
    connection.send("0\r\n\r\n");
    assertEquals(
        """
        {"chatId":"a","stop":"r"}
        {"chatId":"d","stop":"before"}
        {"chatId":"b","stop":"r"}
        {"chatId":"a","accepted":4,"dropped":5,"lastId":"%s"}
        """
            .formatted(EdgeFixture.EPOCH + 1 + "-6"),
        Chunks.whole(connection.answer().body()));
    assertEquals("a2", fixture.textOf("a"));
    assertEquals(404, fixture.edge.get("/v1/chats/b").status());
  }

  @Test
  void aRequestOfHttp10IsToldTooAndEndsWithItsConnection() {
    Connection connection = fixture.edge.connect();
    String line = named("r", "x") + "\n";
    connection.send(
        "POST "
            + PublishFixture.path("c")
            + " HTTP/1.0\r\nContent-Type: application/x-ndjson\r\nContent-Length: "
            + (line.length() + 1)
            + "\r\n\r\n"
            + line);
    stop("c");
    connection.send("\n");
    String sent = connection.sent();
    assertFalse(sent.contains("chunked"), sent);
    assertTrue(sent.contains("\r\n\r\n{\"stop\":\"r\"}\n{\"chatId\":\"c\",\"accepted\":1,"), sent);
    assertFalse(connection.isOpen());
  }

  private void stop(String chatId) {
    assertEquals(200, fixture.edge.call("POST", "/v1/chats/" + chatId + "/stop", "", "").status());
  }

  private static String named(String run, String text) {
    return "{\"event\":\"token\",\"run\":\"" + run + "\",\"data\":\"" + text + "\"}";
  }

  private static String to(String chatId, String event) {
    return "{\"chatId\":\"" + chatId + "\"," + event.substring(1) + "\n";
  }
}
