package dev.sluice.promises;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.chat.RunPublisher;
import dev.sluice.frame.TokenType;
import io.netty.buffer.ByteBufAllocator;
import io.netty.buffer.ByteBufAllocatorMetricProvider;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** A reader that never reads costs the others nothing, and the server next to nothing. */
class SlowReaderHoldsNobodyUpTest {
  private static final int BATCHES = 150;
  private static final String TOKEN = "0123456789abcdef".repeat(64);
  private static final int TOKENS_PER_BATCH = 64;
  private static final int MAX_LOG_BYTES = 2 * 1024 * 1024;
  private static final int MAX_GROWTH_BYTES = 8 * 1024 * 1024;

  @Test
  void othersGetEverythingAndMemoryStaysBounded() throws IOException {
    try (TestServer server = TestServer.wish().maxLogBytes(MAX_LOG_BYTES).start()) {
      RunPublisher run = Objects.requireNonNull(server.chats().startRun("c"));
      List<EventStream> asleep = new ArrayList<>();
      List<EventStream> awake = new ArrayList<>();
      try {
        for (int i = 0; i < 4; i++) {
          RawConnection small = RawConnection.open(server.uri(), 2048);
          asleep.add(EventStream.open(small, "c", "", null, in -> in));
          awake.add(EventStream.open(server.uri(), "c"));
        }
        long before = directBytes();
        long most = 0;
        for (int i = 0; i < BATCHES; i++) {
          for (int j = 0; j < TOKENS_PER_BATCH; j++) {
            run.token(TokenType.FINAL_RESPONSE, TOKEN);
          }
          for (EventStream stream : awake) {
            int chars = 0;
            while (chars < TOKEN.length() * TOKENS_PER_BATCH) {
              String text = stream.await("token").text();
              assertEquals(TOKEN, text.substring(text.length() - TOKEN.length()));
              chars += text.length();
            }
            assertEquals(TOKEN.length() * TOKENS_PER_BATCH, chars);
          }
          most = Math.max(most, directBytes() - before);
        }
        run.end();
        for (EventStream stream : awake) {
          assertEquals(List.of("end"), stream.all().stream().map(Event::name).toList());
        }
        assertTrue(most < MAX_GROWTH_BYTES, "grew by " + most + " bytes");
        for (EventStream stream : asleep) {
          List<Event> late = stream.all();
          assertTrue(late.stream().anyMatch(event -> event.is("gap")), "no gap was told");
          assertTrue(late.get(late.size() - 1).is("end"));
        }
      } finally {
        asleep.forEach(EventStream::close);
        awake.forEach(EventStream::close);
      }
    }
  }

  private static long directBytes() {
    return ((ByteBufAllocatorMetricProvider) ByteBufAllocator.DEFAULT).metric().usedDirectMemory();
  }
}
