package dev.sluice.chat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.frame.TokenType;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Numbered events are taken once, in their order, from the newest start of their producer. */
class ProducersTest {
  private final Room room = new Room();

  @Test
  void whatComesAgainIsAcceptedAndNotAppended() {
    for (long seq : List.of(1L, 2L, 1L, 2L, 3L, 3L)) {
      assertEquals(PublishResult.ACCEPTED, publish("p", 0, seq));
    }
    assertEquals(room.id(4), room.chat().lastId());
    assertEquals(List.of(new ProducerState("p", 0, 3)), room.chat().producerStates());
  }

  @Test
  void whatIsMissingIsNotSkipped() {
    assertEquals(PublishResult.SEQ_GAP, publish("p", 0, 2));
    assertNull(room.chats.find(Room.CHAT));
    assertEquals(PublishResult.ACCEPTED, publish("p", 0, 1));
    assertEquals(PublishResult.SEQ_GAP, publish("p", 0, 3));
    assertEquals(PublishResult.ACCEPTED, publish("p", 0, 2));
    assertEquals(PublishResult.ACCEPTED, publish("p", 0, 3));
  }

  @Test
  void aNewEpochBeginsAtOneAndShutsTheOldOneOut() {
    publish("p", 7, 1);
    publish("p", 7, 2);
    assertEquals(PublishResult.SEQ_GAP, publish("p", 9, 3));
    assertEquals(PublishResult.ACCEPTED, publish("p", 7, 3));
    assertEquals(PublishResult.ACCEPTED, publish("p", 9, 1));
    assertEquals(PublishResult.PRODUCER_FENCED, publish("p", 7, 4));
    assertEquals(PublishResult.PRODUCER_FENCED, publish("p", 8, 1));
    assertEquals(List.of(new ProducerState("p", 9, 1)), room.chat().producerStates());
  }

  @Test
  void eachProducerAndEachChatCountsByItself() {
    publish("p", 0, 1);
    assertEquals(PublishResult.ACCEPTED, publish("q", 0, 1));
    assertEquals(PublishResult.ACCEPTED, room.chats.publish("other", token().numbered("p", 0, 1)));
    assertEquals(
        List.of(new ProducerState("p", 0, 1), new ProducerState("q", 0, 1)),
        room.chat().producerStates());
  }

  @Test
  void whatIsRefusedDoesNotCount() {
    room.publishAll(token().run("r").numbered("p", 0, 1));
    room.chat().stop();
    assertEquals(PublishResult.RUN_STOPPED, room.publish(token().run("r").numbered("p", 0, 2)));
    room.publishAll(token().run("s").numbered("p", 0, 2));
    assertEquals(List.of(new ProducerState("p", 0, 2)), room.chat().producerStates());
  }

  @Test
  void whatIsDroppedAfterAStopCounts() {
    room.publishAll(token().run("r").numbered("p", 0, 1));
    room.chat().stop();
    room.chat().drop(token().run("r").numbered("p", 0, 2));
    room.chat().drop(token().run("r").numbered("p", 0, 2));
    room.chat().drop(token().run("r").numbered("p", 0, 5));
    room.publishAll(token().run("s").numbered("p", 0, 3));
  }

  @Test
  void theProducerThatWasSilentLongestIsForgotten() {
    for (int i = 0; i < 32; i++) {
      publish("p" + i, 0, 1);
    }
    publish("p0", 0, 2);
    publish("one more", 0, 1);
    assertEquals(32, room.chat().producerStates().size());
    assertEquals(PublishResult.ACCEPTED, publish("p0", 0, 3));
    assertEquals(PublishResult.SEQ_GAP, publish("p1", 0, 2));
  }

  @Test
  void theyAreForgottenWithTheirChat() {
    publish("p", 0, 1);
    publish("p", 0, 2);
    room.chats.delete(Room.CHAT);
    assertEquals(PublishResult.SEQ_GAP, publish("p", 0, 3));
    assertEquals(PublishResult.ACCEPTED, publish("p", 0, 1));
  }

  /** From several threads that all send all of it. */
  @Test
  void theSameFromManyThreadsIsThereOnce() throws Exception {
    int events = 2000;
    Together.run(
        4,
        thread -> {
          for (int seq = 1; seq <= events; seq++) {
            EventDraft draft = new EventDraft().token(TokenType.FINAL_RESPONSE, seq + ",");
            assertEquals(PublishResult.ACCEPTED, room.publish(draft.numbered("p", 0, seq)));
          }
        });
    Chat chat = Objects.requireNonNull(room.chats.find(Room.CHAT));
    assertEquals(events + 1, chat.lastId().offset());
    StringBuilder expected = new StringBuilder();
    for (int seq = 1; seq <= events; seq++) {
      expected.append(seq).append(',');
    }
    List<String> all = room.all();
    assertEquals(2, all.size());
    assertTrue(all.get(1).startsWith("token \"" + expected + "\""), all.get(1));
  }

  private PublishResult publish(String producerId, long epoch, long seq) {
    return room.publish(token().numbered(producerId, epoch, seq));
  }

  private static EventDraft token() {
    EventDraft draft = new EventDraft().token(TokenType.FINAL_RESPONSE, "x");
    assertNull(EventRules.complete(draft));
    return draft;
  }
}
