package dev.sluice.promises;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.chat.RunPublisher;
import dev.sluice.frame.TokenType;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Who joins late gets the answer so far at once: one frame for each stretch of one type. */
class LateJoinIsMergedTest {
  @Test
  void theAnswerSoFarIsOneFrameForEachStretch() throws IOException {
    try (TestServer server = TestServer.start()) {
      RunPublisher run = Objects.requireNonNull(server.chats().startRun("c"));
      StringBuilder reasoning = new StringBuilder();
      StringBuilder answer = new StringBuilder();
      for (int i = 0; i < 3000; i++) {
        run.token(TokenType.AGENT_REASONING, "r" + i + " ");
        reasoning.append("r").append(i).append(" ");
      }
      run.json("usedTools", "[1]");
      for (int i = 0; i < 3000; i++) {
        run.token(TokenType.FINAL_RESPONSE, "a" + i + "\n");
        answer.append("a").append(i).append("\n");
      }
      try (EventStream stream = EventStream.open(server.uri(), "c")) {
        List<Event> soFar = new ArrayList<>();
        for (int i = 0; i < 4; i++) {
          soFar.add(Objects.requireNonNull(stream.next()));
        }
        assertEquals(
            List.of("start", "token", "usedTools", "token"),
            soFar.stream().map(Event::name).toList());
        assertEquals(reasoning.toString(), soFar.get(1).text());
        assertEquals(answer.toString(), soFar.get(3).text());
        assertEquals(1 + 3000, soFar.get(1).offset());
        assertEquals(1 + 3000 + 1 + 3000, soFar.get(3).offset());
        run.token(TokenType.FINAL_RESPONSE, "live");
        assertEquals("live", stream.await("token").text());
        run.end();
        assertTrue(stream.await("end").is("end"));
      }
    }
  }

  @Test
  void theRunBeforeIsNotPartOfIt() throws IOException {
    try (TestServer server = TestServer.start()) {
      for (String text : List.of("old", "new")) {
        RunPublisher run = Objects.requireNonNull(server.chats().startRun("c"));
        run.token(TokenType.FINAL_RESPONSE, text);
        run.end();
      }
      try (EventStream stream = EventStream.open(server.uri(), "c")) {
        List<Event> events = stream.all();
        assertEquals("new", Readers.text(events, null, "finalResponse"));
        assertEquals(3, events.size());
      }
    }
  }
}
