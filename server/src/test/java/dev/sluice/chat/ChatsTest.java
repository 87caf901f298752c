package dev.sluice.chat;

import static dev.sluice.chat.Drafts.event;
import static dev.sluice.chat.Drafts.in;
import static dev.sluice.chat.Drafts.text;
import static dev.sluice.chat.Drafts.token;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.List;
import java.util.Set;
import org.junit.jupiter.api.Test;

/** How chats come to be, how long they are kept, and what happens when there is too much. */
class ChatsTest {
  private static final long TTL_MS = Room.limits().chatTtlMs();
  private static final long RUN_IDLE_MS = Room.limits().runIdleTimeoutMs();

  private final Room room = new Room();

  @Test
  void aChatIsMadeByItsFirstEvent() {
    assertNull(room.chats.find(Room.CHAT));
    room.publishAll(token("a"));
    assertEquals(Room.CHAT, room.chat().chatId());
    assertEquals(new EventId(Room.EPOCH, 2), room.chat().lastId());
    assertEquals(new EventId(Room.EPOCH, 1), room.chat().firstId());
    assertEquals(List.of(room.chat()), List.copyOf(room.chats.all()));
  }

  @Test
  void epochsAreNeverEqualEvenWithinOneMillisecond() {
    Set<Long> epochs = new HashSet<>();
    for (int i = 0; i < 100; i++) {
      room.publishAll(event("start"));
      assertTrue(epochs.add(room.chat().lastId().epoch()));
      assertTrue(room.chats.delete(Room.CHAT));
    }
    room.pass(1000);
    room.publishAll(event("start"));
    assertEquals(Room.EPOCH + 1000, room.chat().lastId().epoch());
  }

  @Test
  void anUnusedChatIsForgottenWhenItsTimeIsOver() {
    room.publishAll(token("a"), event("end"));
    room.passAndSweep(TTL_MS - 1);
    assertNotNull(room.chats.find(Room.CHAT));
    Chat before = room.chat();
    room.pass(1);
    room.chats.sweep();
    assertNull(room.chats.find(Room.CHAT));
    assertTrue(before.isGone());
    assertEquals(0, room.chats.budget().usedBytes());
  }

  @Test
  void beingUsedBeginsTheTimeAnew() {
    room.publishAll(token("a"), event("end"));
    room.passAndSweep(TTL_MS - 1);
    room.publishAll(token("b"), event("end"));
    room.passAndSweep(TTL_MS - 1);
    assertNotNull(room.chats.find(Room.CHAT));
    Reading reading = room.readAll();
    room.passAndSweep(10 * TTL_MS);
    assertNotNull(room.chats.find(Room.CHAT), "it has a reader");
    reading.close();
    room.passAndSweep(TTL_MS - 1);
    assertNotNull(room.chats.find(Room.CHAT));
    room.passAndSweep(TTL_MS);
    assertNull(room.chats.find(Room.CHAT));
  }

  @Test
  void aChatWithAnOpenRunIsNotForgotten() {
    room.publishAll(token("a"));
    for (int i = 0; i < 10; i++) {
      room.passAndSweep(RUN_IDLE_MS - 1);
      room.publishAll(token("a"));
    }
    assertEquals(12, room.chat().lastId().offset());
  }

  @Test
  void whatWasPublishedSinceKeepsAChat() {
    room.publishAll(token("a"), event("end"));
    long seen = room.chat().lastId().offset();
    room.publishAll(token("b"), event("end"));
    assertFalse(room.chat().forgetUnlessUsed(seen));
    assertNotNull(room.chats.find(Room.CHAT));
    assertTrue(room.chat().forgetUnlessUsed(seen + 3));
  }

  @Test
  void nobodyJoinsAChatThatIsForgotten() {
    room.publishAll(token("a"), event("end"));
    Chat old = room.chat();
    assertTrue(old.forgetUnlessUsed(3));
    assertNull(old.join(new StartAt.Live(), null, room.wakeups, () -> {}));
    assertEquals(0, old.subscriberCount());
    Reading reading = room.read(new StartAt.CurrentRun());
    assertNotEquals(old, reading.cursor().chat());
    room.publishAll(token("b"));
    assertEquals(2, reading.read().size());
  }

  @Test
  void aChatThatNothingHappenedInGoesWithItsLastReader() {
    Reading first = room.read(new StartAt.CurrentRun());
    Reading second = room.read(new StartAt.CurrentRun());
    first.close();
    assertNotNull(room.chats.find(Room.CHAT));
    second.close();
    assertNull(room.chats.find(Room.CHAT));
  }

