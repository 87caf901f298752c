package dev.sluice.promises;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sluice.Transport;
import java.io.IOException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Event loops that sleep before they wait deliver all the same, and answer other calls. */
class GatheredWakeupsLoseNothingTest {
  private static final int TOKENS = 20_000;
  private static final int TOKENS_PER_LINE_BURST = 20;

  @ParameterizedTest
  @EnumSource(Transport.class)
  void linesThatComeQuicklyArriveExactly(Transport transport) throws IOException {
    assumeTrue(transport.isAvailable(), transport + " is not available on this machine");
    // Ten milliseconds: nearly every wait is preceded by a sleep.
    try (TestServer server =
            TestServer.wish().transport(transport).threads(2).wakeBudgetUs(10_000).start();
        EventStream first = EventStream.open(server.uri(), "c");
        EventStream second = EventStream.open(server.uri(), "c")) {
      Calls calls = new Calls(server.uri());
      StringBuilder text = new StringBuilder();
      try (RawConnection producer = calls.openLines("c")) {
        for (int i = 0; i < TOKENS; i += TOKENS_PER_LINE_BURST) {
          StringBuilder lines = new StringBuilder();
          for (int j = i; j < i + TOKENS_PER_LINE_BURST; j++) {
            lines.append("{\"event\":\"token\",\"data\":\"").append(j).append(" \"}\n");
            text.append(j).append(' ');
          }
          producer.chunk(lines.toString());
          LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(300));
        }
        // A call on a connection of its own, while the loops are at it.
        assertEquals(200, calls.get("/v1/chats/c").status());
        producer.chunk("{\"event\":\"end\"}\n");
        producer.chunk("");
        assertEquals(200, producer.response().status());
      }
      assertEquals(text.toString(), Readers.text(first.all(), null, "agentReasoning"));
      assertEquals(text.toString(), Readers.text(second.all(), null, "agentReasoning"));
    }
  }
}
