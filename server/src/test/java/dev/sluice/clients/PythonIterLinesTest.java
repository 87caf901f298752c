package dev.sluice.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;

import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import tools.jackson.databind.JsonNode;

/** Line splitters that take more for a line end than the SSE specification does. */
@Needs(Tool.PYTHON)
@SuppressWarnings("NullAway.Init")
class PythonIterLinesTest {
  enum Client {
    REQUESTS("requests-iter-lines.py", ""),
    REQUESTS_DECODED("requests-iter-lines.py", "decoded"),
    HTTPX("httpx-iter-lines.py", "");

    private final String script;
    private final String mode;

    Client(String script, String mode) {
      this.script = script;
      this.mode = mode;
    }

    JsonLines read(ChatOverHttp chat, String query) {
      return PythonClient.start(script, chat.uri("/stream?" + query).toString(), mode);
    }
  }

  /** As they stand between the quotes of the publisher's JSON. None is white space alone. */
  private static final List<String> TOKENS =
      List.of(
          "def f(x):",
          "\\n\\treturn \\\"x\\\"",
          "\\r\\n\\u000b\\u000c\\u001c\\u001d\\u001e.",
          "\u0085next",
          "\\u0085next",
          "\u2028line\u2029paragraph",
          " \u00c5 \u2026 caf\u00e9",
          "\u6f22\u5b57\u304b\u306a",
          "\ud83d\ude42\ud83d\udc69\u200d\ud83d\udc67",
          "\\ud83d",
          "\\ude42",
          "\\u0000\u007f\ufeff",
          "data:{}\\n\\nmessage:\\n",
          "]DONE[");

  private static ServerUnderTest server;

  @BeforeAll
  static void start() {
    server = ServerUnderTest.start();
  }

  @AfterAll
  static void stop() {
    server.close();
  }

  @ParameterizedTest
  @EnumSource
  void handsOutEachTokenBeforeTheNextIsPublished(Client client) {
    ChatOverHttp chat = ChatOverHttp.fresh(server);
    try (JsonLines reader = client.read(chat, "")) {
      StringBuilder text = new StringBuilder();
      publishToken(chat, "first");
      assertEquals("start", Frame.event(next(reader)));
      assertEquals("first", next(reader).path("data").asString());
      for (String token : TOKENS) {
        publishToken(chat, token);
        text.append(next(reader).path("data").asString());
      }
      chat.publishEnd();
      assertEquals("end", Frame.event(next(reader)));
      assertEquals(List.of(), reader.rest());
      assertEquals(text(), text.toString());
    }
  }

  @ParameterizedTest
  @EnumSource
  void handsOutAMergedRunExactly(Client client) {
    ChatOverHttp chat = ChatOverHttp.fresh(server);
    TOKENS.forEach(token -> publishToken(chat, token));
    chat.publish("{\"event\":\"custom\",\"data\":{\"\u2028\":[\"\u0085\"]}}");
    chat.publishEnd();
    try (JsonLines reader = client.read(chat, "from=start")) {
      List<JsonNode> messages = reader.rest();
      assertEquals(List.of("start", "token", "custom", "end"), Frame.events(messages));
      assertEquals(text(), Frame.text(messages, "finalResponse"));
      assertEquals("\u0085", messages.get(2).at("/data/\u2028/0").asString());
    }
  }

  private static void publishToken(ChatOverHttp chat, String token) {
    chat.publish("{\"event\":\"token\",\"data\":\"" + token + "\",\"type\":\"finalResponse\"}");
  }

  private static String text() {
    StringBuilder text = new StringBuilder();
    TOKENS.forEach(token -> text.append(Frame.unquoted(token)));
    return text.toString();
  }

  private static JsonNode next(JsonLines reader) {
    return reader.next().orElseThrow(() -> new AssertionError("the stream has ended"));
  }
}
