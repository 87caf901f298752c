package dev.sluice.chat;

import static dev.sluice.chat.Drafts.event;
import static dev.sluice.chat.Drafts.in;
import static dev.sluice.chat.Drafts.token;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.frame.TokenType;
import java.util.List;
import java.util.Objects;
import org.junit.jupiter.api.Test;

/** Publishers of a chat wait for the slowest of its readers, and for nobody else. */
class PushBackTest {
  private static final int MAX_LOG_BYTES = 16 * 1024;
  private static final String TEXT = "0123456789abcdef";

  private Room room = new Room(Room.pushBack(MAX_LOG_BYTES, 1 << 28));

  /** The text of all tokens that were accepted. */
  private final StringBuilder published = new StringBuilder();

  @Test
  void nobodyWaitsWhileNobodyReads() {
    publish(10_000);
    assertEquals(10_001, room.chat().lastId().offset());
    assertTrue(room.chat().firstId().offset() > 1);
  }

  @Test
  void nobodyWaitsForReadersThatKeepUp() {
    Reading reading = readFromStart();
    for (int i = 0; i < 100; i++) {
      publish(100);
      reading.read();
      room.turn();
    }
    assertTrue(room.chat().firstId().offset() > 1);
    assertExact(reading);
  }

  @Test
  void theNextEventIsTakenWhenTheSlowestReaderHasMoved() {
    Reading slow = readFromStart();
    Reading fast = readFromStart();
    fill();
    fast.read();
    assertHeld();
    long full = room.chat().log().heapBytes();
    assertTrue(full < MAX_LOG_BYTES * 3 / 2, () -> "took " + full);
    slow.readOnce(2 * MAX_LOG_BYTES / 3);
    assertTakenSoon();
    fill();
    slow.read();
    fast.read();
    assertExact(slow);
    assertExact(fast);
  }

  @Test
  void whoLeavesHoldsNobody() {
    Reading slow = readFromStart();
    Reading fast = readFromStart();
    fill();
    fast.read();
    assertHeld();
    slow.close();
    assertTakenSoon();
    fill();
    fast.close();
    assertTakenSoon();
  }

  @Test
  void whoHasNoDeadlineHoldsNobody() {
    publish(1);
    StartAt start = new StartAt.CurrentRun();
    Cursor asleep = room.chats.subscribe(Room.CHAT, start, null, room.wakeups, () -> {});
    Reading reading = readFromStart();
    for (int i = 0; i < 100; i++) {
      publish(100);
      reading.read();
      room.turn();
    }
    assertExact(reading);
    Objects.requireNonNull(asleep).close();
  }

  /** Nobody has asked them yet where they are. */
  @Test
  void whoWasThereBeforeTheFirstEventIsWaitedFor() {
    Reading early = room.read(new StartAt.CurrentRun());
    fill();
    early.read();
    assertExact(early);
  }

  @Test
  void whoWasThereBeforeARunThatPushesBackIsWaitedFor() {
    room = new Room(Room.logBytes(MAX_LOG_BYTES, 1 << 28));
    Reading early = room.read(new StartAt.CurrentRun());
    publish(10);
    RunPublisher run = start(OnLag.PUSH_BACK);
    PublishResult result = PublishResult.ACCEPTED;
    while (result == PublishResult.ACCEPTED) {
      result = run.token(TokenType.FINAL_RESPONSE, TEXT);
    }
    assertEquals(PublishResult.PUSHED_BACK, result);
    assertEquals(PublishResult.PUSHED_BACK, room.publish(token("of another publisher")));
    assertNoGap(early.read());
  }

  @Test
  void whatEndsARunIsTakenAllTheSame() {
    Reading slow = readFromStart();
    fill();
    assertEquals(PublishResult.ACCEPTED, room.publish(event("end")));
    slow.read();
    assertExact(slow);
    assertEquals("end", slow.frames.get(slow.frames.size() - 1).event());
  }

  @Test
  void whatWasPublishedStaysUntilItIsReadThoughItsRunIsOver() {
    room = new Room(Room.logBytes(MAX_LOG_BYTES, 1 << 28));
    RunPublisher waits = start(OnLag.PUSH_BACK);
    Reading slow = readFromStart();
    fill(waits);
    waits.end();
    RunPublisher sheds = start(OnLag.SHED);
    fill(sheds);
    slow.read();
    assertExact(slow);
    sheds.token(TokenType.FINAL_RESPONSE, TEXT);
    room.turn();
    for (int i = 0; i < 10_000; i++) {
      assertEquals(PublishResult.ACCEPTED, sheds.token(TokenType.FINAL_RESPONSE, TEXT));
    }
    assertEquals("gap", slow.read().get(0).event());
  }

  @Test
  void aRunThatShedsWaitsForNobody() {
    RunPublisher run = start(OnLag.SHED);
    Reading slow = readFromStart();
    for (int i = 0; i < 10_000; i++) {
      assertEquals(PublishResult.ACCEPTED, run.token(TokenType.FINAL_RESPONSE, TEXT));
    }
    assertEquals("gap", slow.read().get(0).event());
  }

