package dev.sluice.upstream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.chat.Prompt;
import dev.sluice.upstream.ScriptedServer.Request;
import dev.sluice.upstream.ScriptedServer.Script;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What a model server says, and what a chat makes of it. */
@Timeout(120)
class OpenAiUpstreamTest {
  private static final String METADATA =
      "metadata {\"chatId\":\"chat-1\",\"chatMessageId\":\"message-1\",\"question\":\"Why?\","
          + "\"sessionId\":\"session-1\"}";

  @Test
  void streamsTheAnswer() throws Exception {
    assertEquals(
        List.of(
            "start ",
            "token/finalResponse Because 🙂 it is.",
            "usageMetadata {\"input_tokens\":3,\"output_tokens\":5,\"total_tokens\":8}",
            METADATA,
            "end [DONE]"),
        answer(
            c -> {
              c.readRequest();
              c.send(ScriptedServer.STREAM_HEAD);
              c.delta("{\"role\":\"assistant\",\"content\":\"\"}");
              c.delta("{\"content\":\"Because\"}");
              c.delta("{\"content\":\" 🙂\"}");
              c.delta("{\"content\":\" it is.\"}");
              c.finish("stop");
              c.event(
                  "{\"choices\":[],\"usage\":{\"prompt_tokens\":3,\"completion_tokens\":5,"
                      + "\"total_tokens\":8}}");
              c.event("[DONE]");
              c.endBody();
            }));
  }

  @Test
  void readsAnAnswerByteByByte() throws Exception {
    String body =
        """
        \uFEFF: hello

        data: {"choices":[{"delta":{"content":"a漢👩‍🚀"}}]}

        data: {"choices":[{"delta":{"content":"z"},"finish_reason":"stop"}]}

        data: [DONE]

        """
            .replace("\n", "\r\n");
    assertEquals(
        List.of("start ", "token/finalResponse a漢👩‍🚀z", METADATA, "end [DONE]"),
        answer(
            c -> {
              c.readRequest();
              for (byte b : ScriptedServer.STREAM_HEAD.getBytes(StandardCharsets.US_ASCII)) {
                c.send(new byte[] {b});
              }
              for (byte b : body.getBytes(StandardCharsets.UTF_8)) {
                c.chunk(new byte[] {b});
              }
              c.endBody();
            }));
  }

  @Test
  void takesBothSpellingsOfReasoningOnce() throws Exception {
    assertEquals(
        List.of(
            "start ",
            "token/agentReasoning one two three",
            "token/finalResponse So.",
            METADATA,
            "end [DONE]"),
        answer(
            streaming(
                "{\"reasoning_content\":\"one\"}",
                "{\"reasoning\":\" two\"}",
                "{\"reasoning_content\":\" three\",\"reasoning\":\" three\",\"content\":null}",
                "{\"content\":\"So.\"}")));
  }

  @Test
  void callsAStepOnTheWayReasoning() throws Exception {
    try (ScriptedServer server = new ScriptedServer(streaming("{\"content\":\"Hm.\"}"));
        UpstreamFixture fixture = new UpstreamFixture();
        RecordedRun run = new RecordedRun()) {
      UpstreamSettings s = UpstreamFixture.settings(server.url());
      UpstreamSettings step =
          new UpstreamSettings(
              s.flow(), s.baseUrl(), null, null, Map.of(), null, false, 30_000, 30_000, 65_536);
      assertTrue(
          run.answer(fixture.upstream(run, step), "Why?").contains("token/agentReasoning Hm."));
    }
  }

  @Test
  void assemblesToolCallsFromTheirPieces() throws Exception {
    String weather =
        "{\"tool\":\"weather\",\"toolInput\":{\"city\":\"Köln\"},\"toolOutput\":\"\","
            + "\"toolCallId\":\"call-1\"}";
    String time =
        "{\"tool\":\"time\",\"toolInput\":\"not json\",\"toolOutput\":\"\",\"toolCallId\":\"call-2\"}";
    assertEquals(
        List.of(
            "start ",
            "token/finalResponse Let me see.",
            "calledTools [" + weather + "," + time + "]",
            "tool " + weather,
            "tool " + time,
            METADATA,
            "end [DONE]"),
        answer(
            c -> {
              c.readRequest();
              c.send(ScriptedServer.STREAM_HEAD);
              c.delta("{\"content\":\"Let me see.\"}");
              c.delta(
                  "{\"tool_calls\":[{\"index\":0,\"id\":\"call-1\",\"type\":\"function\","
                      + "\"function\":{\"name\":\"weather\",\"arguments\":\"\"}}]}");
              c.delta("{\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\"{\\\"ci\"}}]}");
              c.delta(
                  "{\"tool_calls\":[{\"index\":1,\"id\":\"call-2\","
                      + "\"function\":{\"name\":\"time\",\"arguments\":\"not \"}}]}");
              c.delta(
                  "{\"tool_calls\":[{\"index\":0,\"function\":{\"arguments\":\"ty\\\":\\\"Köln\\\"}\"}},"
                      + "{\"index\":1,\"function\":{\"arguments\":\"json\"}}]}");
              c.finish("tool_calls");
              c.event("[DONE]");
              c.endBody();
            }));
  }

