package dev.sluice.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;

/** An HAProxy with the settings that Debian gives it, which know nothing of streams. */
@Needs(Tool.HAPROXY)
@SuppressWarnings("NullAway.Init")
class BehindHaproxyTest {
  private static final List<String> WORDS = List.of("One", " by", " one", ", 漢字 🙂", ".");

  /** Time-outs and heartbeats are a tenth of what they are, so that a minute takes seconds. */
  private static final int SHORTER = 10;

  private static final long HEARTBEAT_MS = 15_000 / SHORTER;

  @TempDir static Path directory;

  private static SteppedModel model;
  private static ServerUnderTest server;
  private static HaproxyServer haproxy;

  private ChatOverHttp chat;

  @BeforeAll
  static void start() {
    model = SteppedModel.start();
    server =
        ServerUnderTest.start(
            "--heartbeat-ms=" + HEARTBEAT_MS, "--upstream-url=" + model.uri() + "/v1");
    haproxy = HaproxyServer.before(server, directory, HaproxyServer.TIMEOUT_MS);
  }

  @AfterAll
  static void stop() {
    haproxy.close();
    server.close();
    model.close();
  }

  @BeforeEach
  void useAFreshChat() {
    chat = ChatOverHttp.fresh(haproxy);
  }

  @Test
  void eachTokenArrivesBeforeTheNextIsPublished() {
    try (OpenStream reader = OpenStream.get(chat.uri("/stream"))) {
      StringBuilder text = new StringBuilder();
      for (String word : WORDS) {
        text.append(word);
        chat.publishToken(word, "finalResponse");
        awaitText(reader, text);
      }
      chat.publishEnd();
      reader.awaitEnd();
      assertEquals(
          List.of("start", "token", "token", "token", "token", "token", "end"),
          Frame.events(reader.messages()));
    }
  }

  @Test
  void aPredictionArrivesWordByWord() {
    URI uri = URI.create(haproxy.uri() + "/api/v1/prediction/any");
    try (OpenStream reader = OpenStream.post(uri, "{\"question\":\"q\",\"streaming\":true}")) {
      StringBuilder text = new StringBuilder();
      for (String word : WORDS) {
        text.append(word);
        model.say(word);
        awaitText(reader, text);
      }
      model.finish();
      reader.awaitLast("end");
    }
  }

  @Test
  void aRequestThatStaysOpenIsPassedOnLineByLine() {
    try (OpenStream reader = OpenStream.get(chat.uri("/stream"));
        OpenRequest request = OpenRequest.post(chat.uri("/events"))) {
      StringBuilder text = new StringBuilder();
      for (String word : WORDS) {
        text.append(word);
        request.line("{\"event\":\"token\",\"data\":\"" + word + "\",\"type\":\"finalResponse\"}");
        awaitText(reader, text);
      }
      request.line("{\"event\":\"end\"}");
      request.end();
      assertEquals("HTTP/1.1 200 OK", request.status());
      reader.awaitLast("end");
    }
  }

  @Test
  void whoComesBackGoesOnWhereItWas() {
    String seen;
    try (OpenStream reader = OpenStream.get(chat.uri("/stream"))) {
      chat.publishToken("One", "finalResponse");
      awaitText(reader, "One");
      seen = reader.lastId();
    }
    chat.publishToken(" two", "finalResponse");
    try (OpenStream again = OpenStream.get(chat.uri("/stream"), seen)) {
      awaitText(again, " two");
      chat.publishToken(" three", "finalResponse");
      chat.publishEnd();
      again.awaitLast("end");
      assertEquals(" two three", Frame.text(again.messages(), "finalResponse"));
    }
  }

  @Test
  void aReaderThatLeavesIsNotKept() {
    try (OpenStream reader = OpenStream.get(chat.uri("/stream"))) {
      assertEquals(1, chat.state().path("subscribers").asInt());
      assertTrue(reader.messages().isEmpty());
    }
    // The chat was there for its reader alone.
    Deadline.await(() -> !chat.exists(), () -> chat.state().toString());
  }

  @Test
  void aStreamThatIsIdleOutlivesTheTimeOuts(@TempDir Path files) {
    long timeoutMs = HaproxyServer.TIMEOUT_MS / SHORTER;
    try (HaproxyServer impatient = HaproxyServer.before(server, files, timeoutMs)) {
      ChatOverHttp there = new ChatOverHttp(impatient, chat.chatId());
      try (OpenStream reader = OpenStream.get(there.uri("/stream"))) {
        reader.awaitMore(":hb", (int) (2 * timeoutMs / HEARTBEAT_MS));
        chat.publishToken("after all", "finalResponse");
        chat.publishEnd();
        reader.awaitLast("end");
        assertEquals("after all", Frame.text(reader.messages(), "finalResponse"));
      }
    }
  }

  private static void awaitText(OpenStream reader, CharSequence text) {
    Deadline.await(
        () -> Frame.text(reader.messages(), "finalResponse").contentEquals(text),
        () -> reader.messages().toString());
  }
}
