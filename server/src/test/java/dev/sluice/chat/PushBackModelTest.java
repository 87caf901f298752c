package dev.sluice.chat;

import static dev.sluice.chat.Drafts.event;
import static dev.sluice.chat.Drafts.text;
import static dev.sluice.chat.Drafts.token;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * A chat that pushes back and its readers on two loops, in random order: publishing, reading a
 * little or much, stalling, leaving, coming back, turns of either loop, sweeps. As long as a reader
 * is connected it gets every event that follows, in order and to the last character; a gap is told
 * at most right after it has come, of what was shed before.
 */
class PushBackModelTest {
  private static final int SEEDS = 100;
  private static final int STEPS = 3000;
  private static final int READERS = 5;
  private static final String[] TEXTS = {
    "a", " b", " ", "\n", "\u00e4\ud83d\ude00", "long ".repeat(40)
  };

  private static final AtomicInteger SEEDS_RUN = new AtomicInteger();
  private static final AtomicInteger PUSHED_BACK = new AtomicInteger();
  private static final AtomicInteger OVER_BUDGET = new AtomicInteger();
  private static final AtomicInteger GAPS_AT_JOIN = new AtomicInteger();
  private static final AtomicInteger SHED = new AtomicInteger();

  static List<Long> seeds() {
    return Seeds.below(SEEDS);
  }

