package dev.sluice.chat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.frame.TokenType;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Everything that can happen to a log and its readers, in random order: publishing, runs that end
 * and are folded, old events that are shed at the chat's and at the process's bound, readers that
 * join anywhere, stall, break off, come back with any id, and chats that are deleted or forgotten.
 * Each reader's text is what {@link ReferenceChat} says, or there is an honest gap before it.
 */
class RetentionModelTest {
  private static final int SEEDS = 80;
  private static final int STEPS = 2500;
  private static final int READERS = 8;
  private static final int OTHER_CHATS = 3;
  private static final int MAX_OPEN_RUNS = 5;
  private static final long TTL_MS = 1000;
  private static final String[] TEXTS = {
    "a", " b", "c ", "\n", " ", "\t\t", "\u00e4", "\ud83d\ude00", "\"\\", "long ".repeat(30)
  };

  private static final AtomicInteger GAPS = new AtomicInteger();
  private static final AtomicInteger STRANGERS = new AtomicInteger();
  private static final AtomicInteger FOLDED = new AtomicInteger();
  private static final AtomicInteger FORGOTTEN = new AtomicInteger();
  private static final AtomicInteger REFUSED = new AtomicInteger();
  private static final AtomicInteger SEEDS_RUN = new AtomicInteger();

  static List<Long> seeds() {
    return Seeds.below(SEEDS);
  }

