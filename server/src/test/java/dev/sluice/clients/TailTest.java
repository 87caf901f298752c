package dev.sluice.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code tail} as a process, the way scripts and people use it. */
class TailTest {
  private static final String HARD = "\tdef f(x):\r\n  return \"漢字\" \\ 👩‍🚀 é\u2028\u0001\n\n ";

  private static ServerUnderTest server;

  @TempDir private Path directory;

  @BeforeAll
  static void startServer() {
    server = ServerUnderTest.start("--retry-ms", "20");
  }

  @AfterAll
  static void stopServer() {
    server.close();
  }

  @Test
  void standardOutputIsTheTextAndStandardErrorTheRest() {
    ChatOverHttp chat = ChatOverHttp.fresh(server);
    chat.publishToken("Let me think.", "agentReasoning");
    chat.publish(
        "{\"event\":\"calledTools\",\"data\":[{\"tool\":\"add\",\"toolInput\":{\"a\":1}}]}");
    chat.publishToken("2", "toolResponse");
    chat.publishToken(HARD, "finalResponse");
    chat.publishToken("no line end", "finalResponse");
    chat.publishEnd();
    try (ShellProcess all = tail(chat);
        ShellProcess answer = tail(chat, "--type", "finalResponse", "--quiet")) {
      assertEquals(0, all.awaitExit(), all::err);
      assertEquals("Let me think.2" + HARD + "no line end", all.out());
      assertEquals("calledTools: add({\"a\":1})\n", all.err());
      assertEquals(0, answer.awaitExit(), answer::err);
      assertEquals(HARD + "no line end", answer.out());
      assertEquals("", answer.err());
    }
  }

  @Test
  void tokensAreWrittenAsTheyArrive() {
    ChatOverHttp chat = ChatOverHttp.fresh(server);
    try (ShellProcess tail = tail(chat)) {
      StringBuilder text = new StringBuilder();
      for (String token : List.of("one", " two", " three")) {
        chat.publishToken(token, "finalResponse");
        text.append(token);
        tail.awaitOut(text.toString());
      }
      chat.publishEnd();
      assertEquals(0, tail.awaitExit(), tail::err);
    }
  }

  @Test
  void jsonIsOneLineForEachEventWithItsId() {
    ChatOverHttp chat = ChatOverHttp.fresh(server);
    chat.publishToken("ä", "finalResponse");
    chat.publish("{\"event\":\"custom\",\"data\":{\"n\":1},\"id\":7}");
    chat.publishEnd();
    String epoch = chat.state().path("epoch").asString();
    try (ShellProcess tail = tail(chat, "--json")) {
      assertEquals(0, tail.awaitExit(), tail::err);
      assertEquals(
          """
          {"id":"E-1","event":"start","data":""}
          {"id":"E-2","event":"token","data":"ä","type":"finalResponse"}
          {"lastEventId":"E-3","event":"custom","data":{"n":1},"id":7}
          {"id":"E-4","event":"end","data":"[DONE]"}
          """
              .replace("E-", epoch + "-"),
          tail.out());
    }
  }

