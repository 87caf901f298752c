package dev.sluice.upstream;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.chat.Prompt;
import dev.sluice.upstream.ScriptedServer.Request;
import java.util.List;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.json.JsonMapper;

/** What a Flowise server is asked. */
@Timeout(120)
class FlowiseRequestTest {
  private static final String HELLO = "[{\"role\":\"user\",\"content\":\"Hello\"}]";

  @Test
  void aPredictionIsPassedOnAsItCame() throws Exception {
    String given =
        "{\"question\":\"Größe?\",\"streaming\":\"true\",\"chatId\":\"own\","
            + "\"overrideConfig\":{\"sessionId\":\"s\",\"vars\":{\"a\":[1,2.5,null]}},"
            + "\"history\":[{\"role\":\"apiMessage\",\"content\":\"x\"}],"
            + "\"uploads\":[{\"data\":\"data:;base64,AA==\",\"type\":\"file\"}],"
            + "\"form\":{},\"humanInput\":{\"type\":\"proceed\"},\"leadEmail\":\"a@b\",\"new\":1}";
    Request request = asked("flow-1", new Prompt("Größe?", HELLO, "m", "s", "flow-1", given));
    assertEquals(
        JsonMapper.shared()
            .readTree(
                given
                    .replace("\"streaming\":\"true\"", "\"streaming\":true")
                    .replace("\"own\"", "\"chat-1\"")),
        JsonMapper.shared().readTree(request.body()));
  }

  @Test
  void theHeadOfARequest() throws Exception {
    Request request = asked("flow-1", new Prompt("Hello", HELLO, "m", null));
    assertEquals("POST /v1/api/v1/prediction/flow-1 HTTP/1.1", request.line());
    assertEquals("Bearer " + UpstreamFixture.KEY, request.headers().get("authorization"));
    assertEquals("text/event-stream", request.headers().get("accept"));
    assertEquals("application/json", request.headers().get("content-type"));
    assertEquals("close", request.headers().get("connection"));
    assertFalse(request.headers().containsKey("origin"));
    assertEquals(
        "{\"question\":\"Hello\",\"streaming\":true,\"chatId\":\"chat-1\"}", request.body());
  }

  @Test
  void theFlowThatIsAskedForIsTheChatflow() throws Exception {
    Request request = asked(null, new Prompt("Hello", HELLO, "m", null, "a b/ä+1", null));
    assertEquals("POST /v1/api/v1/prediction/a%20b%2F%C3%A4%2B1 HTTP/1.1", request.line());
    // One that the configuration names counts for more.
    Request fixed = asked("flow-1", new Prompt("Hello", HELLO, "m", null, "other", null));
    assertEquals("POST /v1/api/v1/prediction/flow-1 HTTP/1.1", fixed.line());
  }

  @ParameterizedTest
  @CsvSource(
      delimiter = '|',
      value = {
        "[{'role':'user','content':'Hi'},{'role':'assistant','content':'Yes?'},"
            + "{'role':'user','content':'Why?'}]"
            + "|Why?|[{'role':'userMessage','content':'Hi'},{'role':'apiMessage','content':'Yes?'}]",
        "[{'role':'system','content':'Be brief'},{'role':'user','content':'Why?'}]|Why?|",
        "[{'role':'user','content':[{'type':'text','text':'W'},{'type':'text','text':'hy?'}]}]"
            + "|Why?|",
        "[{'role':'user','content':'Why?'},{'role':'assistant','content':'So:'}]"
            + "|Why?|[{'role':'apiMessage','content':'So:'}]",
        "[{'role':'user','content':'Hi'},{'role':'assistant','content':null,'tool_calls':[]},"
            + "{'role':'tool','content':'3'},{'role':'user','content':'Why?'}]"
            + "|Why?|[{'role':'userMessage','content':'Hi'}]",
        "[{'role':'assistant','content':'Hello.'}]|asked|"
            + "[{'role':'apiMessage','content':'Hello.'}]",
      },
      quoteCharacter = '`')
  void aConversationBecomesAQuestionAndAHistory(
      String messages, String question, @Nullable String history) throws Exception {
    Request request = asked("flow-1", new Prompt("asked", messages.replace('\'', '"'), "m", null));
    assertEquals(
        "{\"question\":\""
            + question
            + "\","
            + (history == null ? "" : "\"history\":" + history.replace('\'', '"') + ",")
            + "\"streaming\":true,\"chatId\":\"chat-1\"}",
        request.body());
  }

  @ParameterizedTest
  @ValueSource(strings = {"", ".", "..", "a/b", "a\nb"})
  void whatCanBeNoChatflowIsNotServed(String flow) throws Exception {
    try (ScriptedServer server = new ScriptedServer(ScriptedServer.Connection::awaitEof);
        UpstreamFixture fixture = new UpstreamFixture();
        RecordedRun run = new RecordedRun()) {
      UpstreamSettings any = UpstreamFixture.flowiseSettings(server.url(), null);
      FlowiseUpstream upstream = fixture.flowise(run, any, 30_000);
      assertFalse(upstream.serves(flow));
      assertFalse(upstream.serves(null));
      assertTrue(upstream.serves("a b"));
      assertTrue(fixture.flowise(run, server.url()).serves(null));
    }
  }

  private static Request asked(@Nullable String chatflow, Prompt prompt) throws Exception {
    List<Request> requests;
    try (ScriptedServer server =
            new ScriptedServer(
                c -> {
                  c.readRequest();
                  c.respond("200 OK", "application/json", "{\"text\":\"x\"}");
                });
        UpstreamFixture fixture = new UpstreamFixture();
        RecordedRun run = new RecordedRun()) {
      UpstreamSettings settings = UpstreamFixture.flowiseSettings(server.url(), chatflow);
      fixture.flowise(run, settings, 30_000).answer(prompt, run.run());
      run.awaitEnd();
      requests = server.requests();
    }
    assertEquals(1, requests.size());
    return requests.get(0);
  }
}