  @Test
  void takesAFinishReasonForAnEnd() throws Exception {
    Script withoutDone =
        c -> {
          c.readRequest();
          c.send(ScriptedServer.STREAM_HEAD);
          c.delta("{\"content\":\"Short.\"}");
          c.finish("length");
          c.endBody();
        };
    Script withoutEndOfBody =
        c -> {
          c.readRequest();
          c.send(ScriptedServer.STREAM_HEAD);
          c.delta("{\"content\":\"Short.\"}");
          c.finish("stop");
        };
    Script delimitedByClosing =
        c -> {
          c.readRequest();
          c.send("HTTP/1.1 200 OK\r\nContent-Type: text/event-stream; charset=utf-8\r\n\r\n");
          c.send("data: {\"choices\":[{\"delta\":{\"content\":\"Short.\"},");
          c.send("\"finish_reason\":\"stop\"}]}\n\n");
        };
    for (Script script : List.of(withoutDone, withoutEndOfBody, delimitedByClosing)) {
      assertEquals(
          List.of("start ", "token/finalResponse Short.", METADATA, "end [DONE]"), answer(script));
    }
  }

  @Test
  void takesSilenceAfterAFinishReasonForAnEnd() throws Exception {
    try (ScriptedServer server =
            new ScriptedServer(
                c -> {
                  c.readRequest();
                  c.send(ScriptedServer.STREAM_HEAD);
                  c.delta("{\"content\":\"Short.\"}");
                  c.finish("stop");
                  c.awaitEof();
                });
        UpstreamFixture fixture = new UpstreamFixture();
        RecordedRun run = new RecordedRun()) {
      UpstreamSettings impatient =
          new UpstreamSettings(
              "a", server.url(), null, null, Map.of(), null, true, 30_000, 4_000, 65_536);
      assertEquals(
          List.of("start ", "token/finalResponse Short.", METADATA, "end [DONE]"),
          run.answer(fixture.upstream(run, impatient), "Why?"));
    }
  }

  @Test
  void skipsWhatSaysNothing() throws Exception {
    assertEquals(
        List.of("start ", "token/finalResponse yes", METADATA, "end [DONE]"),
        answer(
            c -> {
              c.readRequest();
              c.send("HTTP/1.1 103 Early Hints\r\nLink: </x>\r\n\r\n");
              c.send("HTTP/1.1 100 Continue\r\n\r\n");
              c.send(ScriptedServer.STREAM_HEAD);
              c.chunk(": PROCESSING\n\n".getBytes(StandardCharsets.UTF_8));
              c.event("{\"choices\":[],\"prompt_filter_results\":[]}");
              c.event("{\"choices\":[{\"index\":1,\"delta\":{\"content\":\"another choice\"}}]}");
              c.event("");
              c.delta("{\"content\":\"yes\"}");
              c.event("{\"usage\":null,\"choices\":[{\"index\":0,\"delta\":{}}]}");
              c.event("[DONE]");
              c.event("{\"choices\":[{\"index\":0,\"delta\":{\"content\":\"too late\"}}]}");
              c.endBody();
            }));
  }

  @Test
  void understandsAnAnswerInOnePiece() throws Exception {
    String completion =
        "{\"object\":\"chat.completion\",\"choices\":[{\"index\":0,\"message\":{\"role\":\"assistant\","
            + "\"reasoning\":\"Hm.\",\"content\":\"Whole.\",\"tool_calls\":[{\"id\":\"c\",\"type\":"
            + "\"function\",\"function\":{\"name\":\"t\",\"arguments\":\"{}\"}}]},"
            + "\"finish_reason\":\"stop\"}],\"usage\":{\"prompt_tokens\":1,\"completion_tokens\":2}}";
    String call = "{\"tool\":\"t\",\"toolInput\":{},\"toolOutput\":\"\",\"toolCallId\":\"c\"}";
    assertEquals(
        List.of(
            "start ",
            "token/agentReasoning Hm.",
            "token/finalResponse Whole.",
            "calledTools [" + call + "]",
            "tool " + call,
            "usageMetadata {\"input_tokens\":1,\"output_tokens\":2,\"total_tokens\":3}",
            METADATA,
            "end [DONE]"),
        answer(
            c -> {
              c.readRequest();
              c.send("HTTP/1.1 200 OK\r\nContent-Type: application/json\r\n");
              c.send("Content-Length: " + completion.length() + "\r\n\r\n" + completion);
            }));
  }

