package dev.sluice.chat;

import static dev.sluice.chat.Drafts.event;
import static dev.sluice.chat.Drafts.token;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.frame.Utf8Buffer;
import dev.sluice.metrics.Metrics;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.concurrent.atomic.AtomicLong;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;

/**
 * One thread publishes runs, which are folded as they end and shed as they grow old; others join
 * after any event and read. Every token says its number, so each reader can tell a wrong one.
 */
@Timeout(120)
class FoldRaceTest {
  /** How long the race goes on; it decides how much is tried, not what comes out. */
  private static final long RACE_NANOS = TimeUnit.MILLISECONDS.toNanos(1500);

  private static final int READERS = 3;

  private final Chats chats =
      new Chats(Room.logBytes(64 * 1024, 1 << 28), InstantSource.system(), new Metrics());
  private final AtomicBoolean over = new AtomicBoolean();
  private final AtomicLong reads = new AtomicLong();
  private final AtomicLong gaps = new AtomicLong();

  @Test
  void nobodyReadsAnythingButTheRest() throws InterruptedException {
    chats.publish(Room.CHAT, event("start"));
    long seed = System.nanoTime();
    Together.run(
        READERS + 1,
        thread -> {
          if (thread == 0) {
            publish(new Random(seed));
          } else {
            read(new Random(seed + thread), seed);
          }
        });
    assertTrue(reads.get() > 20 && gaps.get() > 0, () -> "no race: " + reads + ", " + gaps);
  }

  private void publish(Random random) {
    long stop = System.nanoTime() + RACE_NANOS;
    // Counted here: what is accepted while a reader leaves is in the log a moment later.
    long next = 2;
    try {
      while (System.nanoTime() - stop < 0) {
        int length = random.nextInt(4) == 0 ? random.nextInt(9000) : random.nextInt(40);
        for (int i = 0; i < length; i++) {
          // The token that gets offset n is "n,".
          chats.publish(Room.CHAT, token(next++ + ","));
        }
        chats.publish(Room.CHAT, event("end"));
        chats.publish(Room.CHAT, event("start"));
        next += 2;
      }
    } finally {
      over.set(true);
    }
  }

  private void read(Random random, long seed) {
    // Never told of anything: it reads when it likes.
    Wakeups wakeups = new Wakeups(task -> {}, () -> {});
    Chat chat = Objects.requireNonNull(chats.find(Room.CHAT));
    while (!over.get()) {
      long first = chat.firstId().offset();
      long last = chat.lastId().offset();
      // Now and then from before what is still there.
      long from = random.nextInt(4) == 0 ? Math.max(0, first - 1000) : first;
      long after = from + (long) (random.nextDouble() * (last - from));
      StartAt startAt = new StartAt.After(new EventId(chat.lastId().epoch(), after));
      Cursor cursor =
          Objects.requireNonNull(chats.subscribe(Room.CHAT, startAt, null, wakeups, () -> {}));
      for (int i = 0; i < 3; i++) {
        Utf8Buffer out = new Utf8Buffer(1 << 16);
        cursor.read(out, 1 << (8 + random.nextInt(12)), true, 0);
        after = check(Frame.parse(out), after, seed);
      }
      reads.incrementAndGet();
      cursor.close();
    }
  }

  /** Each frame goes on exactly where the one before it ended. */
  private long check(List<Frame> frames, long after, long seed) {
    long at = after;
    for (Frame frame : frames) {
      if (frame.event().equals("gap")) {
        assertTrue(frame.json().contains("-" + at + "\",\"to\""), frame::json);
        at = frame.offset();
        gaps.incrementAndGet();
      } else if (frame.isToken()) {
        for (String number : frame.text().split(",", -1)) {
          if (!number.isEmpty()) {
            at++;
            assertEquals(at, Long.parseLong(number), () -> "seed " + seed);
          }
        }
      } else {
        at++;
      }
      assertEquals(frame.offset(), at, () -> "seed " + seed + ": " + frame.event());
    }
    return at;
  }
}