  /** Those that the random walk was meant to come by. */
  @AfterAll
  static void everythingHappened() {
    if (SEEDS_RUN.get() == SEEDS) {
      for (AtomicInteger each : List.of(GAPS, STRANGERS, FOLDED, FORGOTTEN, REFUSED)) {
        assertTrue(
            each.get() > 10,
            "too tame: gaps "
                + GAPS
                + ", strange ids "
                + STRANGERS
                + ", folded "
                + FOLDED
                + ", forgotten "
                + FORGOTTEN
                + ", refused "
                + REFUSED);
      }
    }
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void textIsRightOrThereIsAnHonestGap(long seed) {
    new Walk(seed).run();
    SEEDS_RUN.incrementAndGet();
  }

  /** One random walk. */
  private static final class Walk {
    private final long seed;
    private final Random random;
    private final Room room;
    private final ModelChats models = new ModelChats(MAX_OPEN_RUNS);
    private final List<ModelReader> readers = new ArrayList<>();
    private int step;

    Walk(long seed) {
      this.seed = seed;
      random = new Random(seed);
      long maxLogBytes = 2048L << random.nextInt(6);
      long maxTotalBytes = random.nextInt(3) == 0 ? maxLogBytes : 1 << 26;
      room =
          new Room(
              new ChatLimits(
                  100, MAX_OPEN_RUNS, maxLogBytes, maxTotalBytes, TTL_MS, 1L << 40, 0, false));
    }

    void run() {
      for (int i = 0; i < READERS; i++) {
        readers.add(new ModelReader(room, models, i < READERS / 2 ? null : "r" + 7 * i));
      }
      for (step = 0; step < STEPS; step++) {
        doSomething();
      }
      if (room.chats.find(Room.CHAT) != null) {
        room.chat().stop();
        model().stop();
      }
      for (ModelReader reader : readers) {
        reader.who = where() + ", at the end";
        reader.read(Integer.MAX_VALUE);
        reader.checkAllRead();
        GAPS.addAndGet(reader.gaps);
        STRANGERS.addAndGet(reader.strangers);
        reader.close();
      }
      room.chats.all().forEach(chat -> room.chats.delete(chat.chatId()));
      assertEquals(0, room.chats.budget().usedBytes(), where());
    }

    private String where() {
      return "seed " + seed + ", step " + step;
    }

    private ReferenceChat model() {
      return models.chatOf(room.chat());
    }

    private void doSomething() {
      int what = random.nextInt(1000);
      if (what < 750) {
        publish();
      } else if (what < 900) {
        ModelReader reader = reader();
        if (!reader.stalled) {
          reader.read(random.nextInt(4) == 0 ? Integer.MAX_VALUE : 1 + random.nextInt(600));
        }
        if (reader.isOver()) {
          reader.reconnect();
        }
      } else if (what < 940) {
        move(reader());
      } else if (what < 960) {
        ModelReader reader = reader();
        reader.stalled = !reader.stalled;
      } else if (what < 980) {
        fillAnotherChat();
      } else if (what < 990) {
        room.pass(random.nextInt((int) TTL_MS));
        room.chats.sweep();
      } else if (what < 994) {
        stop();
      } else if (what < 996) {
        everybodyLeaves();
      } else if (what == 996 && room.chats.find(Room.CHAT) != null) {
        model().stop();
        room.chats.delete(Room.CHAT);
      }
      Chat chat = room.chats.find(Room.CHAT);
      if (chat != null) {
        assertEquals(model().size(), chat.lastId().offset(), where());
        Segment[] segments = chat.log().segments();
        FOLDED.addAndGet(segments.length > 0 && segments[0] instanceof FoldedSegment ? 1 : 0);
      }
    }

    private ModelReader reader() {
      ModelReader reader = readers.get(random.nextInt(readers.size()));
      reader.who = where();
      return reader;
    }

    private void publish() {
      EventDraft draft = draft();
      assertNull(EventRules.complete(draft), where());
      boolean full = room.chats.budget().isExhausted();
      PublishResult result = room.publish(draft);
      Chat chat = room.chats.find(Room.CHAT);
      if (result == PublishResult.OVER_BUDGET) {
        assertTrue(full, where());
        REFUSED.incrementAndGet();
      } else if (chat != null) {
        assertEquals(models.chatOf(chat).publish(draft), result, where());
      } else {
        assertEquals(PublishResult.ACCEPTED, result, where());
        assertEquals(0, new ReferenceChat(1, false).sizeAfter(draft), where());
      }
    }

    private EventDraft draft() {
      String run = random.nextInt(3) == 0 ? null : "r" + (step / 60 + random.nextInt(4));
      int kind = random.nextInt(100);
      EventDraft draft = new EventDraft();
      if (kind < 85) {
        boolean answer = random.nextInt(12) > 0;
        TokenType type = answer ? TokenType.FINAL_RESPONSE : TokenType.AGENT_REASONING;
        draft.token(type, TEXTS[random.nextInt(TEXTS.length)]);
      } else if (kind < 91) {
        draft.event("usedTools").json("[" + step + "]");
      } else {
        draft.event(kind < 93 ? "start" : "end");
      }
      return draft.run(run);
    }

    private void fillAnotherChat() {
      String chatId = "other-" + random.nextInt(OTHER_CHATS);
      for (int i = 0; i < 40; i++) {
        room.chats.publish(chatId, Drafts.token("x".repeat(1 + random.nextInt(200))));
      }
      room.chats.publish(chatId, Drafts.event("end"));
    }

    private void stop() {
      if (room.chats.find(Room.CHAT) != null) {
        model().stop();
        room.chat().stop();
      }
    }

    private void everybodyLeaves() {
      stop();
      readers.forEach(ModelReader::close);
      room.passAndSweep(TTL_MS);
      if (room.chats.find(Room.CHAT) == null) {
        FORGOTTEN.incrementAndGet();
      }
    }

    /** Has a reader leave, come back, or go somewhere else. */
    private void move(ModelReader reader) {
      Chat chat = room.chats.find(Room.CHAT);
      EventId last = chat == null ? new EventId(1, 1) : chat.lastId();
      switch (random.nextInt(7)) {
        case 0 -> reader.close();
        case 1 -> reader.join(new StartAt.Live());
        case 2 -> reader.join(new StartAt.CurrentRun());
        case 3 -> reader.join(new StartAt.After(new EventId(last.epoch(), last.offset() + 5)));
        case 4 -> reader.join(new StartAt.After(new EventId(last.epoch() - 1, 3)));
        case 5 -> {
          long anywhere = random.nextInt((int) last.offset() + 1);
          reader.join(new StartAt.After(new EventId(last.epoch(), anywhere)));
        }
        default -> reader.reconnect();
      }
    }
  }
}