  @Test
  void keepsLoneSurrogates() throws Exception {
    List<String> lines =
        answer(streaming("{\"content\":\"a\\ud83d\"}", "{\"content\":\"\\ude42b\"}"));
    assertTrue(lines.contains("token/finalResponse a🙂b"), lines.toString());
  }

  @Test
  void sendsTheRequestThatIsConfigured() throws Exception {
    try (ScriptedServer server = new ScriptedServer(streaming("{\"content\":\"yes\"}"));
        UpstreamFixture fixture = new UpstreamFixture();
        RecordedRun run = new RecordedRun()) {
      UpstreamSettings settings =
          new UpstreamSettings(
              "assistant",
              URI.create(server.url() + "/?version=1"),
              "model-1",
              UpstreamFixture.KEY,
              Map.of("X-Team", "blue"),
              "Be \"brief\".",
              true,
              30_000,
              30_000,
              65_536);
      String messages = "[{\"role\":\"user\",\"content\":\"Größe \uD83D?\"}]";
      fixture.upstream(run, settings).answer(new Prompt("Größe?", messages, "m", null), run.run());
      run.awaitEnd();
      assertEquals(
          "{\"chatId\":\"chat-1\",\"chatMessageId\":\"m\",\"question\":\"Größe?\"}",
          run.event("metadata").path("data").toString());

      Request request = server.requests().get(0);
      assertEquals("POST /v1/chat/completions?version=1 HTTP/1.1", request.line());
      Map<String, String> headers = request.headers();
      assertEquals(server.url().getAuthority(), headers.get("host"));
      assertEquals("Bearer " + UpstreamFixture.KEY, headers.get("authorization"));
      assertEquals("application/json", headers.get("content-type"));
      assertEquals("text/event-stream", headers.get("accept"));
      assertEquals("blue", headers.get("x-team"));
      assertFalse(headers.containsKey("accept-encoding"));
      assertFalse(headers.containsKey("transfer-encoding"));
      JsonNode expected =
          JsonMapper.shared()
              .readTree(
                  "{\"model\":\"model-1\",\"stream\":true,\"stream_options\":{\"include_usage\":true},"
                      + "\"messages\":[{\"role\":\"system\",\"content\":\"Be \\\"brief\\\".\"},"
                      + "{\"role\":\"user\",\"content\":\"Größe ??\"}]}");
      assertEquals(expected, JsonMapper.shared().readTree(request.body()));
    }
  }

  @Test
  void sendsNothingThatIsNotConfigured() throws Exception {
    try (ScriptedServer server = new ScriptedServer(streaming("{\"content\":\"yes\"}"));
        UpstreamFixture fixture = new UpstreamFixture();
        RecordedRun run = new RecordedRun()) {
      UpstreamSettings settings =
          new UpstreamSettings(
              "a", server.url(), null, null, Map.of(), null, true, 30_000, 30_000, 65_536);
      run.answer(fixture.upstream(run, settings), "Why?");
      Request request = server.requests().get(0);
      assertFalse(request.headers().containsKey("authorization"));
      assertEquals(
          "{\"stream\":true,\"stream_options\":{\"include_usage\":true},"
              + "\"messages\":[{\"role\":\"user\",\"content\":\"Why?\"}]}",
          request.body());
    }
  }

  private static Script streaming(String... deltas) {
    return c -> {
      c.readRequest();
      c.send(ScriptedServer.STREAM_HEAD);
      for (String delta : deltas) {
        c.delta(delta);
      }
      c.finish("stop");
      c.event("[DONE]");
      c.endBody();
    };
  }

  private static List<String> answer(Script script) throws Exception {
    try (ScriptedServer server = new ScriptedServer(script);
        UpstreamFixture fixture = new UpstreamFixture();
        RecordedRun run = new RecordedRun()) {
      return run.answer(fixture.upstream(run, server.url()), "Why?");
    }
  }
}
