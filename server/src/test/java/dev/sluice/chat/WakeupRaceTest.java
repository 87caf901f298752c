package dev.sluice.chat;

import static dev.sluice.chat.Drafts.token;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.frame.Utf8Buffer;
import dev.sluice.metrics.Metrics;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** Publishers against a loop: no wake is lost. A lost one shows as a reader that stays behind. */
@Timeout(120)
class WakeupRaceTest {
  /** How long the races go on; it decides how much is tried, not what comes out. */
  private static final long RACE_NANOS = TimeUnit.MILLISECONDS.toNanos(1200);

  private static final long DEADLINE_NANOS = TimeUnit.SECONDS.toNanos(60);

  private final Chats chats = new Chats(Room.limits(), InstantSource.system(), new Metrics());
  private final ExecutorService loop = Executors.newSingleThreadExecutor();
  private final Wakeups wakeups = new Wakeups(loop, () -> {});

  /** Reads on the loop and counts, for other threads to see. */
  private static final class Counting implements Cursor.Reader {
    final AtomicLong lag = new AtomicLong();
    final AtomicLong bytes = new AtomicLong();
    private final Utf8Buffer out = new Utf8Buffer(1024);
    private volatile @Nullable Cursor cursor;

    @Override
    public void readable() {
      Cursor reading = cursor;
      if (reading != null) {
        reading.read(out.clear(1 << 20), Integer.MAX_VALUE, false, 0);
        bytes.addAndGet(out.length());
        lag.set(reading.lag());
      }
    }
  }

  @AfterEach
  void stopTheLoop() throws InterruptedException {
    loop.shutdown();
    assertTrue(loop.awaitTermination(60, TimeUnit.SECONDS));
  }

  /** The next event is not published before the reader has the last one: each wake counts. */
  @Test
  void oneEventAtATime() throws Exception {
    Counting reader = subscribe("c");
    chats.publish("c", token("x"));
    long stop = System.nanoTime() + RACE_NANOS;
    long steps = 0;
    do {
      long before = reader.bytes.get();
      chats.publish("c", token("x"));
      awaitMore(reader, before);
      steps++;
    } while (System.nanoTime() - stop < 0);
    assertTrue(steps > 100, () -> "this is to be a race");
  }

  @ParameterizedTest
  @CsvSource({"1, 1", "2, 1", "4, 16", "3, 200"})
  void whenThePublishersAreThroughTheReadersHaveEverything(int publishers, int chatCount)
      throws Exception {
    List<Counting> readers = new ArrayList<>();
    for (int i = 0; i < chatCount; i++) {
      readers.add(subscribe("c" + i));
    }
    for (int round = 0; round < 20; round++) {
      Together.run(
          publishers,
          thread -> {
            for (int i = 0; i < 40_000 / publishers; i++) {
              chats.publish("c" + (i * 7 + thread) % chatCount, token("x"));
            }
          });
      settle();
      for (Counting reader : readers) {
        assertEquals(0, reader.lag.get());
      }
    }
  }

  /** Readers that come and go while others publish: who stays is told. */
  @Test
  void readersComeAndGo() throws Exception {
    Counting staying = subscribe("c");
    Together.run(
        2,
        thread -> {
          if (thread == 0) {
            for (int i = 0; i < 100_000; i++) {
              chats.publish("c", token("x"));
            }
          } else {
            for (int i = 0; i < 3000; i++) {
              Counting passing = subscribe("c");
              loop.submit(
                      () -> {
                        Cursor cursor = passing.cursor;
                        assertNotNull(cursor);
                        cursor.close();
                      })
                  .get();
            }
          }
        });
    settle();
    assertEquals(0, staying.lag.get());
    Chat chat = chats.find("c");
    assertNotNull(chat);
    assertEquals(1, chat.subscriberCount());
    Counting late = subscribe("c");
    chats.publish("c", token("y"));
    settle();
    assertTrue(late.bytes.get() > 0);
    assertEquals(0, late.lag.get());
  }

  /** On the loop, as it is the rule, and with one read at once. */
  private Counting subscribe(String chatId) throws Exception {
    Counting reader = new Counting();
    loop.submit(
            () -> {
              reader.cursor = chats.subscribe(chatId, new StartAt.Live(), null, wakeups, reader);
              reader.readable();
            })
        .get();
    assertNotNull(reader.cursor);
    return reader;
  }

  /** Whatever was on the loop, and whatever that put there again, is done. */
  private void settle() throws Exception {
    for (int i = 0; i < 3; i++) {
      loop.submit(() -> {}).get();
    }
  }

  private static void awaitMore(Counting reader, long before) {
    long deadline = System.nanoTime() + DEADLINE_NANOS;
    while (reader.bytes.get() == before) {
      assertTrue(System.nanoTime() - deadline < 0, "a wake was lost");
      Thread.onSpinWait();
    }
  }
}