  @Test
  void aSilentProducerIsLost() {
    Reading reading = room.read(new StartAt.CurrentRun());
    room.publishAll(in("r1", token("a")), in("r2", token("b")));
    room.chats.sweep();
    room.pass(RUN_IDLE_MS - 1);
    room.publishAll(in("r2", token("b")));
    room.chats.sweep();
    reading.read();
    room.pass(1);
    room.chats.sweep();
    assertEquals(
        List.of(
            "error \"The producer of this answer went away.\" run=\"r1\""
                + " detail={\"code\":\"producer_lost\",\"retryable\":true}",
            "end \"[DONE]\" run=\"r1\""),
        reading.briefs());
    assertEquals(RunEnding.PRODUCER_LOST, room.chat().runStates().get(0).ending());
    assertTrue(room.chat().runStates().get(1).isOpen());
    assertEquals(PublishResult.RUN_ENDED, room.publish(in("r1", token("c"))));
  }

  @Test
  void anUnnamedEventAfterALostProducerBeginsARun() {
    room.publishAll(token("a"));
    room.passAndSweep(RUN_IDLE_MS);
    assertEquals(4, room.chat().lastId().offset());
    room.publishAll(token("b"));
    assertEquals(6, room.chat().lastId().offset());
  }

  @Test
  void aSignOfLifeKeepsAProducer() {
    room.publishAll(in("r1", token("a")));
    for (int i = 0; i < 5; i++) {
      room.passAndSweep(RUN_IDLE_MS - 1);
      room.chat().touch("r1");
      room.chat().touch("no such run");
    }
    assertEquals("r1", room.chat().openRunId("r1"));
    room.passAndSweep(RUN_IDLE_MS);
    assertNull(room.chat().openRunId("r1"));
  }

  @Test
  void aProducerMayBeSaidToBeLost() {
    room.publishAll(in("r1", token("a")));
    room.chat().loseProducer("r0");
    assertEquals("r1", room.chat().openRunId("r1"));
    room.chat().loseProducer("r1");
    room.chat().loseProducer("r1");
    assertEquals(4, room.chat().lastId().offset());
    assertNull(room.chat().openRunId("r1"));
  }

  @Test
  void deletingEndsAndForgets() {
    room.publishAll(in("r1", token("a")));
    Chat old = room.chat();
    Reading reading = room.readAll();
    assertTrue(room.chats.delete(Room.CHAT));
    assertFalse(room.chats.delete(Room.CHAT));
    assertNull(room.chats.find(Room.CHAT));
    assertTrue(old.isGone());
    assertEquals(
        List.of(
            "start \"\" run=\"r1\"",
            "token \"a\" finalResponse run=\"r1\"",
            "abort \"[DONE]\" run=\"r1\"",
            "end \"[DONE]\" run=\"r1\""),
        reading.briefs());
    assertTrue(reading.cursor().isOver());
    assertEquals(0, room.chats.budget().usedBytes());
    reading.close();
    assertEquals(PublishResult.CHAT_GONE, old.publish(null, token("b"), true));
    room.publishAll(in("r1", token("b")));
    assertEquals(2, room.chat().lastId().offset());
    assertNotEquals(old.lastId().epoch(), room.chat().lastId().epoch());
  }

  @Test
  void aReaderIsWokenByTheDeletionOfAQuietChat() {
    room.publishAll(token("a"), event("end"));
    Reading reading = room.readAll();
    reading.read();
    room.chats.delete(Room.CHAT);
    room.turn();
    assertEquals(1, reading.calls);
    assertTrue(reading.cursor().isOver());
  }

  @Test
  void asManyChatsAsMayExist() {
    Room small = new Room(new ChatLimits(3, 8, 1 << 20, 1 << 26, TTL_MS, RUN_IDLE_MS, 0, false));
    for (int i = 0; i < 3; i++) {
      assertEquals(PublishResult.ACCEPTED, small.chats.publish("c" + i, event("start")));
    }
    assertEquals(PublishResult.TOO_MANY_CHATS, small.chats.publish("c3", event("start")));
    assertNull(small.chats.startRun("c3"));
    assertNull(small.chats.subscribe("c3", new StartAt.Live(), null, small.wakeups, new Reading()));
    assertEquals(PublishResult.ACCEPTED, small.chats.publish("c0", token("a")));
    small.chats.delete("c1");
    assertEquals(PublishResult.ACCEPTED, small.chats.publish("c3", event("start")));
  }

