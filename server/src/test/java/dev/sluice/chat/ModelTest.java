package dev.sluice.chat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.frame.TokenType;
import dev.sluice.frame.Utf8Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * Random events against {@link ReferenceChat}, read by cursors of every kind in pieces of every
 * size. Whatever a reader has been sent, cut as it may be, is what the model says, in its order.
 */
class ModelTest {
  private static final int STEPS = 1500;
  private static final String[] TEXTS = {
    "a", " b", "c ", "\n", " ", "\t\t", "", "\u00e4", "\ud83d\ude00", "\"\\", "long ".repeat(20)
  };
  private static final String[] NAMES = {"thinking", "usedTools", "x-1"};

  private final Room room = new Room();

  static long[] seeds() {
    long[] seeds = new long[60];
    for (int i = 0; i < seeds.length; i++) {
      seeds[i] = i;
    }
    return seeds;
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void readersGetWhatTheModelSays(long seed) {
    Random random = new Random(seed);
    boolean drop = random.nextInt(4) == 0;
    Room chats = drop ? new Room(Room.dropBlanks()) : room;
    ReferenceChat model = new ReferenceChat(Room.limits().maxOpenRunsPerChat(), drop);
    List<Reader> readers = new ArrayList<>();
    readers.add(new Reader(chats, null));
    readers.add(new Reader(chats, null));
    readers.add(new Reader(chats, "r1"));
    readers.add(new Reader(chats, "r9"));
    Reader reconnecting = new Reader(chats, null);
    Reader reconnectingToOne = new Reader(chats, "r5");
    readers.add(reconnecting);
    readers.add(reconnectingToOne);
    for (int step = 0; step < STEPS; step++) {
      if (random.nextInt(150) == 0 && chats.chats.find(Room.CHAT) != null) {
        chats.chat().stop();
        model.stop();
      } else {
        // A name is not used again, so the names move on.
        String run = random.nextInt(3) == 0 ? null : "r" + (step / 60 + random.nextInt(4));
        publish(draft(random).run(run), chats, model, "seed " + seed + ", step " + step);
      }
      for (Reader reader : readers) {
        if (random.nextInt(6) == 0) {
          reader.read(1 + random.nextInt(400));
        }
      }
      if (random.nextInt(20) == 0) {
        reconnecting.reconnect();
        reconnectingToOne.reconnect();
      }
    }
    chats.chat().stop();
    model.stop();
    readers.add(new Reader(chats, null).resume(new EventId(chats.chat().lastId().epoch(), 0)));
    for (Reader reader : readers) {
      reader.read(Integer.MAX_VALUE);
      String who = "seed " + seed + ", a reader of " + (reader.run == null ? "all" : reader.run);
      assertSame(Folded.of(model.briefs(reader.run)), Folded.of(Frame.briefs(reader.seen)), who);
      reader.checkIds();
      reader.close();
    }
    assertEquals(model.size(), chats.chat().lastId().offset(), "seed " + seed);
    assertEquals(0, chats.chat().subscriberCount());
  }

  private static void publish(EventDraft draft, Room chats, ReferenceChat model, String where) {
    assertNull(EventRules.complete(draft), where);
    PublishResult expected = model.publish(draft);
    assertEquals(
        expected, chats.publish(draft), () -> where + ": " + draft.name() + " in " + draft.run());
  }

  /** As a comparison of the lists, but with the first difference alone in the message. */
  private static void assertSame(List<String> expected, List<String> actual, String who) {
    for (int i = 0; i < Math.min(expected.size(), actual.size()); i++) {
      int at = i;
      assertEquals(expected.get(i), actual.get(i), () -> who + ", event " + at);
    }
    assertEquals(expected.size(), actual.size(), who);
  }

  private static EventDraft draft(Random random) {
    int kind = random.nextInt(100);
    if (kind < 70) {
      String text = TEXTS[random.nextInt(TEXTS.length)];
      boolean answer = random.nextInt(8) > 0;
      TokenType type = answer ? TokenType.FINAL_RESPONSE : TokenType.AGENT_REASONING;
      EventDraft draft = new EventDraft().token(type, text);
      return random.nextInt(15) == 0 ? draft.extra("k", "1") : draft;
    }
    if (kind < 84) {
      return new EventDraft().event(NAMES[random.nextInt(NAMES.length)]).json("[1]");
    }
    if (kind < 88) {
      return new EventDraft().event("start");
    }
    if (kind < 91) {
      return new EventDraft().event("metadata").json("{}");
    }
    if (kind < 94) {
      return new EventDraft().event("agentFlowEvent").string("INPROGRESS");
    }
    if (kind < 97) {
      return new EventDraft().event("end");
    }
    return kind == 97
        ? new EventDraft().event("error").string("e")
        : kind == 98 ? new EventDraft().event("abort") : new EventDraft().event("tool").json("1");
  }

  /** A cursor, and what was sent over it and over those before it. */
  private static final class Reader {
    final @Nullable String run;
    final List<Frame> seen = new ArrayList<>();
    private final Room chats;
    private Cursor cursor;

    Reader(Room chats, @Nullable String run) {
      this.chats = chats;
      this.run = run;
      this.cursor = subscribe(chats, run, new StartAt.Live());
    }

    private static Cursor subscribe(Room chats, @Nullable String run, StartAt startAt) {
      Cursor cursor = chats.chats.subscribe(Room.CHAT, startAt, run, chats.wakeups, () -> {});
      assertNotNull(cursor);
      return cursor;
    }

    /** Reads on from here, however often it takes if there is no bound. */
    void read(int maxBytes) {
      Cursor.Status status;
      do {
        Utf8Buffer out = new Utf8Buffer(0);
        status = cursor.read(out, maxBytes, true, 0);
        seen.addAll(Frame.parse(out));
      } while (maxBytes == Integer.MAX_VALUE && status != Cursor.Status.AT_TAIL);
    }

    Reader resume(EventId id) {
      cursor.close();
      cursor = subscribe(chats, run, new StartAt.After(id));
      return this;
    }

    /** As a client does that lost its connection: with the last id that it saw. */
    void reconnect() {
      if (!seen.isEmpty()) {
        EventId last = seen.get(seen.size() - 1).id();
        assertNotNull(last);
        resume(last);
      }
    }

    void checkIds() {
      long last = 0;
      for (Frame frame : seen) {
        assertTrue(frame.offset() > last, "ids that do not grow");
        last = frame.offset();
      }
    }

    void close() {
      cursor.close();
    }
  }
}