  /** Those that the random walk was meant to come by. */
  @AfterAll
  static void everythingHappened() {
    if (SEEDS_RUN.get() == SEEDS) {
      for (AtomicInteger each : List.of(PUSHED_BACK, OVER_BUDGET, GAPS_AT_JOIN, SHED)) {
        String all = PUSHED_BACK + " " + OVER_BUDGET + " " + GAPS_AT_JOIN + " " + SHED;
        assertTrue(each.get() > 10, () -> "too tame: " + all);
      }
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void noConnectedReaderMissesAnything(long seed) {
    new Walk(seed).run();
    SEEDS_RUN.incrementAndGet();
  }

  private static final class Walk {
    private final Random random;
    private final Room room;
    private final ArrayDeque<Runnable> otherTasks = new ArrayDeque<>();
    private final Wakeups otherLoop = new Wakeups(otherTasks::add, () -> {});

    /** What was published, by offset: the text of a token, or null for another event. */
    private final List<@Nullable String> log = new ArrayList<>();

    private final List<Checked> readers = new ArrayList<>();
    private @Nullable Chat known;

    Walk(long seed) {
      random = new Random(seed);
      long maxLogBytes = 2048L << random.nextInt(4);
      room = new Room(Room.pushBack(maxLogBytes, seed % 3 == 0 ? 8 * 1024 : 1 << 26));
      for (int i = 0; i < READERS; i++) {
        readers.add(new Checked(i % 2 == 0 ? room.wakeups : otherLoop));
      }
    }

    void run() {
      for (int step = 0; step < STEPS; step++) {
        switch (random.nextInt(10)) {
          case 0 -> room.turn();
          case 1 -> turnOther();
          case 2 -> sweep();
          case 3, 4, 5 -> publishSome();
          default -> readers.get(random.nextInt(READERS)).doSomething();
        }
      }
      // Whoever is connected reads on: then nobody is held for long.
      int tries = 0;
      while (!publish()) {
        assertTrue(tries++ < 10, "held for ever");
        readers.forEach(reader -> reader.read(Integer.MAX_VALUE));
        room.turn();
        turnOther();
        sweep();
      }
      readers.forEach(Checked::finish);
    }

    /** The chat, which is another one if nobody used it and it was forgotten for want of room. */
    private @Nullable Chat chat() {
      Chat chat = room.chats.find(Room.CHAT);
      if (chat != known || log.isEmpty()) {
        known = chat;
        log.clear();
        log.add(null);
        readers.forEach(Checked::forget);
      }
      return chat;
    }

    private void sweep() {
      room.chats.sweep();
      Chat chat = room.chats.find(Room.CHAT);
      SHED.addAndGet(chat != null && chat.firstId().offset() > 1 ? 1 : 0);
    }

    private void turnOther() {
      for (int count = otherTasks.size(); count > 0; count--) {
        otherTasks.remove().run();
      }
    }

    private void publishSome() {
      for (int count = random.nextInt(30); count > 0 && publish(); count--) {}
    }

    private boolean publish() {
      int kind = random.nextInt(60);
      String text = TEXTS[random.nextInt(TEXTS.length)];
      EventDraft draft =
          kind == 0 ? event("end") : kind == 1 ? text("progress", text) : token(text);
      PublishResult result = room.publish(draft);
      Chat chat = chat();
      long tail = chat == null ? 0 : chat.lastId().offset();
      if (result == PublishResult.ACCEPTED) {
        // A start may have come before it.
        while (log.size() <= tail) {
          boolean last = log.size() == tail;
          log.add(last && kind > 1 ? text : null);
        }
        return true;
      }
      assertEquals(log.size() - 1L, tail);
      boolean isPushedBack = result == PublishResult.PUSHED_BACK;
      (isPushedBack ? PUSHED_BACK : OVER_BUDGET).incrementAndGet();
      assertTrue(result.isForNow(), result::code);
      return false;
    }

    /** One reader, connected or not, and how far it has come. */
    private final class Checked {
      private final Wakeups loop;
      private @Nullable Reading reading;
      private long position;
      private boolean lapped;

      Checked(Wakeups loop) {
        this.loop = loop;
      }

      void doSomething() {
        Reading connected = reading;
        if (connected == null) {
          join();
        } else if (random.nextInt(20) == 0) {
          connected.close();
          reading = null;
        } else {
          read(random.nextInt(5) == 0 ? Integer.MAX_VALUE : random.nextInt(3000));
        }
      }

      void read(int maxBytes) {
        Reading connected = reading;
        if (connected != null) {
          for (Frame frame : connected.readOnce(maxBytes)) {
            take(frame);
          }
        }
      }

      void finish() {
        Reading connected = reading;
        if (connected != null) {
          do {
            read(Integer.MAX_VALUE);
          } while (connected.status != Cursor.Status.AT_TAIL);
          // White space may wait for what follows it.
          for (long offset = position + 1; offset < log.size(); offset++) {
            String rest = log.get((int) offset);
            assertTrue(rest != null && rest.isBlank(), "not all was read");
          }
          connected.close();
        }
      }

      void forget() {
        assertTrue(reading == null || position == 0, "forgotten while it was read");
        position = 0;
      }

      private void join() {
        Chat before = chat();
        boolean resumes = before != null && position > 0 && random.nextBoolean();
        StartAt start =
            resumes
                ? new StartAt.After(room.id(position))
                : random.nextBoolean() ? new StartAt.CurrentRun() : new StartAt.Live();
        Reading joined = new Reading();
        Cursor cursor = room.chats.subscribe(Room.CHAT, start, null, loop, joined);
        assertNotNull(cursor);
        joined.begin(cursor);
        Chat joinedChat = Objects.requireNonNull(chat());
        position = cursor.position();
        lapped = position + 1 < joinedChat.firstId().offset();
        reading = joined;
      }

      private void take(Frame frame) {
        long id = frame.offset();
        if (frame.event().equals("gap")) {
          assertTrue(lapped, "a gap while connected");
          GAPS_AT_JOIN.incrementAndGet();
        } else if (frame.isToken()) {
          StringBuilder expected = new StringBuilder();
          for (long offset = position + 1; offset <= id; offset++) {
            expected.append(Objects.requireNonNull(log.get((int) offset)));
          }
          assertNotEquals(position, id);
          assertEquals(expected.toString(), frame.text());
        } else {
          assertEquals(position + 1, id);
        }
        position = id;
        lapped = false;
      }
    }
  }
}
