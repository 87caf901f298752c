package dev.sluice.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * An nginx that nobody has told anything about streams. It asks in HTTP/1.0, so that the body ends
 * with the connection, and takes the server's word for what may be buffered.
 */
@Needs(Tool.NGINX)
@SuppressWarnings("NullAway.Init")
class BehindNginxTest {
  private static final List<String> WORDS = List.of("One", " by", " one", ", 漢字 🙂", ".");

  @TempDir static Path directory;

  private static SteppedModel model;
  private static ServerUnderTest server;
  private static NginxServer nginx;

  private ChatOverHttp chat;

  @BeforeAll
  static void start() {
    model = SteppedModel.start();
    server = ServerUnderTest.start("--heartbeat-ms", "200", "--upstream-url", model.uri() + "/v1");
    nginx = NginxServer.before(server, directory);
  }

  @AfterAll
  static void stop() {
    nginx.close();
    server.close();
    model.close();
  }

  @BeforeEach
  void useAFreshChat() {
    chat = ChatOverHttp.fresh(nginx);
  }

  @Test
  @Needs(Tool.CURL)
  void curlGetsEachTokenBeforeTheNextIsPublished(@TempDir Path files) {
    String url = chat.uri("/stream?ids=off").toString();
    try (Curl curl = Curl.start(files.resolve("body"), url)) {
      // The head and heartbeats come before there is anything to say.
      Deadline.await(() -> curl.body().startsWith(":hb\n:hb\n"), curl::body);
      StringBuilder text = new StringBuilder();
      for (String word : WORDS) {
        text.append(word);
        chat.publishToken(word, "finalResponse");
        Deadline.await(() -> text(curl).contentEquals(text), curl::body);
      }
      chat.publishEnd();
      assertEquals(0, curl.awaitExit());
      assertTrue(curl.frames().endsWith("data:{\"event\":\"end\",\"data\":\"[DONE]\"}\n\n"));
    }
  }

  @Test
  @Needs(Tool.CURL)
  void aReaderThatLeavesIsNotKept(@TempDir Path files) {
    try (Curl curl = Curl.start(files.resolve("body"), chat.uri("/stream").toString())) {
      Deadline.await(() -> curl.body().startsWith(":hb\n"), curl::body);
      assertEquals(1, chat.state().path("subscribers").asInt());
    }
    // The chat was there for its reader alone.
    Deadline.await(() -> !chat.exists(), () -> chat.state().toString());
  }

  @Test
  @Needs(Tool.CURL)
  void aPredictionArrivesWordByWord(@TempDir Path files) {
    String[] call = {
      "-H",
      "Content-Type: application/json",
      "-d",
      "{\"question\":\"q\",\"streaming\":true}",
      nginx.uri() + "/api/v1/prediction/any"
    };
    try (Curl curl = Curl.start(files.resolve("body"), call)) {
      StringBuilder text = new StringBuilder();
      for (String word : WORDS) {
        text.append(word);
        model.say(word);
        Deadline.await(() -> text(curl).contentEquals(text), curl::body);
      }
      model.finish();
      assertEquals(0, curl.awaitExit());
      assertTrue(curl.frames().endsWith("data:{\"event\":\"end\",\"data\":\"[DONE]\"}\n\n"));
    }
  }

  @Test
  @Needs(Tool.BROWSER)
  void aBrowserGetsEachTokenBeforeTheNextIsPublished() {
    try (Browser browser = Browser.start()) {
      browser.open(nginx.uri() + "/");
      browser.script(
          """
          window.text = "";
          window.source = new EventSource(arguments[0]);
          source.onmessage = ({ data }) => {
            const message = JSON.parse(data);
            if (message.event === "token") text += message.data;
          };
          """,
          chat.uri("/stream").toString());
      StringBuilder text = new StringBuilder();
      for (String word : WORDS) {
        text.append(word);
        chat.publishToken(word, "finalResponse");
        browser.await("text === " + JsonMapper.shared().writeValueAsString(text.toString()));
      }
      chat.publishEnd();
      browser.await("source.readyState === EventSource.CLOSED");
      assertEquals(text.toString(), browser.script("return text").asString());
    }
  }