  @Test
  void publishingIsRefusedOverBudgetUntilUnusedChatsAreForgotten() {
    Room small = new Room(Room.logBytes(4 << 20, 2 << 20));
    fill(small, "oldest");
    small.chats.sweep();
    small.pass(1);
    fill(small, "newer");
    small.chats.sweep();
    small.pass(1);
    String text = "x".repeat(1000);
    int accepted = 0;
    while (small.chats.publish("busy", token(text)) == PublishResult.ACCEPTED) {
      accepted++;
      assertTrue(accepted < 10_000);
    }
    assertEquals(PublishResult.OVER_BUDGET, small.chats.publish("busy", token(text)));
    small.chats.sweep();
    assertNull(small.chats.find("oldest"), "the longest unused goes first");
    assertNotNull(small.chats.find("newer"));
    assertNotNull(small.chats.find("busy"));
    assertEquals(PublishResult.ACCEPTED, small.chats.publish("busy", token(text)));
  }

  @Test
  void whatIsInUseIsKeptOverBudget() {
    Room small = new Room(Room.logBytes(1 << 20, 10_000));
    small.publishAll(token("x".repeat(20_000)));
    small.passAndSweep(10);
    small.passAndSweep(10);
    assertEquals(PublishResult.OVER_BUDGET, small.publish(token("a")));
    assertEquals(2, small.chat().lastId().offset());
    // What ends a run is never refused: it is what lets a chat be forgotten.
    small.publishAll(in("r1", text("error", "e")), in("r2", event("abort")), event("end"));
    small.passAndSweep(10);
    assertNull(small.chats.find(Room.CHAT));
    small.publishAll(token("a"));
  }

  @Test
  void knowsWhatARunningChatIsDoing() {
    room.publishAll(in("r1", token("a")), in("r2", token("b")));
    Chat chat = room.chat();
    assertEquals("r2", chat.openRunId(null));
    assertEquals("r1", chat.openRunId("r1"));
    assertNull(chat.openRunId("r3"));
    assertTrue(chat.hasRun("r1"));
    assertFalse(chat.hasRun("r3"));
    assertEquals("r1", chat.runAt(room.id(2)));
    assertEquals("r2", chat.runAt(room.id(3)));
    room.publishAll(in("r1", token("c")));
    assertEquals("r1", chat.runAt(room.id(5)));
    assertNull(chat.runAt(room.id(6)));
    assertNull(chat.runAt(room.id(0)));
    assertNull(chat.runAt(new EventId(1, 3)));
    room.publishAll(in("r2", event("end")));
    assertEquals("r1", chat.openRunId(null));
    room.publishAll(event("end"));
    assertNull(chat.openRunId(null));
  }

  @Test
  void knowsWhenAReaderHasEverything() {
    assertFalse(room.chats.hasNothingAfter(Room.CHAT, new EventId(1, 1), null));
    room.publishAll(in("r1", token("a")), in("r2", token("b")), in("r1", event("end")));
    assertFalse(room.chats.hasNothingAfter(Room.CHAT, room.id(5), null), "r2 is open");
    assertTrue(room.chats.hasNothingAfter(Room.CHAT, room.id(5), "r1"));
    assertFalse(room.chats.hasNothingAfter(Room.CHAT, room.id(4), "r1"));
    assertFalse(room.chats.hasNothingAfter(Room.CHAT, room.id(9), "r1"), "from the future");
    assertFalse(room.chats.hasNothingAfter(Room.CHAT, room.id(5), "r2"));
    assertFalse(room.chats.hasNothingAfter(Room.CHAT, room.id(5), "r3"));
    room.publishAll(in("r2", event("end")));
    assertTrue(room.chats.hasNothingAfter(Room.CHAT, room.id(6), null));
    assertTrue(room.chats.hasNothingAfter(Room.CHAT, room.id(6), "r1"));
    assertFalse(room.chats.hasNothingAfter(Room.CHAT, room.id(5), null));
    assertFalse(room.chats.hasNothingAfter(Room.CHAT, room.id(7), null));
    assertFalse(room.chats.hasNothingAfter(Room.CHAT, new EventId(1, 6), null));
    room.publishAll(token("next"));
    assertFalse(room.chats.hasNothingAfter(Room.CHAT, room.id(6), null));
  }

  private static void fill(Room small, String chatId) {
    for (int i = 0; i < 600; i++) {
      EventDraft draft = token("x".repeat(1000));
      assertEquals(PublishResult.ACCEPTED, small.chats.publish(chatId, draft));
    }
    assertEquals(PublishResult.ACCEPTED, small.chats.publish(chatId, event("end")));
  }
}
