package dev.sluice.chat;

import static dev.sluice.chat.Drafts.event;
import static dev.sluice.chat.Drafts.in;
import static dev.sluice.chat.Drafts.text;
import static dev.sluice.chat.Drafts.token;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.frame.TokenType;
import org.junit.jupiter.api.Test;

/** What a reader that paces itself gets to know of what is to come. */
class LookaheadTest {
  private final Room room = new Room();

  @Test
  void knowsWhetherOnlyTokensAreToCome() {
    Reading reading = room.read(new StartAt.Live());
    Lookahead ahead = reading.cursor().lookahead();
    assertTrue(ahead.hasOnlyTokens());
    room.publishAll(token("a"));
    assertFalse(ahead.hasOnlyTokens());
    reading.read();
    assertTrue(ahead.hasOnlyTokens());
    for (int i = 0; i < 5000; i++) {
      room.publishAll(token("b"));
    }
    assertTrue(ahead.hasOnlyTokens());
    assertEquals(5000, reading.cursor().lag());
    room.publishAll(text("thinking", "t"), token("c"));
    assertFalse(ahead.hasOnlyTokens());
    reading.read();
    assertTrue(ahead.hasOnlyTokens());
    room.publishAll(event("end"));
    assertFalse(ahead.hasOnlyTokens());
  }

  @Test
  void aGapIsNotOnlyTokens() {
    Room small = new Room(Room.logBytes(4096, 1 << 26));
    small.publishAll(token("a"));
    Reading reading = small.read(new StartAt.Live());
    Lookahead ahead = reading.cursor().lookahead();
    for (int i = 0; i < 2000; i++) {
      small.publishAll(token("x"));
    }
    assertFalse(ahead.hasOnlyTokens());
  }

  @Test
  void aTokenWithKeysOfItsOwnIsAToken() {
    room.publishAll(event("start"));
    Lookahead ahead = room.read(new StartAt.Live()).cursor().lookahead();
    room.publishAll(token("a").extra("mark", "1"));
    assertTrue(ahead.hasOnlyTokens());
  }

  @Test
  void whatTheReaderDoesNotReadIsNotThere() {
    room.publishAll(in("mine", token("a")), in("other", token("b")));
    Reading reading = room.read(new StartAt.CurrentRun(), "mine");
    Lookahead ahead = reading.cursor().lookahead();
    reading.read();
    room.publishAll(in("other", text("thinking", "t")), in("mine", token("c")));
    assertTrue(ahead.hasOnlyTokens());
    room.publishAll(in("mine", text("thinking", "t")));
    assertFalse(ahead.hasOnlyTokens());
  }

  @Test
  void theWindowIsThatOfTheFlowWhoseTokenIsNext() {
    RunPublisher paced = room.chats.startRun(Room.CHAT);
    assertNotNull(paced);
    paced.batchMs(70);
    Reading all = room.read(new StartAt.Live());
    Reading other = room.read(new StartAt.Live(), "other");
    Lookahead ahead = all.cursor().lookahead();
    assertEquals(Upstream.NO_BATCH_MS, ahead.batchMs(), "there is nothing yet");
    paced.token(TokenType.FINAL_RESPONSE, "a");
    room.publishAll(in("other", token("b")));
    assertEquals(70, ahead.batchMs());
    assertEquals(Upstream.NO_BATCH_MS, other.cursor().lookahead().batchMs());
    all.read();
    room.publishAll(in("other", token("c")));
    paced.token(TokenType.FINAL_RESPONSE, "d");
    assertEquals(Upstream.NO_BATCH_MS, ahead.batchMs(), "a publisher has no flow");
  }
}
