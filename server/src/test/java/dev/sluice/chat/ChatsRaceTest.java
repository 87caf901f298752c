package dev.sluice.chat;

import static dev.sluice.chat.Drafts.event;
import static dev.sluice.chat.Drafts.text;
import static dev.sluice.chat.Drafts.token;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.frame.TokenType;
import dev.sluice.frame.Utf8Buffer;
import dev.sluice.metrics.Metrics;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.HashSet;
import java.util.List;
import java.util.Set;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/** Threads that publish, read, stop and forget at the same time. */
@Timeout(120)
class ChatsRaceTest {
  private static final String CHAT = "c";

  private final AtomicLong nowMs = new AtomicLong(Room.EPOCH);
  private final InstantSource clock = () -> Instant.ofEpochMilli(nowMs.get());
  private final Chats chats = new Chats(shortLived(), clock, new Metrics());
  private final Wakeups idleLoop = new Wakeups(task -> {}, () -> {});

  private static ChatLimits shortLived() {
    return new ChatLimits(1000, 8, 1 << 24, 1 << 28, 1, 1 << 30, 0, false);
  }

  @Test
  void eachPublishersEventsStandInItsOrder() throws InterruptedException {
    int threads = 6;
    int each = 10_000;
    Together.run(
        threads,
        thread -> {
          EventDraft draft = new EventDraft();
          for (int i = 0; i < each; i++) {
            draft.token(TokenType.FINAL_RESPONSE, thread + ":" + i + ";");
            assertEquals(PublishResult.ACCEPTED, chats.publish(CHAT, draft));
          }
        });
    assertEquals(1 + threads * each, chat().lastId().offset());
    int[] next = new int[threads];
    for (String piece : answer().split(";", -1)) {
      if (!piece.isEmpty()) {
        String[] parts = piece.split(":", -1);
        assertEquals(next[Integer.parseInt(parts[0])]++, Integer.parseInt(parts[1]));
      }
    }
  }

  /** A reader that was there before, and stays, is sent every run that was accepted meanwhile. */
  @Test
  void whatIsPublishedWhileChatsAreForgottenReachesTheReader() throws InterruptedException {
    for (int round = 0; round < 1000; round++) {
      String chatId = "c" + round;
      AtomicInteger seen = new AtomicInteger();
      chats.publish(chatId, text("error", "before"));
      // Seen once by the sweeper, so that the next look finds its time over.
      chats.sweep();
      nowMs.addAndGet(10);
      Cursor[] cursor = new Cursor[1];
      Together.run(
          3,
          thread -> {
            switch (thread) {
              case 0 -> chats.sweep();
              case 1 ->
                  cursor[0] = chats.subscribe(chatId, new StartAt.Live(), null, idleLoop, () -> {});
              default -> {
                assertEquals(PublishResult.ACCEPTED, chats.publish(chatId, text("error", "e")));
                seen.incrementAndGet();
              }
            }
          });
      Cursor reader = cursor[0];
      assertNotNull(reader);
      // Whatever came first: the reader's chat is the one that is found, and will be written to.
      assertEquals(chats.find(chatId), reader.chat(), "round " + round);
      assertFalse(reader.chat().isGone());
      assertEquals(1, seen.get());
      reader.close();
    }
  }

  /** The last reader of an empty chat leaves while a whole run is published. */
  @Test
  void aRunThatComesAsTheLastReaderLeavesIsKept() throws InterruptedException {
    AtomicInteger round = new AtomicInteger();
    AtomicBoolean stop = new AtomicBoolean();
    int rounds = 15_000;
    AtomicInteger published = new AtomicInteger();
    Together.run(
        2,
        thread -> {
          if (thread == 0) {
            for (int i = 1; i <= rounds; i++) {
              Cursor cursor =
                  chats.subscribe("c" + i, new StartAt.Live(), null, idleLoop, () -> {});
              assertNotNull(cursor);
              round.set(i);
              cursor.close();
              while (published.get() < i && !stop.get()) {
                Thread.onSpinWait();
              }
              Chat chat = chats.find("c" + i);
              assertNotNull(chat, "round " + i);
              assertEquals(3, chat.lastId().offset());
              chats.delete("c" + i);
            }
          } else {
            try {
              for (int i = 1; i <= rounds; i++) {
                while (round.get() < i) {
                  Thread.onSpinWait();
                  assertFalse(Thread.interrupted());
                }
                assertEquals(PublishResult.ACCEPTED, chats.publish("c" + i, text("error", "e")));
                published.set(i);
              }
            } finally {
              stop.set(true);
            }
          }
        });
  }

  @Test
  void aStopTellsTheProducerExactlyOnceWhateverHappens() throws InterruptedException {
    for (int i = 0; i < 1500; i++) {
      String chatId = "c" + i;
      RunPublisher run = chats.startRun(chatId);
      assertNotNull(run);
      AtomicInteger told = new AtomicInteger();
      Together.run(
          2,
          thread -> {
            if (thread == 0) {
              run.listen(told::incrementAndGet);
              run.token(TokenType.FINAL_RESPONSE, "a");
            } else {
              Chat chat = chats.find(chatId);
              assertNotNull(chat);
              chat.stop();
            }
          });
      assertEquals(1, told.get());
      assertEquals(RunEnding.STOPPED, run.ending());
      chats.delete(chatId);
    }
  }

  @Test
  void epochsAreNeverEqual() throws InterruptedException {
    List<Set<Long>> seen = new ArrayList<>();
    for (int i = 0; i < 4; i++) {
      seen.add(new HashSet<>());
    }
    Together.run(
        4,
        thread -> {
          for (int i = 0; i < 5000; i++) {
            String chatId = "c" + thread;
            chats.publish(chatId, event("start"));
            Chat chat = chats.find(chatId);
            assertNotNull(chat);
            assertTrue(seen.get(thread).add(chat.lastId().epoch()));
            chats.delete(chatId);
          }
        });
    Set<Long> all = new HashSet<>();
    seen.forEach(all::addAll);
    assertEquals(20_000, all.size());
    assertEquals(0, chats.budget().usedBytes());
  }

  @Test
  void aCommandAfterPublishingFindsItInTheLog() throws InterruptedException {
    AtomicInteger missed = new AtomicInteger();
    AtomicInteger ran = new AtomicInteger();
    chats.publish(CHAT, event("start"));
    int each = 20_000;
    AtomicLong[] accepted = new AtomicLong[4];
    for (int i = 0; i < accepted.length; i++) {
      accepted[i] = new AtomicLong();
    }
    Together.run(
        4,
        thread -> {
          for (int i = 1; i <= each; i++) {
            chats.publish(CHAT, token("x"));
            long own = accepted[thread].incrementAndGet();
            chat()
                .afterPublished(
                    () -> {
                      ran.incrementAndGet();
                      if (chat().lastId().offset() < 1 + own) {
                        missed.incrementAndGet();
                      }
                    });
          }
        });
    assertEquals(4 * each, ran.get());
    assertEquals(0, missed.get());
    assertEquals(1 + 4 * each, chat().lastId().offset());
  }

  private Chat chat() {
    Chat chat = chats.find(CHAT);
    assertNotNull(chat);
    return chat;
  }

  private String answer() {
    StartAt start = new StartAt.CurrentRun();
    Cursor cursor = chats.subscribe(CHAT, start, null, idleLoop, () -> {});
    assertNotNull(cursor);
    Utf8Buffer out = new Utf8Buffer(1 << 20);
    cursor.readText(out, TokenType.FINAL_RESPONSE);
    cursor.close();
    return out.toString();
  }
}
