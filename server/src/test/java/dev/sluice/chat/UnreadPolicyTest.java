package dev.sluice.chat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;

import dev.sluice.frame.TokenType;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What becomes of a run when its last reader goes. */
class UnreadPolicyTest {
  private static final long GRACE_MS = 5000;

  private final Room room = new Room();
  private final AtomicInteger stops = new AtomicInteger();
  private final RunPublisher run = start();

  @AfterEach
  void leave() {
    room.closeAll();
  }

  @Test
  void aRunGoesOnUnlessSomethingElseIsSaid() {
    room.read(new StartAt.CurrentRun()).close();
    room.passAndSweep(24 * 60 * 60 * 1000);
    assertNull(run.ending());
  }

  @Test
  void cancelStopsItAtOnceAndKeepsItsText() {
    run.unreadPolicy(UnreadPolicy.CANCEL);
    room.read(new StartAt.CurrentRun()).close();
    assertEquals(RunEnding.STOPPED, run.ending());
    assertEquals(1, stops.get());
    assertEquals(
        List.of("start \"\"", "token \"a\" finalResponse", "abort \"[DONE]\"", "end \"[DONE]\""),
        room.all());
    assertEquals(PublishResult.RUN_STOPPED, run.token(TokenType.FINAL_RESPONSE, "late"));
  }

  @Test
  void oneOfTwoReadersIsNotTheLast() {
    run.unreadPolicy(UnreadPolicy.CANCEL);
    Reading one = room.read(new StartAt.CurrentRun());
    Reading other = room.read(new StartAt.Live());
    one.close();
    assertNull(run.ending());
    other.close();
    assertEquals(RunEnding.STOPPED, run.ending());
  }

  @ParameterizedTest
  @ValueSource(longs = {0, GRACE_MS})
  void aRunThatNobodyHasReadYetIsNotCancelled(long graceMs) {
    run.unreadPolicy(UnreadPolicy.cancelAfter(graceMs));
    room.passAndSweep(10 * GRACE_MS);
    assertNull(run.ending());
  }

  @Test
  void whoLeavesBeforeItBeginsHasNotReadIt() {
    run.end();
    room.read(new StartAt.Live()).close();
    RunPublisher next = start();
    next.unreadPolicy(UnreadPolicy.CANCEL);
    room.passAndSweep(GRACE_MS);
    assertNull(next.ending());
  }

  @Test
  void whoIsThereWhenItBeginsHas() {
    run.end();
    Reading follower = room.read(new StartAt.Live());
    RunPublisher next = start();
    next.unreadPolicy(UnreadPolicy.CANCEL);
    follower.close();
    assertEquals(RunEnding.STOPPED, next.ending());
  }

  @Test
  void withAGraceItIsStoppedWhenThatIsOver() {
    run.unreadPolicy(UnreadPolicy.cancelAfter(GRACE_MS));
    room.read(new StartAt.CurrentRun()).close();
    room.passAndSweep(GRACE_MS - 1);
    assertNull(run.ending());
    room.passAndSweep(1);
    assertEquals(RunEnding.STOPPED, run.ending());
    assertEquals(1, stops.get());
  }

  @Test
  void whoComesBackWithinTheGraceKeepsItAlive() {
    run.unreadPolicy(UnreadPolicy.cancelAfter(GRACE_MS));
    room.read(new StartAt.CurrentRun()).close();
    room.passAndSweep(GRACE_MS - 1);
    Reading back = room.read(new StartAt.CurrentRun());
    room.passAndSweep(10 * GRACE_MS);
    assertNull(run.ending());
    back.close();
    room.passAndSweep(GRACE_MS - 1);
    assertNull(run.ending(), "the grace did not begin anew");
    room.passAndSweep(1);
    assertEquals(RunEnding.STOPPED, run.ending());
  }

  @Test
  void whoReadsAnotherRunAloneDoesNotCount() {
    RunPublisher other = start();
    run.unreadPolicy(UnreadPolicy.CANCEL);
    other.unreadPolicy(UnreadPolicy.CANCEL);
    Reading mine = room.read(new StartAt.CurrentRun(), run.runId());
    Reading others = room.read(new StartAt.CurrentRun(), other.runId());
    mine.close();
    assertEquals(RunEnding.STOPPED, run.ending());
    assertNull(other.ending());
    others.close();
    assertEquals(RunEnding.STOPPED, other.ending());
  }

  @Test
  void whoReadsAllRunsCounts() {
    run.unreadPolicy(UnreadPolicy.CANCEL);
    Reading all = room.read(new StartAt.CurrentRun());
    room.read(new StartAt.CurrentRun(), run.runId()).close();
    assertNull(run.ending());
    all.close();
    assertEquals(RunEnding.STOPPED, run.ending());
  }

  /** Its upstream has not said a word yet. */
  @Test
  void aRunThatHasNotBegunIsCancelledToo() {
    RunPublisher silent = room.chats.startRun("silent", false);
    assertNotNull(silent);
    silent.unreadPolicy(UnreadPolicy.CANCEL);
    Reading reading = new Reading();
    Cursor cursor = silent.subscribe(room.wakeups, reading);
    assertNotNull(cursor);
    cursor.close();
    assertEquals(RunEnding.STOPPED, silent.ending());
  }

  @Test
  void aRunThatIsOverStaysAsItEnded() {
    run.unreadPolicy(UnreadPolicy.CANCEL);
    Reading reading = room.read(new StartAt.CurrentRun());
    run.end();
    reading.close();
    assertEquals(RunEnding.COMPLETED, run.ending());
    assertEquals(0, stops.get());
  }

  @Test
  void thereIsNoNegativeGrace() {
    assertThrows(IllegalArgumentException.class, () -> UnreadPolicy.cancelAfter(-1));
  }

  private RunPublisher start() {
    RunPublisher started = room.chats.startRun(Room.CHAT);
    assertNotNull(started);
    started.listen(stops::incrementAndGet);
    started.token(TokenType.FINAL_RESPONSE, "a");
    return started;
  }
}
