package dev.sluice.clients;

import static java.util.stream.Collectors.joining;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * The programs that users copy. Their tool is a call of {@code /v1/info}, which the test holds back
 * as long as it wants to look at a run that is not over.
 */
@Needs({Tool.PYTHON, Tool.NODE, Tool.BASH, Tool.CURL})
@SuppressWarnings("NullAway.Init")
class NdjsonExamplesTest {
  private static final String HEARTBEAT = "\r\n1\r\n\n\r\n";
  private static final String LAST_CHUNK = "\r\n0\r\n\r\n";
  private static final int EVENTS = 30;

  /** The head, the start of each run, a token of each, and not all of them. */
  private static final int SOME_LINES_BYTES = 1800;

  private static ServerUnderTest server;
  private static JsonNode info;

  private LoopbackProxy proxy;
  private ChatOverHttp chat;
  private OpenStream reader;

  @BeforeAll
  static void startServer() throws IOException {
    server = ServerUnderTest.start("--producer-grace-ms=0");
    try (InputStream answer = server.uri().resolve("/v1/info").toURL().openStream()) {
      info = JsonMapper.shared().readTree(answer);
    }
  }

  @AfterAll
  static void stopServer() {
    server.close();
  }

  @BeforeEach
  void subscribe() {
    proxy = LoopbackProxy.to(server);
    proxy.hold("GET /v1/info", 0);
    chat = ChatOverHttp.fresh(server);
    reader = OpenStream.get(chat.uri("/stream"));
  }

  @AfterEach
  void close() {
    reader.close();
    proxy.close();
  }

  static Stream<ExampleProgram> programs() {
    return ExampleProgram.ofOneChat();
  }

  @ParameterizedTest
  @MethodSource("programs")
  void publishesARunOverOneOpenRequest(ExampleProgram program) {
    try (ChildProcess process = program.start(proxy, chat.chatId())) {
      reader.awaitLast("calledTools");
      assertEquals(expected().subList(0, 4), folded(reader.messages()));
      Deadline.await(() -> request().contains(HEARTBEAT), this::request);
      assertFalse(request().contains(LAST_CHUNK));

      proxy.release();
      JsonNode answer = JsonMapper.shared().readTree(process.nextLine().orElseThrow());
      assertEquals(0, process.awaitExit(), process::errors);
      assertEquals(EVENTS, answer.path("accepted").asInt());
      assertEquals(chat.chatId(), answer.path("chatId").asString());
      assertEquals(chat.state().path("lastId"), answer.path("lastId"));

      reader.awaitLast("end");
      assertEquals(expected(), folded(reader.messages()));
      assertEquals(expected(), folded(chat.messages("from=start")));
      assertEquals(1, proxy.connections("POST").size());
      assertEquals("completed", runState());
    }
  }

  @ParameterizedTest
  @MethodSource("programs")
  void givesUpWhenItsRunIsStopped(ExampleProgram program) {
    try (ChildProcess process = program.start(proxy, chat.chatId())) {
      reader.awaitLast("calledTools");
      chat.stop();
      reader.awaitLast("end");
      String lastId = chat.state().path("lastId").asString();
      if (!program.readsItsAnswerAtOnce()) {
        proxy.release();
      }
      assertNotEquals(0, process.awaitExit());
      String said = rest(process) + process.errors();
      String stop = "{\"stop\":\"" + chat.state().at("/runs/0/runId").asString() + "\"}";
      assertTrue(said.contains(stop) || said.contains("the run is stopped"), said);
      assertEquals(lastId, chat.state().path("lastId").asString());
      assertEquals(1, proxy.connections("POST").size());
      List<String> events = Frame.events(reader.messages());
      assertEquals(List.of("abort", "end"), events.subList(events.size() - 2, events.size()));
    }
  }

  @ParameterizedTest
  @MethodSource("programs")
  void givesUpWhenItsConnectionBreaks(ExampleProgram program) {
    try (ChildProcess process = program.start(proxy, chat.chatId())) {
      reader.awaitLast("calledTools");
      proxy.connections("POST").get(0).breakOff();
      reader.awaitLast("end");
      proxy.release();
      assertNotEquals(0, process.awaitExit());
      assertEquals("producer_lost", runState());
      assertEquals(1, proxy.connections("POST").size());
    }
  }

