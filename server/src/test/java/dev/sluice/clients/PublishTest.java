package dev.sluice.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code publish} as a process, the way scripts and people use it. */
class PublishTest {
  private static final String HARD = "\tdef f(x):\r\n  return \"漢字\" \\ 👩‍🚀 é\u2028\u0001\n\n x";

  private static ServerUnderTest server;

  @TempDir private Path directory;

  @BeforeAll
  static void startServer() {
    server = ServerUnderTest.start();
  }

  @AfterAll
  static void stopServer() {
    server.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "--tokens", "--tokens --rate=5000 --type=agentReasoning"})
  void textArrivesExactly(String options) {
    ChatOverHttp chat = ChatOverHttp.fresh(server);
    String[] words = options.isEmpty() ? new String[0] : options.split(" ", -1);
    try (ShellProcess publish = publish(chat, words)) {
      publish.write(HARD.repeat(100)).endInput();
      assertEquals(0, publish.awaitExit(), publish::err);
      JsonNode answer = JsonMapper.shared().readTree(publish.out());
      assertEquals(chat.state().path("lastId"), answer.path("lastId"));
      assertEquals("", publish.err());
    }
    List<JsonNode> messages = chat.messages("from=start");
    String type = options.contains("--type") ? "agentReasoning" : "finalResponse";
    assertEquals(HARD.repeat(100), Frame.text(messages, type));
    assertEquals(List.of("start", "token", "end"), Frame.events(messages));
  }

  @Test
  void textArrivesWhileTheInputIsOpen() {
    ChatOverHttp chat = ChatOverHttp.fresh(server);
    try (ShellProcess publish = publish(chat);
        OpenStream stream = OpenStream.get(chat.uri("/stream?ids=off"))) {
      for (String word : List.of("one", "two\n", "\nthree")) {
        publish.write(word);
        stream.awaitMore(
            "data:{\"event\":\"token\",\"data\":\""
                + word.replace("\n", "\\n")
                + "\",\"type\":\"finalResponse\"}",
            1);
      }
      publish.endInput();
      assertEquals(0, publish.awaitExit(), publish::err);
    }
  }

  @Test
  void aBadLineIsToldWhileTheInputIsOpen() {
    ChatOverHttp chat = ChatOverHttp.fresh(server);
    try (ShellProcess publish = publish(chat, "--ndjson")) {
      publish.write("{\"event\":\"token\",\"data\":\"a\"}\n{\"event\":}\n");
      assertEquals(1, publish.awaitExit());
      assertTrue(
          publish
              .err()
              .matches(
                  "publish: the server answered 400: .* \\(malformed_line\\); line 2; 1 events were"
                      + " accepted before, the chat's last is \\d+-2\n"),
          publish::err);
      assertEquals("", publish.out());
    }
  }

  @ParameterizedTest
  @ValueSource(strings = {"", "--ndjson"})
  void aStopEndsItAtOnceThoughItsInputIsOpenAndSilent(String option) {
    ChatOverHttp chat = ChatOverHttp.fresh(server);
    String[] options = option.isEmpty() ? new String[0] : new String[] {option};
    try (ShellProcess publish = publish(chat, options)) {
      publish.write(
          option.isEmpty() ? "one" : "{\"event\":\"token\",\"data\":\"one\",\"run\":\"r\"}\n");
      awaitToken(chat, "one");
      chat.stop();
      assertEquals(4, publish.awaitExit());
      assertEquals("publish: the run was stopped\n", publish.err());
    }
  }

  @Test
  void aRunThatWasStoppedBeforeIsRefused() {
    ChatOverHttp chat = ChatOverHttp.fresh(server);
    chat.publish("{\"event\":\"start\",\"run\":\"r\"}");
    chat.stop();
    try (ShellProcess publish = publish(chat, "--run=r")) {
      publish.write("one");
      assertEquals(4, publish.awaitExit());
      assertTrue(publish.err().startsWith("publish: the run was stopped; 0 events"), publish::err);
    }
  }

  @Test
  void whatIsNotUtf8IsReplacedAndTold() {
    ChatOverHttp chat = ChatOverHttp.fresh(server);
    try (ShellProcess publish = publish(chat)) {
      publish.write(new byte[] {'a', 0, (byte) 0xFF, 'b', (byte) 0xE6, (byte) 0xBC}).endInput();
      assertEquals(0, publish.awaitExit(), publish::err);
      assertEquals(
          "publish: 2 pieces of the input are not UTF-8 and became U+FFFD\n", publish.err());
    }
    assertEquals("a\0\ufffdb\ufffd", Frame.text(chat.messages("from=start"), "finalResponse"));
  }

  @Test
  void aRunThatIsKeptOpenGoesOn() {
    ChatOverHttp chat = ChatOverHttp.fresh(server);
    try (ShellProcess first = publish(chat, "--run=r", "--keep-open")) {
      first.write("one ").endInput();
      assertEquals(0, first.awaitExit(), first::err);
    }
    assertEquals("running", chat.state().path("state").asString());
    try (ShellProcess second = publish(chat, "--run=r")) {
      second.write("two").endInput();
      assertEquals(0, second.awaitExit(), second::err);
    }
    List<JsonNode> messages = chat.messages("from=start&run=r");
    assertEquals("one two", Frame.text(messages, "finalResponse"));
    assertEquals(List.of("start", "token", "end"), Frame.events(messages));
  }

  @Test
  void aServerThatIsKilledIsToldWithWhatWasSent() {
    ServerUnderTest dying = ServerUnderTest.start();
    ChatOverHttp chat = ChatOverHttp.fresh(dying);
    try (ShellProcess publish = publish(chat, "--ndjson")) {
      publish.write("{\"event\":\"token\",\"data\":\"a\"}\n");
      awaitToken(chat, "a");
      dying.kill();
      assertEquals(1, publish.awaitExit());
      assertTrue(
          publish
              .err()
              .matches("publish: .*; 1 lines were sent; how many .* cannot be asked: .*\n"),
          publish::err);
    } finally {
      dying.close();
    }
  }

  @Test
  void aConnectionThatIsCutIsToldWithWhatWasAccepted() {
    ChatOverHttp chat = ChatOverHttp.fresh(server);
    try (CuttingProxy proxy = CuttingProxy.before(server, List.of());
        ShellProcess publish = publish(new ChatOverHttp(proxy, chat.chatId()))) {
      publish.write("one");
      awaitToken(chat, "one");
      proxy.cut();
      assertEquals(1, publish.awaitExit());
      assertTrue(
          publish
              .err()
              .matches(
                  "publish: .*; 2 lines were sent; what was accepted of them ends at .*-\\d\n"),
          publish::err);
    }
  }

  @Test
  void whileTheInputIsSilentEmptyLinesSayThatTheProducerLives() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        ShellProcess publish =
            ShellProcess.sluice(
                directory, "publish", "http://127.0.0.1:" + socket.getLocalPort(), "c")) {
      socket.setSoTimeout((int) Deadline.PATIENCE.toMillis());
      publish.write("one");
      try (Socket connection = socket.accept()) {
        connection.setSoTimeout((int) Deadline.PATIENCE.toMillis());
        StringBuilder request = new StringBuilder();
        while (!request.toString().endsWith("}\n\r\n1\r\n\n\r\n")) {
          int next = connection.getInputStream().read();
          assertTrue(next >= 0, request::toString);
          request.append((char) next);
        }
        assertTrue(request.toString().startsWith("POST /v1/chats/c/events HTTP/1.1\r\n"));
        assertTrue(request.toString().contains("\"data\":\"one\""), request::toString);
      }
    }
  }

  @Test
  void refusalsAndInterruptsHaveTheirExitCodes() {
    ChatOverHttp chat = ChatOverHttp.fresh(server);
    try (ShellProcess refused = publish(new ChatOverHttp(server, "a\u0001"));
        ShellProcess noServer =
            ShellProcess.sluice(directory, "publish", "http://127.0.0.1:1", "c");
        ShellProcess usage = publish(chat, "--rate=5");
        ShellProcess interrupted = publish(chat)) {
      assertEquals(1, refused.awaitExit());
      assertTrue(refused.err().startsWith("publish: the server answered 400: "), refused::err);
      assertEquals(1, noServer.awaitExit());
      assertTrue(noServer.err().startsWith("publish: no connection: "), noServer::err);
      assertEquals(2, usage.awaitExit());
      interrupted.write("one");
      awaitToken(chat, "one");
      interrupted.interrupt();
      assertEquals(130, interrupted.awaitExit());
    }
  }

  private static void awaitToken(ChatOverHttp chat, String text) {
    try (OpenStream stream = OpenStream.get(chat.uri("/stream?ids=off"))) {
      Deadline.await(() -> stream.has("\"data\":\"" + text + "\""), () -> "no " + text);
    }
  }

  private ShellProcess publish(ChatOverHttp chat, String... options) {
    List<String> arguments = new ArrayList<>(List.of("publish", chat.server(), chat.chatId()));
    arguments.addAll(List.of(options));
    return ShellProcess.sluice(directory, arguments.toArray(String[]::new));
  }
}