  @Test
  void whoLooksForRoomIsNeverRefused() {
    RunPublisher run = Objects.requireNonNull(room.chats.startRun(Room.CHAT));
    run.looksForRoom();
    Reading slow = readFromStart();
    while (run.hasRoom()) {
      assertEquals(PublishResult.ACCEPTED, run.token(TokenType.FINAL_RESPONSE, TEXT));
      published.append(TEXT);
    }
    assertEquals(PublishResult.ACCEPTED, run.token(TokenType.FINAL_RESPONSE, TEXT));
    published.append(TEXT);
    slow.read();
    assertExact(slow);
    assertFalse(run.hasRoom(), "nobody has looked");
    room.turn();
    assertTrue(run.hasRoom());
  }

  @Test
  void aStopIsToldToWhoIsHeld() {
    room.publishAll(in("r", token(TEXT)));
    Reading slow = readFromStart();
    PublishResult result = PublishResult.ACCEPTED;
    while (result == PublishResult.ACCEPTED) {
      result = room.publish(in("r", token(TEXT)));
    }
    assertEquals(PublishResult.PUSHED_BACK, result);
    room.chat().stop();
    assertEquals(PublishResult.RUN_STOPPED, room.publish(in("r", token(TEXT))));
    assertNoGap(slow.read());
  }

  @Test
  void whoIsHeldIsNotLost() {
    Reading slow = readFromStart();
    fill();
    for (int i = 0; i < 5; i++) {
      room.passAndSweep(20_000);
      assertHeld();
    }
    slow.read();
    assertTakenSoon();
    assertExact(slow);
    room.passAndSweep(30_000);
    List<String> last = slow.briefs();
    assertTrue(last.toString().contains("producer_lost"), last::toString);
  }

  @Test
  void whiteSpaceThatIsHeldBackGoesOutWhenOthersWaitForIt() {
    Reading reading = readFromStart();
    reading.read();
    while (room.publish(token(" ")) == PublishResult.ACCEPTED) {
      published.append(' ');
      reading.read();
    }
    reading.read();
    assertTakenSoon();
    assertExact(reading);
  }

  @Test
  void whatAReaderNeedsIsNotShedForTheSakeOfAllEither() {
    room = new Room(Room.pushBack(1 << 20, 256 * 1024));
    Reading slow = readFromStart();
    PublishResult result = PublishResult.ACCEPTED;
    while (result == PublishResult.ACCEPTED) {
      result = publishOne();
      room.chats.sweep();
    }
    assertEquals(PublishResult.OVER_BUDGET, result);
    assertEquals(1, room.chat().firstId().offset());
    slow.read();
    assertExact(slow);
    room.chats.sweep();
    room.turn();
    room.chats.sweep();
    assertEquals(PublishResult.ACCEPTED, publishOne());
    assertTrue(room.chat().firstId().offset() > 1);
  }

  private RunPublisher start(OnLag onLag) {
    return Objects.requireNonNull(room.chats.startRun(Room.CHAT, true, onLag));
  }

  private void fill(RunPublisher run) {
    PublishResult result = run.token(TokenType.FINAL_RESPONSE, TEXT);
    while (result == PublishResult.ACCEPTED) {
      published.append(TEXT);
      assertTrue(published.length() < 1 << 20, "never held");
      result = run.token(TokenType.FINAL_RESPONSE, TEXT);
    }
    assertEquals(PublishResult.PUSHED_BACK, result);
  }

  private Reading readFromStart() {
    if (room.chats.find(Room.CHAT) == null) {
      publish(1);
    }
    Reading reading = room.readAll();
    room.turn();
    return reading;
  }

  private void fill() {
    int count = 0;
    while (publishOne() == PublishResult.ACCEPTED) {
      assertTrue(count++ < 100_000, "never held");
    }
  }

  private void assertHeld() {
    for (int i = 0; i < 3; i++) {
      assertEquals(PublishResult.PUSHED_BACK, publishOne());
      room.turn();
    }
  }

  /** The first attempt has the loop look where readers are. */
  private void assertTakenSoon() {
    if (publishOne() != PublishResult.ACCEPTED) {
      room.turn();
      assertEquals(PublishResult.ACCEPTED, publishOne());
    }
  }

  private void publish(int count) {
    for (int i = 0; i < count; i++) {
      assertEquals(PublishResult.ACCEPTED, publishOne());
    }
  }

  private PublishResult publishOne() {
    PublishResult result = room.publish(token(TEXT));
    if (result == PublishResult.ACCEPTED) {
      published.append(TEXT);
    }
    return result;
  }

  private void assertExact(Reading reading) {
    reading.read();
    assertNoGap(reading.frames);
    StringBuilder read = new StringBuilder();
    reading.frames.stream().filter(Frame::isToken).map(Frame::text).forEach(read::append);
    assertEquals(published.length(), read.length());
    assertTrue(published.compareTo(read) == 0, "other text");
  }

  private static void assertNoGap(List<Frame> frames) {
    assertNotEquals(0, frames.size());
    for (Frame frame : frames) {
      assertNotEquals("gap", frame.event());
    }
  }
}
