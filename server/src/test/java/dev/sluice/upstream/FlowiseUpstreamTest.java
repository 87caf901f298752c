package dev.sluice.upstream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.upstream.ScriptedServer.Script;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** What a Flowise server streams, and what a chat gets of it. */
@Timeout(120)
class FlowiseUpstreamTest {
  private static final String END = "{\"event\":\"end\",\"data\":\"[DONE]\"}";
  private static final String METADATA =
      "metadata {\"chatId\":\"chat-1\",\"chatMessageId\":\"message-1\",\"question\":\"Why?\","
          + "\"sessionId\":\"session-1\"}";

  static Stream<Arguments> answers() {
    return Stream.of(
        answer(
            "tokens get the type of an answer",
            List.of(
                "{'event':'start','data':'It'}",
                "{'event':'token','data':'It'}",
                "{'event':'token','data':' is.'}"),
            List.of("start It", "token/finalResponse It is.", METADATA)),
        answer(
            "a type that is given is kept, one that is none is not",
            List.of(
                "{'event':'token','data':'hm','type':'agentReasoning'}",
                "{'event':'token','data':'yes','type':'bold'}"),
            List.of("start ", "token/agentReasoning hm", "token/finalResponse yes", METADATA)),
        answer(
            "white space is text, nothing is nothing",
            List.of(
                "{'event':'token','data':''}",
                "{'event':'token','data':'def f():'}",
                "{'event':'token','data':'\\n'}",
                "{'event':'token','data':null}",
                "{'event':'token'}",
                "{'event':'token','data':'    '}",
                "{'event':'token','data':'return'}"),
            List.of("start ", "token/finalResponse def f():\n    return", METADATA)),
        answer(
            "tokens that are no strings",
            List.of(
                "{'event':'token','data':[{'type':'text','text':'a'},{'text':'b'}]}",
                "{'event':'token','data':3}",
                "{'event':'token','data':true}"),
            List.of("start ", "token/finalResponse ab3true", METADATA)),
        answer(
            "half a character in one token, half in the next",
            List.of("{'event':'token','data':'\\ud83d'}", "{'event':'token','data':'\\ude80!'}"),
            List.of("start ", "token/finalResponse \uD83D\uDE80!", METADATA)),
        answer(
            "an agentflow announces itself",
            List.of(
                "{'event':'agentFlowEvent','data':'INPROGRESS'}",
                "{'event':'nextAgentFlow','data':{'nodeId':'llm_0','status':'INPROGRESS'}}",
                "{'event':'token','data':'yes'}",
                "{'event':'agentFlowExecutedData','data':[{'nodeId':'llm_0'}]}",
                "{'event':'agentFlowEvent','data':'FINISHED'}"),
            List.of(
                "agentFlowEvent INPROGRESS",
                "nextAgentFlow {\"nodeId\":\"llm_0\",\"status\":\"INPROGRESS\"}",
                "token/finalResponse yes",
                "agentFlowExecutedData [{\"nodeId\":\"llm_0\"}]",
                "agentFlowEvent FINISHED",
                METADATA)),
        answer(
            "a second start is swallowed",
            List.of("{'event':'start','data':''}", "{'event':'start','data':'x'}"),
            List.of("start ", METADATA)),
        answer(
            "everything else passes, known or not",
            List.of(
                "{'event':'calledTools','data':[]}",
                "{'event':'usedTools','data':[{'tool':'t','toolInput':{'a':1.5}}]}",
                "{'event':'agentReasoning','data':[{'agentName':'A','messages':[]}]}",
                "{'event':'agentReasoning','data':null}",
                "{'event':'usageMetadata'}",
                "{'event':'action','data':{'id':'a','mapping':{'approve':'Yes'}}}",
                "{'event':'tts_data','data':{'chatMessageId':'m','audioChunk':'AAA='}}",
                "{'event':'of_tomorrow.1','data':false}"),
            List.of(
                "start ",
                "calledTools []",
                "usedTools [{\"tool\":\"t\",\"toolInput\":{\"a\":1.5}}]",
                "agentReasoning [{\"agentName\":\"A\",\"messages\":[]}]",
                "usageMetadata null",
                "action {\"id\":\"a\",\"mapping\":{\"approve\":\"Yes\"}}",
                "tts_data {\"chatMessageId\":\"m\",\"audioChunk\":\"AAA=\"}",
                "of_tomorrow.1 false",
                METADATA)),
        answer(
            "Flowise's metadata stands for Sluice's own",
            List.of(
                "{'event':'metadata','data':{'chatId':'elsewhere','chatMessageId':'m-9',"
                    + "'followUpPrompts':'[\\'a\\']'}}"),
            List.of(
                "start ",
                "metadata {\"chatId\":\"chat-1\",\"chatMessageId\":\"m-9\","
                    + "\"followUpPrompts\":\"[\\\"a\\\"]\"}")));
  }

  @ParameterizedTest(name = "{0}")
  @MethodSource("answers")
  void whatIsStreamedAndWhatComesOfIt(String what, List<String> sent, List<String> expected)
      throws Exception {
    try (RecordedRun run = answered(c -> stream(c, sent))) {
      List<String> all = new ArrayList<>(expected);
      all.add("end [DONE]");
      assertEquals(all, run.lines(), what);
    }
  }

  @Test
  void furtherKeysPass() throws Exception {
    List<String> sent =
        List.of(
            "{'event':'thinking','data':'hm','duration':2}",
            "{'event':'token','data':'a','run':'r','logprob':[0.5]}");
    try (RecordedRun run = answered(c -> stream(c, sent))) {
      assertEquals(
          "{\"event\":\"thinking\",\"data\":\"hm\",\"duration\":2}",
          run.event("thinking").toString());
      assertEquals(
          "{\"event\":\"token\",\"data\":\"a\",\"type\":\"finalResponse\",\"logprob\":[0.5]}",
          run.event("token").toString());
    }
  }

