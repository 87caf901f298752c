package dev.sluice.promises;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.clients.ServerUnderTest;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.junit.jupiter.api.Test;

/**
 * A server with little memory is given several times more than it can keep. It gives up what its
 * documents say, in their order, tells who misses something, and lives on.
 */
class BudgetIsKeptTest {
  private static final String SMALL_HEAP = "-Xmx64m";
  private static final String SMALL_DIRECT_MEMORY = "-XX:MaxDirectMemorySize=16m";
  private static final int TOKEN_CHARS = 8000;
  private static final long PATIENCE_NANOS = TimeUnit.SECONDS.toNanos(60);

  /** Dies, as real ones may, if memory is ever used up. */
  private static ServerUnderTest start(String... options) {
    List<String> program =
        new ArrayList<>(
            List.of(
                SMALL_HEAP,
                SMALL_DIRECT_MEMORY,
                "-XX:+ExitOnOutOfMemoryError",
                "dev.sluice.Main",
                "--port=0",
                "--threads=2"));
    program.addAll(List.of(options));
    return ServerUnderTest.startProgram(program.toArray(String[]::new));
  }

  @Test
  void chatsThatNobodyUsesGoTheLongestUnusedFirst() throws IOException {
    int chats = 60;
    int tokens = 100;
    try (ServerUnderTest server = start()) {
      Calls calls = new Calls(server.uri());
      for (int chat = 0; chat < chats; chat++) {
        publish(calls, "c" + chat, 0, tokens, true);
        assertBudgetIsKept(server);
      }
      assertEquals(404, calls.get("/v1/chats/c0").status());
      boolean kept = false;
      for (int chat = 0; chat < chats; chat++) {
        boolean here = calls.get("/v1/chats/c" + chat).status() == 200;
        assertTrue(here || !kept, "c" + chat + " went before an older one");
        kept = here;
      }
      assertTrue(kept);
      try (EventStream last = EventStream.open(server.uri(), "c" + (chats - 1))) {
        assertEquals(text(0, tokens), Readers.text(last.all(), null, "agentReasoning"));
      }
      // An id of a chat that was forgotten is told as what it is.
      calls.publish("c0", "{\"event\":\"token\",\"data\":\"anew\"}");
      try (EventStream back =
          EventStream.open(RawConnection.open(server.uri()), "c0", "", "12345-3", in -> in)) {
        Event gap = back.next();
        assertTrue(gap != null && gap.is("gap"));
        assertEquals("epoch", gap.data().path("reason").asString());
        assertEquals("anew", back.await("token").text());
      }
    }
  }

  @Test
  void runsThatAreOpenLoseTheirOldestEventsAndGoOn() throws IOException {
    int chats = 30;
    int rounds = 15;
    int tokens = 10;
    try (ServerUnderTest server = start()) {
      Calls calls = new Calls(server.uri());
      calls.publish("small", "{\"event\":\"token\",\"data\":\"all of it\"}");
      try (EventStream live = EventStream.open(server.uri(), "c0")) {
        StringBuilder seen = new StringBuilder();
        for (int round = 0; round < rounds; round++) {
          for (int chat = 0; chat < chats; chat++) {
            publish(calls, "c" + chat, round * tokens, tokens, false);
          }
          int length = text(round * tokens, tokens).length();
          for (int end = seen.length() + length; seen.length() < end; ) {
            seen.append(live.await("token").text());
          }
          assertBudgetIsKept(server);
        }
        assertEquals(
            text(0, rounds * tokens), seen.toString(), "a reader that keeps up has it all");
      }
      String all = text(0, rounds * tokens);
      for (int chat = 0; chat < chats; chat++) {
        String id = "c" + chat;
        String epoch = calls.get("/v1/chats/" + id).json().path("epoch").asString();
        String firstId = calls.get("/v1/chats/" + id).json().path("firstId").asString();
        calls.publish(id, "{\"event\":\"end\"}");
        try (EventStream late =
            EventStream.open(RawConnection.open(server.uri()), id, "", epoch + "-0", in -> in)) {
          Event gap = late.next();
          assertTrue(gap != null && gap.is("gap"), id + " has lost nothing");
          assertEquals(epoch + "-0", gap.data().path("from").asString());
          long lost = gap.offset();
          assertEquals(Long.parseLong(firstId.substring(epoch.length() + 1)), lost + 1);
          // The first of them was the start, so that many tokens are missing, less one.
          String rest = Readers.text(late.all(), null, "agentReasoning");
          assertEquals(all.substring(text(0, (int) lost - 1).length()), rest);
        }
      }
      try (EventStream small = EventStream.open(server.uri(), "small")) {
        assertEquals("all of it", small.await("token").text(), "the small ones are not touched");
      }
    }
  }