  @Test
  void aConnectionThatIsCutAgainAndAgainLosesAndDoublesNothing() {
    List<Integer> cuts = new ArrayList<>();
    // In the head, in the first frame, and then anywhere.
    for (int cut = 0; cut < 1200; cut += 75) {
      cuts.add(cut);
    }
    ChatOverHttp chat = ChatOverHttp.fresh(server);
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < 60; i++) {
      String token = " " + i + HARD;
      text.append(token);
      // Two types in turn, so that not all is one frame.
      chat.publishToken(token, i % 2 == 0 ? "finalResponse" : "agentReasoning");
    }
    chat.publishEnd();
    try (CuttingProxy proxy = CuttingProxy.before(server, cuts);
        ShellProcess tail = tail(new ChatOverHttp(proxy, chat.chatId()), "--json")) {
      assertEquals(0, tail.awaitExit(), tail::err);
      assertEquals(cuts.size() + 1, proxy.connections());
      StringBuilder seen = new StringBuilder();
      long last = 0;
      for (String line : tail.out().lines().toList()) {
        JsonNode event = JsonMapper.shared().readTree(line);
        long offset = Long.parseLong(event.path("id").asString().split("-", -1)[1]);
        assertEquals(last + 1, offset, line);
        last = offset;
        seen.append(Frame.event(event).equals("token") ? event.path("data").asString() : "");
      }
      assertEquals(text.toString(), seen.toString());
    }
  }

  @Test
  void aLiveTailThatIsCutBeforeItHadAnythingMissesNothing() {
    ChatOverHttp chat = ChatOverHttp.fresh(server);
    chat.publishToken("old", "finalResponse");
    chat.publishEnd();
    // The second connection is the stream; the first and the third ask where the chat is.
    try (CuttingProxy proxy = CuttingProxy.before(server, List.of(100_000, 200));
        ShellProcess tail =
            tail(new ChatOverHttp(proxy, chat.chatId()), "--from=live", "--silence-timeout=1")) {
      Deadline.await(() -> proxy.connections() > 3, tail::err);
      chat.publishToken("new", "finalResponse");
      chat.publishEnd();
      assertEquals(0, tail.awaitExit(), tail::err);
      assertEquals("new", tail.out());
    }
  }

  @Test
  void aServerThatWasKilledAndStartedAgainIsAGap() {
    ServerUnderTest first = ServerUnderTest.start("--retry-ms", "20");
    ChatOverHttp chat = ChatOverHttp.fresh(first);
    try (ShellProcess tail = tail(chat)) {
      chat.publishToken("before", "finalResponse");
      tail.awaitOut("before");
      first.kill();
      tail.awaitErr("trying again");
      try (ServerUnderTest second = ServerUnderTest.start("--port=" + first.uri().getPort())) {
        ChatOverHttp again = new ChatOverHttp(second, chat.chatId());
        again.publishToken(" after", "finalResponse");
        again.publishEnd();
        assertEquals(5, tail.awaitExit(), tail::err);
        assertEquals("before after", tail.out());
        assertTrue(tail.err().contains("gap: "), tail::err);
        assertTrue(tail.err().contains("(epoch)"), tail::err);
      }
    } finally {
      first.close();
    }
  }

  @Test
  void exitCodesTellHowItWent() {
    ChatOverHttp failed = ChatOverHttp.fresh(server);
    failed.publish("{\"event\":\"error\",\"data\":\"The model is \\u001b[31mgone.\"}");
    ChatOverHttp aborted = ChatOverHttp.fresh(server);
    aborted.publishToken("a", "finalResponse");
    aborted.publish("{\"event\":\"abort\"}");
    ChatOverHttp other = ChatOverHttp.fresh(server);
    other.publishToken("a", "finalResponse");
    other.publishEnd();
    try (ShellProcess error = tail(failed);
        ShellProcess stop = tail(aborted);
        ShellProcess gap = tail(other, "--from", "1-1");
        ShellProcess nothing = tail(other, "--last-event-id", lastId(other));
        ShellProcess refused = tail(new ChatOverHttp(server, "a\u0001"));
        ShellProcess noServer =
            ShellProcess.sluice(directory, "tail", "http://127.0.0.1:1", "c", "--max-retries=1");
        ShellProcess usage = tail(other, "--from", "there")) {
      assertEquals(3, error.awaitExit());
      assertEquals("error: The model is  [31mgone.\n", error.err());
      assertEquals(4, stop.awaitExit());
      assertEquals("abort: the run was stopped\n", stop.err());
      assertEquals(5, gap.awaitExit());
      assertEquals("a", gap.out());
      assertEquals(0, nothing.awaitExit(), nothing::err);
      assertEquals("", nothing.out());
      assertEquals(1, refused.awaitExit());
      assertTrue(
          refused.err().matches("tail: the server answered 400: .*\\(\\w+\\)\n"), refused.err());
      assertEquals(1, noServer.awaitExit());
      assertEquals(2, noServer.err().lines().count(), noServer.err());
      assertEquals(2, usage.awaitExit());
    }
  }

  @Test
  void oneRunOfSeveralAndTheNextRunsToo() {
    ChatOverHttp chat = ChatOverHttp.fresh(server);
    chat.publish(
        "{\"event\":\"token\",\"data\":\"A\",\"run\":\"a\"}",
        "{\"event\":\"token\",\"data\":\"B\",\"run\":\"b\"}",
        "{\"event\":\"end\",\"run\":\"a\"}",
        "{\"event\":\"end\",\"run\":\"b\"}");
    try (ShellProcess one = tail(chat, "--run", "b");
        ShellProcess follow = tail(chat, "--follow")) {
      assertEquals(0, one.awaitExit(), one::err);
      assertEquals("B", one.out());
      follow.awaitOut("AB");
      chat.publishToken("C", "finalResponse");
      chat.publishEnd();
      follow.awaitOut("ABC");
      follow.interrupt();
      assertEquals(130, follow.awaitExit());
      assertEquals("", follow.err());
    }
  }

  @Test
  void whoeverStopsReadingEndsItQuietly() {
    ChatOverHttp chat = ChatOverHttp.fresh(server);
    chat.publishToken("one\ntwo\n", "finalResponse");
    String line =
        "sluice tail " + server.uri() + " " + chat.chatId() + " | head -n 1; echo ${PIPESTATUS[0]}";
    try (ShellProcess shell = ShellProcess.sh(directory, line)) {
      shell.awaitOut("one\n");
      Deadline.await(
          () -> {
            chat.publishToken("more\n", "finalResponse");
            return shell.out().equals("one\n141\n");
          },
          () -> shell.out() + shell.err());
      assertEquals("", shell.err());
    }
  }

  @Test
  void coloursAreForTerminalsUnlessToldOtherwise() {
    ChatOverHttp chat = ChatOverHttp.fresh(server);
    chat.publishToken("hm", "agentReasoning");
    chat.publishToken("so", "finalResponse");
    chat.publishEnd();
    try (ShellProcess always = tail(chat, "--color=always");
        ShellProcess never = tail(chat, "--color=never");
        ShellProcess auto = tail(chat)) {
      assertEquals(0, always.awaitExit(), always::err);
      assertEquals("\u001b[2mhm\u001b[0mso", always.out());
      assertEquals(0, never.awaitExit(), never::err);
      assertEquals("hmso", never.out());
      assertEquals(0, auto.awaitExit(), auto::err);
      assertEquals("hmso", auto.out());
    }
  }

  @Test
  @Needs(Tool.SCRIPT)
  void aTerminalHasColoursUnlessTheEnvironmentSaysNo() {
    ChatOverHttp chat = ChatOverHttp.fresh(server);
    chat.publishToken("hm", "agentReasoning");
    chat.publishToken("so", "finalResponse");
    chat.publishEnd();
    String[] tail = {"tail", server.uri().toString(), chat.chatId()};
    try (ShellProcess plain = ShellProcess.onTerminal(directory, Map.of(), tail);
        ShellProcess noColor = ShellProcess.onTerminal(directory, Map.of("NO_COLOR", "1"), tail)) {
      assertEquals(0, plain.awaitExit(), plain::err);
      assertEquals("\u001b[2mhm\u001b[0m\r\nso\r\n", plain.out());
      assertEquals(0, noColor.awaitExit(), noColor::err);
      assertEquals("hm\r\nso\r\n", noColor.out());
    }
  }

  private static String lastId(ChatOverHttp chat) {
    return chat.state().path("lastId").asString();
  }

  private ShellProcess tail(ChatOverHttp chat, String... options) {
    List<String> arguments = new ArrayList<>(List.of("tail", chat.server(), chat.chatId()));
    arguments.addAll(List.of(options));
    return ShellProcess.sluice(directory, arguments.toArray(String[]::new));
  }
}
