package dev.sluice.promises;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.chat.Chat;
import dev.sluice.chat.PublishResult;
import dev.sluice.chat.RunPublisher;
import dev.sluice.frame.TokenType;
import java.io.IOException;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/**
 * Replay and live tail are one path. Readers resume at ids by chance, thousands of times, while the
 * publishers go on as fast as they can: from whatever id, what comes is exactly what follows it, in
 * order, once; or it is preceded by a gap that says what is missing.
 *
 * <p>The event of each offset is known beforehand, so each frame can be checked by its id alone,
 * and so can the seam between two connections.
 */
class ResumeAtFullSpeedTest {
  private static final int CHATS = 3;
  private static final int READERS_PER_CHAT = 2;
  private static final int RESUMES_PER_READER = 500;
  private static final int MAX_LOG_BYTES = 4 * 1024 * 1024;

  /** How far from the tail most readers come back, in events. */
  private static final int NEAR = 3000;

  private final AtomicBoolean done = new AtomicBoolean();
  private final AtomicLong gaps = new AtomicLong();
  private final AtomicLong caughtUp = new AtomicLong();

  @Test
  void fromAnyIdTheRestComesInOrderAndOnce() throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(CHATS + CHATS * READERS_PER_CHAT);
    try (TestServer server = TestServer.wish().maxLogBytes(MAX_LOG_BYTES).start()) {
      List<Future<Long>> published = new ArrayList<>();
      List<Future<?>> readers = new ArrayList<>();
      for (int c = 0; c < CHATS; c++) {
        String chatId = "c" + c;
        RunPublisher run = Objects.requireNonNull(server.chats().startRun(chatId));
        published.add(threads.submit(() -> publish(run)));
        for (int r = 0; r < READERS_PER_CHAT; r++) {
          Random random = new Random(100L * c + r);
          readers.add(threads.submit(() -> resumeAgainAndAgain(server, chatId, random)));
        }
      }
      for (Future<?> reader : readers) {
        reader.get(100, TimeUnit.SECONDS);
      }
      done.set(true);
      for (int c = 0; c < CHATS; c++) {
        long last = published.get(c).get(30, TimeUnit.SECONDS);
        Chat chat = chat(server, "c" + c);
        assertEquals(last, chat.lastId().offset());
        // What is left is whole to its end, too.
        readFrom(server, "c" + c, chat.firstId().offset() - 1, Integer.MAX_VALUE, false);
      }
      assertTrue(gaps.get() > 0, "no reader was lapped");
      assertTrue(caughtUp.get() > 0, "no reader came to the tail");
    } finally {
      done.set(true);
      threads.shutdownNow();
      assertTrue(threads.awaitTermination(30, TimeUnit.SECONDS));
    }
  }

  /** Returns the offset of the end. The start has offset 1. */
  private long publish(RunPublisher run) {
    long offset = 2;
    for (; !done.get(); offset++) {
      TokenType type = type(offset);
      PublishResult result =
          type == null ? run.text("thinking", text(offset)) : run.token(type, text(offset));
      assertEquals(PublishResult.ACCEPTED, result);
    }
    assertEquals(PublishResult.ACCEPTED, run.end());
    return offset;
  }

  private @Nullable Void resumeAgainAndAgain(TestServer server, String chatId, Random random)
      throws IOException {
    Eventually.isTrue("published", () -> chat(server, chatId).lastId().offset() > 2 * NEAR);
    for (int i = 0; i < RESUMES_PER_READER; i++) {
      Chat chat = chat(server, chatId);
      long tail = chat.lastId().offset();
      long first = chat.firstId().offset();
      long from =
          switch (random.nextInt(10)) {
            case 0 -> (long) (random.nextDouble() * first);
            case 1, 2 -> first + (long) (random.nextDouble() * (tail - first));
            case 3, 4 -> tail;
            default -> Math.max(0, tail - random.nextInt(NEAR));
          };
      // Often goes on where it was cut, as a client does, and sometimes somewhere else.
      for (int goesOn = random.nextInt(3); from >= 0 && goesOn >= 0; goesOn--) {
        from = readFrom(server, chatId, from, 1 + random.nextInt(8), random.nextBoolean());
      }
    }
    return null;
  }

  /** Reads so many frames after that offset, and returns that of the last one. */
  private long readFrom(TestServer server, String chatId, long from, int frames, boolean reset)
      throws IOException {
    String lastId = id(server, chatId, from);
    try (EventStream stream =
        EventStream.open(RawConnection.open(server.uri()), chatId, "", lastId, in -> in)) {
      long at = from;
      for (int i = 0; i < frames; i++) {
        Event event = stream.next();
        if (event == null) {
          return -1;
        }
        String id = Objects.requireNonNull(event.id());
        long to = Long.parseLong(id.substring(id.indexOf('-') + 1));
        if (event.is("gap")) {
          assertEquals("lapped", event.data().path("reason").asString());
          assertEquals(id(server, chatId, at), event.data().path("from").asString());
          assertEquals(id, event.data().path("to").asString());
          assertTrue(to > at, "a gap without events");
          gaps.incrementAndGet();
        } else {
          check(event, at, to);
        }
        at = to;
        if (at + 100 > chat(server, chatId).lastId().offset()) {
          caughtUp.incrementAndGet();
        }
      }
      if (reset) {
        stream.connection().reset();
      }
      return at;
    }
  }

  /** The frame has exactly the events after the one offset up to the other. */
  private static void check(Event event, long after, long to) {
    assertTrue(to > after, () -> "after " + after + " came " + to);
    if (event.is("end") || event.is("start")) {
      assertEquals(after + 1, to);
      return;
    }
    TokenType type = type(after + 1);
    assertEquals(type == null ? "thinking" : "token", event.name(), "after " + after);
    StringBuilder expected = new StringBuilder();
    for (long offset = after + 1; offset <= to; offset++) {
      assertEquals(type, type(offset), "merged over another kind of event");
      expected.append(text(offset));
    }
    if (type == null) {
      assertEquals(after + 1, to);
    } else {
      assertEquals(type.wireName(), event.type());
    }
    assertEquals(expected.toString(), event.data().asString());
  }

  private static @Nullable TokenType type(long offset) {
    if (offset % 97 == 0) {
      return null;
    }
    return (offset / 251) % 2 == 0 ? TokenType.FINAL_RESPONSE : TokenType.AGENT_REASONING;
  }

  private static String text(long offset) {
    return offset % 13 == 0 ? " " : "<" + offset + ">";
  }

  private static String id(TestServer server, String chatId, long offset) {
    return chat(server, chatId).lastId().epoch() + "-" + offset;
  }

  private static Chat chat(TestServer server, String chatId) {
    Chat chat = server.chats().find(chatId);
    assertNotNull(chat);
    return chat;
  }
}
