package dev.sluice.promises;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.chat.RunPublisher;
import dev.sluice.frame.TokenType;
import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

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

  /** While the run goes on, and when it is over and folded. */
  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void tenThousandTokensCostLittleMoreThanTheirText(boolean ended) throws IOException {
    try (TestServer server = TestServer.start()) {
      RunPublisher run = Objects.requireNonNull(server.chats().startRun("c"));
      StringBuilder text = new StringBuilder();
      for (int i = 0; i < 10_000; i++) {
        run.token(TokenType.FINAL_RESPONSE, " to" + i % 7);
        text.append(" to").append(i % 7);
      }
      if (ended) {
        run.end();
      }
      AtomicLong bytes = new AtomicLong();
      RawConnection connection = RawConnection.open(server.uri());
      try (EventStream stream =
          EventStream.open(connection, "c", "", null, in -> new CountedInput(in, bytes))) {
        assertEquals("start", Objects.requireNonNull(stream.next()).name());
        Event soFar = Objects.requireNonNull(stream.next());
        assertEquals(text.toString(), soFar.text());
        assertEquals(10_001, soFar.offset());
        // With the response head and all.
        assertTrue(bytes.get() <= 1.2 * text.length(), () -> bytes + " bytes");
        if (!ended) {
          run.end();
        }
        assertEquals("end", Objects.requireNonNull(stream.next()).name());
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

  private static final class CountedInput extends FilterInputStream {
    private final AtomicLong bytes;

    CountedInput(InputStream in, AtomicLong bytes) {
      super(in);
      this.bytes = bytes;
    }

    @Override
    public int read() throws IOException {
      int b = super.read();
      bytes.addAndGet(b < 0 ? 0 : 1);
      return b;
    }

    @Override
    public int read(byte[] target, int from, int count) throws IOException {
      int read = super.read(target, from, count);
      bytes.addAndGet(Math.max(0, read));
      return read;
    }
  }
}