  @Test
  @Needs(Tool.BROWSER)
  void aBrowsersFetchGetsAPredictionWordByWord() {
    try (Browser browser = Browser.start()) {
      browser.open(nginx.uri() + "/");
      browser.script(
          """
          window.body = "";
          window.done = false;
          (async () => {
            const response = await fetch("/api/v1/prediction/any", {
              method: "POST",
              headers: { "Content-Type": "application/json" },
              body: JSON.stringify({ question: "q", streaming: true }),
            });
            const reader = response.body.pipeThrough(new TextDecoderStream()).getReader();
            for (let part; !(part = await reader.read()).done; ) body += part.value;
            done = true;
          })();
          """);
      for (String word : WORDS) {
        model.say(word);
        String data = JsonMapper.shared().writeValueAsString("\"data\":\"" + word + "\"");
        browser.await("body.includes(" + data + ")");
      }
      model.finish();
      browser.await("done");
    }
  }

  @Test
  void whoComesBackGoesOnWhereItWas() {
    String seen;
    try (OpenStream reader = OpenStream.get(chat.uri("/stream"))) {
      chat.publishToken("One", "finalResponse");
      reader.awaitLast("token");
      seen = reader.lastId();
    }
    chat.publishToken(" two", "finalResponse");
    try (OpenStream again = OpenStream.get(chat.uri("/stream"), seen)) {
      again.awaitLast("token");
      chat.publishToken(" three", "finalResponse");
      chat.publishEnd();
      again.awaitLast("end");
      assertEquals(" two three", Frame.text(again.messages(), "finalResponse"));
    }
  }

  /** Both are a tenth of what they are, so that a minute takes seconds. */
  @Test
  void aStreamThatIsIdleOutlivesTheTimeOuts(@TempDir Path files) {
    long timeoutMs = 60_000 / 10;
    long heartbeatMs = 15_000 / 10;
    try (ServerUnderTest usual = ServerUnderTest.start("--heartbeat-ms=" + heartbeatMs);
        NginxServer impatient = NginxServer.before(usual, files, timeoutMs)) {
      ChatOverHttp there = ChatOverHttp.fresh(impatient);
      try (OpenStream reader = OpenStream.get(there.uri("/stream"))) {
        reader.awaitMore(":hb", (int) (2 * timeoutMs / heartbeatMs));
        there.publishToken("after all", "finalResponse");
        there.publishEnd();
        reader.awaitLast("end");
        assertEquals("after all", Frame.text(reader.messages(), "finalResponse"));
      }
    }
  }

  /** What is published meanwhile comes first. */
  @Test
  void aRequestThatStaysOpenIsCollectedUnlessNginxIsToldNotTo() {
    try (OpenRequest request = OpenRequest.post(chat.uri("/events"))) {
      request.line(token("collected", "run-1"));
      chat.publish(token("meanwhile", "run-2"));
      request.line("{\"event\":\"end\",\"run\":\"run-1\"}");
      chat.publish("{\"event\":\"end\",\"run\":\"run-2\"}");
      request.end();
      assertEquals("HTTP/1.1 200 OK", request.status());
      String first = "from=" + chat.state().path("epoch").asString() + "-0";
      List<JsonNode> messages = chat.messages(first);
      assertEquals(
          List.of("start", "token", "end", "start", "token", "end"), Frame.events(messages));
      assertEquals("meanwhilecollected", Frame.text(messages, "finalResponse"));
    }
  }

  @Test
  void aRequestThatStaysOpenIsPassedOnWithTheExamplesSettings(@TempDir Path files) {
    Path example = ExampleProgram.directory().resolve("nginx-location.conf");
    try (NginxServer streaming = NginxServer.before(server, files, example)) {
      ChatOverHttp there = new ChatOverHttp(streaming, chat.chatId());
      try (OpenStream reader = OpenStream.get(chat.uri("/stream"));
          OpenRequest request = OpenRequest.post(there.uri("/events"))) {
        StringBuilder text = new StringBuilder();
        for (String word : WORDS) {
          text.append(word);
          request.line(token(word, "run-1"));
          Deadline.await(
              () -> Frame.text(reader.messages(), "finalResponse").contentEquals(text),
              () -> reader.messages().toString());
        }
        there.stop();
        reader.awaitLast("end");
        request.awaitLine("{\"stop\":\"run-1\"}");
      }
    }
  }

  private static String token(String text, String run) {
    return JsonMapper.shared()
        .createObjectNode()
        .put("event", "token")
        .put("data", text)
        .put("type", "finalResponse")
        .put("run", run)
        .toString();
  }

  /** The text of the frames that are whole. */
  private static String text(Curl curl) {
    String frames = curl.frames();
    int end = frames.lastIndexOf("\n\n");
    List<Frame> whole = Frame.parse(end < 0 ? "" : frames.substring(0, end + 2));
    return Frame.text(whole.stream().map(Frame::json).toList(), "finalResponse");
  }
}
