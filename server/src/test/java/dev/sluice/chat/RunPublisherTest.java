package dev.sluice.chat;

import static dev.sluice.chat.Drafts.event;
import static dev.sluice.chat.Drafts.in;
import static dev.sluice.chat.Drafts.token;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.frame.TokenType;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class RunPublisherTest {
  private final Room room = new Room();
  private final AtomicInteger stops = new AtomicInteger();

  @Test
  void writesOneRun() {
    RunPublisher run = start();
    assertEquals(Room.CHAT, run.chatId());
    assertEquals(List.of("start \"\""), room.all());
    run.token(TokenType.FINAL_RESPONSE, "a");
    run.token(TokenType.FINAL_RESPONSE, "");
    run.token(TokenType.AGENT_REASONING, " b");
    run.text("thinking", "t\n");
    run.json("metadata", "{\"k\":1}");
    assertNull(run.ending());
    assertEquals(PublishResult.ACCEPTED, run.end());
    assertEquals(
        List.of(
            "start \"\"",
            "token \"a\" finalResponse",
            "token \" b\" agentReasoning",
            "thinking \"t\\n\"",
            "metadata {\"k\":1}",
            "end \"[DONE]\""),
        room.all());
    assertEquals(RunEnding.COMPLETED, run.ending());
    assertNull(run.failure());
    assertEquals(PublishResult.RUN_ENDED, run.token(TokenType.FINAL_RESPONSE, "late"));
    assertEquals(PublishResult.ACCEPTED, run.end());
    assertEquals(6, room.chat().lastId().offset());
  }

  @Test
  void anErrorEndsTheRunAndIsRemembered() {
    RunPublisher run = start();
    run.error("it failed", "{\"code\":\"x\"}");
    assertEquals(
        List.of("start \"\"", "error \"it failed\" detail={\"code\":\"x\"}", "end \"[DONE]\""),
        room.all());
    assertEquals(RunEnding.FAILED, run.ending());
    assertEquals("it failed", run.failure());
  }

  @Test
  void writesItsOwnRunWhateverElseIsOpen() {
    RunPublisher run = start();
    room.publishAll(in("other", token("o")));
    run.token(TokenType.FINAL_RESPONSE, "a");
    run.end();
    assertEquals(
        List.of(
            "start \"\"",
            "start \"\" run=\"other\"",
            "token \"o\" finalResponse run=\"other\"",
            "token \"a\" finalResponse",
            "end \"[DONE]\""),
        room.all());
    assertEquals("other", room.chat().openRunId(null));
  }

  @Test
  void itsRunCanBeReadAlone() {
    RunPublisher run = start();
    RunPublisher second = start();
    assertNotEquals(run.runId(), second.runId());
    second.token(TokenType.FINAL_RESPONSE, "b");
    run.token(TokenType.FINAL_RESPONSE, "a");
    assertEquals(
        List.of("start \"\"", "token \"a\" finalResponse"),
        room.read(new StartAt.CurrentRun(), run.runId()).briefs());
    // The second of two that are open shows its id, or nobody could tell them apart.
    String id = " run=\"" + second.runId() + "\"";
    assertEquals(
        List.of("start \"\"" + id, "token \"b\" finalResponse" + id),
        room.read(new StartAt.CurrentRun(), second.runId()).briefs());
  }

  @Test
  void itsReaderBeginsAtItsStartEvenIfItIsOverAlready() {
    RunPublisher run = start();
    run.token(TokenType.FINAL_RESPONSE, "a");
    run.end();
    room.publishAll(token("next"));
    Reading reading = new Reading();
    Cursor cursor = run.subscribe(room.wakeups, reading);
    assertNotNull(cursor);
    reading.begin(cursor);
    assertEquals(
        List.of("start \"\"", "token \"a\" finalResponse", "end \"[DONE]\""), reading.briefs());
    room.chats.delete(Room.CHAT);
    assertNull(run.subscribe(room.wakeups, reading));
  }

  @Test
  void refusesWhatTheRulesForbid() {
    RunPublisher run = start();
    assertThrows(IllegalArgumentException.class, () -> run.json("metadata", "[]"));
    assertThrows(IllegalArgumentException.class, () -> run.text("gap", "x"));
    assertThrows(IllegalArgumentException.class, () -> run.text("no name", "x"));
    assertEquals(1, room.chat().lastId().offset());
    assertEquals(PublishResult.ACCEPTED, run.text("fine", "x"));
  }

  @Test
  void isToldOnceWhenItIsStopped() {
    RunPublisher run = start();
    run.listen(stops::incrementAndGet);
    assertEquals(0, stops.get());
    room.chat().stop();
    assertEquals(1, stops.get());
    assertEquals(RunEnding.STOPPED, run.ending());
    assertEquals(PublishResult.RUN_STOPPED, run.token(TokenType.FINAL_RESPONSE, "late"));
    room.chat().stop();
    room.chats.delete(Room.CHAT);
    assertEquals(1, stops.get());
  }

  @Test
  void isToldAtOnceIfItWasStoppedBefore() {
    RunPublisher run = start();
    room.chat().stop();
    run.listen(stops::incrementAndGet);
    assertEquals(1, stops.get());
  }

  @Test
  void isToldWhenItsChatIsDeleted() {
    RunPublisher run = start();
    run.listen(stops::incrementAndGet);
    room.chats.delete(Room.CHAT);
    assertEquals(1, stops.get());
    assertEquals(PublishResult.CHAT_GONE, run.token(TokenType.FINAL_RESPONSE, "late"));
    assertEquals(PublishResult.CHAT_GONE, run.end());
  }

  @Test
  void isToldWhenItCountsAsLost() {
    RunPublisher run = start();
    run.listen(stops::incrementAndGet);
    // By itself it never does: a producer inside this process ends its run in any case.
    room.passAndSweep(10 * Room.limits().runIdleTimeoutMs());
    assertNull(run.ending());
    room.chat().loseProducer(run.runId());
    assertEquals(RunEnding.PRODUCER_LOST, run.ending());
    assertEquals(1, stops.get());
    RunPublisher next = start();
    room.chat().loseProducer(next.runId());
    next.listen(stops::incrementAndGet);
    assertEquals(2, stops.get());
  }

  @Test
  void isNotToldOfItsOwnEnd() {
    RunPublisher run = start();
    run.listen(stops::incrementAndGet);
    run.end();
    room.chat().stop();
    RunPublisher failed = start();
    failed.error("e", "{}");
    failed.listen(stops::incrementAndGet);
    room.chats.delete(Room.CHAT);
    assertEquals(0, stops.get());
  }

  @Test
  void theListenerMayPublish() {
    RunPublisher run = start();
    PublishResult[] late = new PublishResult[1];
    run.listen(() -> late[0] = run.token(TokenType.FINAL_RESPONSE, "late"));
    room.chat().stop();
    assertEquals(3, room.chat().lastId().offset());
    assertNotNull(late[0]);
  }

  @Test
  void aRunTooManyHasEndedBeforeItBegan() {
    room.publishAll(event("start"));
    for (int i = 1; i < Room.limits().maxOpenRunsPerChat(); i++) {
      start();
    }
    long before = room.chat().lastId().offset();
    RunPublisher tooMany = start();
    tooMany.listen(stops::incrementAndGet);
    assertEquals(1, stops.get());
    assertEquals(RunEnding.STOPPED, tooMany.ending());
    assertEquals(PublishResult.RUN_STOPPED, tooMany.token(TokenType.FINAL_RESPONSE, "a"));
    assertEquals(before, room.chat().lastId().offset());
  }

  @Test
  void mayBeginItsRunItself() {
    RunPublisher run = room.chats.startRun(Room.CHAT, false);
    assertNotNull(run);
    assertEquals(0, room.chat().lastId().offset());
    Reading reading = room.read(new StartAt.CurrentRun(), run.runId());
    run.event(new EventDraft().event("agentFlowEvent").string("INPROGRESS"));
    run.event(new EventDraft().event("start").string(""));
    run.token(TokenType.FINAL_RESPONSE, "a");
    run.end();
    assertEquals(
        List.of("agentFlowEvent \"INPROGRESS\"", "token \"a\" finalResponse", "end \"[DONE]\""),
        Frame.briefs(reading.read()));
  }

  @ParameterizedTest
  @ValueSource(booleans = {true, false})
  void aRunThatEndsBeforeItBeganHasAStart(boolean stopped) {
    RunPublisher run = room.chats.startRun(Room.CHAT, false);
    assertNotNull(run);
    if (stopped) {
      room.chat().stop();
    } else {
      room.chat().loseProducer(run.runId());
    }
    List<String> all = room.all();
    assertEquals(3, all.size(), all::toString);
    assertEquals("start \"\"", all.get(0));
    assertTrue(all.get(1).startsWith(stopped ? "abort" : "error"), all::toString);
  }

  @Test
  void whoHasThePreviousRunWaitsForOneThatHasNotBegun() {
    room.publishAll(token("a"), event("end"));
    assertTrue(room.chats.hasNothingAfter(Room.CHAT, room.id(3), null));
    RunPublisher run = room.chats.startRun(Room.CHAT, false);
    assertNotNull(run);
    assertFalse(room.chats.hasNothingAfter(Room.CHAT, room.id(3), null));
  }

  @Test
  void refusesWhatBreaksTheRules() {
    RunPublisher run = start();
    assertThrows(
        IllegalArgumentException.class, () -> run.event(new EventDraft().event("gap").json("{}")));
    assertThrows(
        IllegalArgumentException.class, () -> run.event(new EventDraft().event("x y").json("{}")));
  }

  private RunPublisher start() {
    RunPublisher run = room.chats.startRun(Room.CHAT);
    assertNotNull(run);
    return run;
  }
}