  /** 300 readers that never read could have 30 MB wait for them, of 16 that there are. */
  @Test
  void readersThatTakeNothingGoBeforeTheMemoryDoes() throws IOException {
    int readers = 300;
    int tokens = 600;
    List<EventStream> asleep = new ArrayList<>();
    try (ServerUnderTest server = start("--max-log-bytes=8388608")) {
      Calls calls = new Calls(server.uri());
      calls.publish("c", "{\"event\":\"start\"}");
      for (int i = 0; i < readers; i++) {
        RawConnection small = RawConnection.open(server.uri(), 2048);
        asleep.add(EventStream.open(small, "c", "", null, in -> in));
      }
      try (EventStream live = EventStream.open(server.uri(), "c")) {
        StringBuilder seen = new StringBuilder();
        for (int i = 0; i < tokens; i += 10) {
          publish(calls, "c", i, 10, false);
          for (int end = text(0, i + 10).length(); seen.length() < end; ) {
            seen.append(live.await("token").text());
          }
          Numbers numbers = Numbers.of(server.uri());
          assertTrue(
              numbers.of("sluice_outbound_bytes") <= numbers.of("sluice_outbound_budget_bytes"),
              () -> numbers.bySeries().toString());
        }
        assertEquals(text(0, tokens), seen.toString());
      }
      Numbers numbers = Numbers.of(server.uri());
      assertTrue(numbers.of("sluice_streams_closed_total{reason=\"no_room\"}") > 0);
      assertEquals(0, numbers.of("sluice_streams_closed_total{reason=\"failed\"}"));
      // Each holds less than 400 KiB, and 6 MiB may stay.
      assertTrue(numbers.of("sluice_streams{client=\"external\"}") > 5, "more than needed went");
    } finally {
      asleep.forEach(EventStream::close);
    }
  }

  /** Publishes numbered tokens, with the patience that the documents ask for. */
  private static void publish(Calls calls, String chatId, int first, int count, boolean end) {
    List<String> events = new ArrayList<>();
    for (int i = first; i < first + count; i++) {
      events.add("{\"event\":\"token\",\"data\":\"" + token(i) + "\"}");
    }
    if (end) {
      events.add("{\"event\":\"end\"}");
    }
    long from = System.nanoTime();
    while (!events.isEmpty()) {
      Response response = calls.publish(chatId, "[" + String.join(",", events) + "]");
      if (response.status() == 200) {
        return;
      }
      assertEquals(429, response.status(), response::body);
      assertEquals("over_budget", response.code());
      assertNotNull(response.head().field("retry-after"));
      assertTrue(System.nanoTime() - from < PATIENCE_NANOS, "there is never any room");
      int accepted = response.json().path("accepted").asInt();
      events = new ArrayList<>(events.subList(accepted, events.size()));
      LockSupport.parkNanos(TimeUnit.MILLISECONDS.toNanos(20));
    }
  }

  private static String token(int number) {
    return number + "x".repeat(TOKEN_CHARS) + "|";
  }

  private static String text(int first, int count) {
    StringBuilder text = new StringBuilder();
    for (int i = first; i < first + count; i++) {
      text.append(token(i));
    }
    return text.toString();
  }

  private static void assertBudgetIsKept(ServerUnderTest server) {
    Numbers numbers = Numbers.of(server.uri());
    double budget = numbers.of("sluice_log_budget_bytes");
    assertTrue(budget <= 64 * 1024 * 1024 / 4.0 && budget > 0, () -> "budget " + budget);
    // It is looked at before an event is taken, so one segment may be too much.
    double used = numbers.of("sluice_log_bytes");
    assertTrue(used <= budget + 128 * 1024, () -> used + " of " + budget);
  }
}