  @Test
  void publishesTheRunsOfManyChatsOverOneRequest() {
    ChatOverHttp other = ChatOverHttp.fresh(server);
    try (ChildProcess process = ExampleProgram.MANY.start(proxy, chat.chatId(), other.chatId())) {
      JsonNode answer = JsonMapper.shared().readTree(process.nextLine().orElseThrow());
      assertEquals(0, process.awaitExit(), process::errors);
      assertEquals(20, answer.path("accepted").asInt());
      assertEquals(1, proxy.connections("POST /v1/events ").size());
      for (ChatOverHttp each : List.of(chat, other)) {
        assertAnswerToItsChat(each);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {0, 2})
  void aStopOfOneChatIsNoneOfTheOthers(int which) {
    List<ChatOverHttp> chats =
        List.of(chat, ChatOverHttp.fresh(server), ChatOverHttp.fresh(server));
    ChatOverHttp stopped = chats.get(which);
    proxy.hold("POST /v1/events", SOME_LINES_BYTES);
    String[] ids = chats.stream().map(ChatOverHttp::chatId).toArray(String[]::new);
    try (OpenStream there = OpenStream.get(stopped.uri("/stream"));
        ChildProcess process = ExampleProgram.MANY.start(proxy, ids)) {
      Deadline.await(() -> Frame.events(there.messages()).contains("token"), process::errors);
      stopped.stop();
      JsonNode told = JsonMapper.shared().readTree(process.nextLine().orElseThrow());
      assertEquals(stopped.chatId(), told.path("chatId").asString());
      assertEquals(stopped.state().at("/runs/0/runId"), told.path("stop"));
      Deadline.await(() -> request().contains(LAST_CHUNK), this::request);
      proxy.release();
      JsonNode answer = JsonMapper.shared().readTree(process.nextLine().orElseThrow());
      assertEquals(0, process.awaitExit(), process::errors);
      assertEquals(1, proxy.connections("POST").size());
      assertTrue(answer.path("accepted").asInt() > 20, answer::toString);
      for (ChatOverHttp each : chats) {
        if (each.chatId().equals(stopped.chatId())) {
          List<String> events = Frame.events(each.messages("from=start"));
          assertEquals(List.of("start", "token", "abort", "end"), events);
        } else {
          assertAnswerToItsChat(each);
        }
      }
    }
  }

  private static void assertAnswerToItsChat(ChatOverHttp chat) {
    List<JsonNode> messages = folded(chat.messages("from=start"));
    assertEquals(List.of("start", "token", "metadata", "end"), Frame.events(messages));
    assertEquals(
        "✓ This is the answer to " + chat.chatId() + ". ", Frame.text(messages, "finalResponse"));
  }

  private String request() {
    return proxy.connections("POST").stream().map(ProxiedConnection::sent).collect(joining());
  }

  private String runState() {
    return chat.state().at("/runs/0/state").asString();
  }

  private static String rest(ChildProcess process) {
    StringBuilder rest = new StringBuilder();
    process.nextLine().ifPresent(line -> rest.append(line).append('\n'));
    return rest.toString();
  }

  /** What every program publishes, tokens put together. */
  private List<JsonNode> expected() {
    String found = "sluice " + info.path("version").asString();
    String call = "'tool':'server_info','toolInput':{'path':'/v1/info'},'toolOutput':";
    return Stream.of(
            "{'event':'start','data':''}",
            "{'event':'token','data':'They ask for the version. The researcher can look it up. ',"
                + "'type':'agentReasoning'}",
            "{'event':'nextAgent','data':'researcher'}",
            "{'event':'calledTools','data':[{" + call + "''}]}",
            "{'event':'tool','data':{" + call + "'" + found + "'},'type':'toolResponse'}",
            "{'event':'token','data':'That is all I need. ','type':'agentReasoning'}",
            "{'event':'sourceDocuments','data':[{'pageContent':'"
                + found
                + "','metadata':{'source':'/v1/info'}}]}",
            "{'event':'token','data':'✓ This server is " + found + ". ','type':'finalResponse'}",
            "{'event':'usageMetadata','data':"
                + "{'input_tokens':12,'output_tokens':24,'total_tokens':36}}",
            "{'event':'metadata','data':{'chatId':'" + chat.chatId() + "'}}",
            "{'event':'end','data':'[DONE]'}")
        .map(json -> JsonMapper.shared().readTree(json.replace('\'', '"')))
        .toList();
  }

  /** Adjacent tokens of one type put together; the run's name, which all have, left out. */
  private static List<JsonNode> folded(List<JsonNode> messages) {
    List<JsonNode> folded = new ArrayList<>();
    for (JsonNode message : messages) {
      ObjectNode copy = (ObjectNode) message.deepCopy();
      assertEquals(messages.get(0).path("run"), copy.remove("run"), "one named run");
      boolean goesOn =
          !folded.isEmpty()
              && Frame.event(copy).equals("token")
              && Frame.event(folded.get(folded.size() - 1)).equals("token")
              && folded.get(folded.size() - 1).path("type").equals(copy.path("type"));
      if (goesOn) {
        JsonNode before = folded.remove(folded.size() - 1);
        copy.put("data", before.path("data").asString() + copy.path("data").asString());
      }
      folded.add(copy);
    }
    return folded;
  }
}