  @Test
  void aFlowThatIsNotTheLastReasons() throws Exception {
    try (ScriptedServer server =
            new ScriptedServer(c -> stream(c, List.of("{'event':'token','data':'a'}")));
        UpstreamFixture fixture = new UpstreamFixture();
        RecordedRun run = RecordedRun.thatIsBegun()) {
      UpstreamSettings settings =
          UpstreamFixture.flowiseSettings(server.url(), "flow-1", false, 30_000);
      List<String> lines = run.answer(fixture.flowise(run, settings, 30_000), "Why?");
      assertEquals("token/agentReasoning a", lines.get(1));
    }
  }

  @Test
  void aChatflowThatCannotStreamAnswersInOnePiece() throws Exception {
    String document =
        "{'text':'It is.','question':'Why?','chatId':'elsewhere','chatMessageId':'m-9',"
            + "'sessionId':'s-9','memoryType':'Buffer Memory','isStreamValid':false,"
            + "'sourceDocuments':[{'pageContent':'p'}],'usedTools':[null,{'tool':'t'}],"
            + "'artifacts':[],'fileAnnotations':null,'agentReasoning':[{'agentName':'A'}],"
            + "'followUpPrompts':'\\'[]\\'','action':'{\\'id\\':\\'a\\'}'}";
    try (RecordedRun run =
        answered(
            c -> {
              c.readRequest();
              c.respond("200 OK", "application/json; charset=utf-8", json(document));
            })) {
      assertEquals(
          List.of(
              "start ",
              "token/finalResponse It is.",
              "sourceDocuments [{\"pageContent\":\"p\"}]",
              "usedTools [null,{\"tool\":\"t\"}]",
              "agentReasoning [{\"agentName\":\"A\"}]",
              "action {\"id\":\"a\"}",
              "metadata {\"chatId\":\"chat-1\",\"chatMessageId\":\"m-9\",\"question\":\"Why?\","
                  + "\"sessionId\":\"s-9\",\"memoryType\":\"Buffer Memory\","
                  + "\"followUpPrompts\":\"[]\",\"action\":{\"id\":\"a\"}}",
              "end [DONE]"),
          run.lines());
      assertEquals("m-9", run.run().chatMessageId());
    }
  }

  @Test
  void aDocumentWithoutTextIsItsJson() throws Exception {
    try (RecordedRun run =
        answered(
            c -> {
              c.readRequest();
              c.respond("200 OK", "application/json", json("{'json':{'a':[1]},'chatId':'x'}"));
            })) {
      String text = run.text("finalResponse");
      assertEquals("{\"a\":[1]}", text.replaceAll("\\s", ""));
      assertTrue(text.contains("\n"), text);
    }
  }

  @Test
  void anAnswerThatIsAbortedElsewhereEnds() throws Exception {
    List<String> sent =
        List.of("{'event':'token','data':'a'}", "{'event':'abort','data':'[DONE]'}");
    try (RecordedRun run = answered(c -> stream(c, sent))) {
      assertEquals(
          List.of("start ", "token/finalResponse a", "abort [DONE]", "end [DONE]"), run.lines());
      assertFalse(run.hasCounted("upstream_cut"));
    }
  }

  @Test
  void metadataIsTheLastThatMatters() throws Exception {
    try (RecordedRun run =
        answered(
            c -> {
              c.readRequest();
              c.send(ScriptedServer.STREAM_HEAD);
              c.flowise(json("{'event':'token','data':'whole'}"));
              c.flowise(json("{'event':'metadata','data':{'chatMessageId':'m-9'}}"));
            })) {
      assertEquals("end [DONE]", run.lines().get(run.lines().size() - 1));
      assertNull(run.run().failure());
    }
  }

  @Test
  void commentsAndCutsDoNotMatter() throws Exception {
    String body =
        ":heartbeat\n\nmessage:\ndata:"
            + json("{'event':'token','data':'Größe 🚀'}")
            + "\n\n:heartbeat\n\nmessage:\ndata:"
            + END
            + "\n\n";
    try (RecordedRun run =
        answered(
            c -> {
              c.readRequest();
              c.send(ScriptedServer.STREAM_HEAD);
              for (byte each : body.getBytes(StandardCharsets.UTF_8)) {
                c.chunk(new byte[] {each});
              }
              c.awaitEof();
            })) {
      assertEquals("Größe 🚀", run.text("finalResponse"));
    }
  }

  /** A run that has ended after such an answer; to be closed. */
  private static RecordedRun answered(Script script) throws Exception {
    RecordedRun run = RecordedRun.thatIsBegun();
    try (ScriptedServer server = new ScriptedServer(script);
        UpstreamFixture fixture = new UpstreamFixture()) {
      run.answer(fixture.flowise(run, server.url()), "Why?");
    }
    return run;
  }

  private static void stream(ScriptedServer.Connection c, List<String> events) throws Exception {
    c.readRequest();
    c.send(ScriptedServer.STREAM_HEAD);
    for (String event : events) {
      c.flowise(json(event));
    }
    c.flowise(END);
    c.endBody();
  }

  private static Arguments answer(String what, List<String> sent, List<String> expected) {
    return Arguments.of(what, sent, expected);
  }

  /** JSON with the quotes it has; an escaped one stands for one inside a string. */
  private static String json(String text) {
    return text.replace("\\'", "\\\"").replace("'", "\"");
  }
}
