package dev.sluice.chat;

import static dev.sluice.chat.Drafts.event;
import static dev.sluice.chat.Drafts.in;
import static dev.sluice.chat.Drafts.json;
import static dev.sluice.chat.Drafts.text;
import static dev.sluice.chat.Drafts.token;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.frame.TokenType;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** White space alone: it rides in front of the next token, and is never lost. */
class BlankTokensTest {
  private static final String START = "start \"\"";
  private static final String END = "end \"[DONE]\"";

  private final Room room = new Room();

  @ParameterizedTest
  @ValueSource(strings = {" ", "\n    ", "\t", "\u00a0", "\ufeff", "\u2028"})
  void aBlankTokenRidesInFrontOfTheNext(String blank) {
    Reading reading = room.read(new StartAt.Live());
    room.publishAll(token("x):"));
    assertEquals(2, reading.read().size());
    room.publishAll(token(blank));
    assertEquals(List.of(), reading.read());
    room.publishAll(token("return"));
    List<Frame> frames = reading.read();
    assertEquals(1, frames.size());
    assertEquals(blank + "return", frames.get(0).text());
    assertEquals(4, frames.get(0).offset());
  }

  @Test
  void theFirstTokenOfARunMayBeBlank() {
    Reading reading = room.read(new StartAt.Live());
    room.publishAll(token(" "));
    assertEquals(List.of(START), reading.briefs());
    room.publishAll(token("a"));
    assertEquals(List.of("token \" a\" finalResponse"), reading.briefs());
  }

  @Test
  void itGoesOutByItselfBeforeAnotherKindOfEvent() {
    Reading reading = room.read(new StartAt.Live());
    room.publishAll(token("a"), token(" "), json("usedTools", "[]"), token("b"));
    assertEquals(
        List.of(START, "token \"a \" finalResponse", "usedTools []", "token \"b\" finalResponse"),
        reading.briefs());
    room.publishAll(token("\n"));
    assertEquals(List.of(), reading.briefs());
    room.publishAll(text("thinking", "t"));
    assertEquals(List.of("token \"\\n\" finalResponse", "thinking \"t\""), reading.briefs());
  }

  @ParameterizedTest
  @ValueSource(strings = {"end", "abort"})
  void itGoesOutByItselfBeforeTheEnd(String last) {
    Reading reading = room.read(new StartAt.Live());
    room.publishAll(token(" "));
    reading.read();
    room.publishAll(event(last));
    List<String> rest = reading.briefs();
    assertEquals("token \" \" finalResponse", rest.get(0));
    assertEquals(END, rest.get(rest.size() - 1));
  }

  @Test
  void aSwallowedEventDoesNotPushItOut() {
    Reading reading = room.read(new StartAt.Live());
    room.publishAll(json("metadata", "{}"), token(" "));
    reading.read();
    room.publishAll(event("start"), json("metadata", "{}"), token(""));
    assertEquals(List.of(), reading.briefs());
    room.publishAll(token("a"));
    assertEquals(List.of("token \" a\" finalResponse"), reading.briefs());
  }

  @Test
  void itDoesNotRideWithAnotherType() {
    Reading reading = room.read(new StartAt.Live());
    room.publishAll(token(" "), token(TokenType.AGENT_REASONING, "r"));
    assertEquals(
        List.of(START, "token \" \" finalResponse", "token \"r\" agentReasoning"),
        reading.briefs());
  }

  @Test
  void itDoesNotRideWithAnotherRun() {
    room.publishAll(in("r1", event("start")), in("r2", event("start")));
    Reading all = room.read(new StartAt.Live());
    Reading one = room.read(new StartAt.Live(), "r1");
    room.publishAll(in("r1", token(" ")), in("r2", token("b")), in("r1", token("a")));
    assertEquals(
        List.of(
            "token \" \" finalResponse run=\"r1\"",
            "token \"b\" finalResponse run=\"r2\"",
            "token \"a\" finalResponse run=\"r1\""),
        all.briefs());
    // Who reads one run has nothing in between.
    assertEquals(List.of("token \" a\" finalResponse run=\"r1\""), one.briefs());
  }

  @Test
  void whoReadsOneRunWaitsThroughOthers() {
    Reading one = room.read(new StartAt.Live(), "r1");
    room.publishAll(in("r1", event("start")), in("r2", event("start")));
    room.publishAll(in("r1", token(" ")));
    assertEquals(List.of("start \"\" run=\"r1\""), one.briefs());
    for (int i = 0; i < 3000; i++) {
      room.publishAll(in("r2", token("b")));
      if (i % 100 == 0) {
        room.publishAll(in("r1", token("\t")));
        assertEquals(List.of(), one.briefs());
      }
    }
    room.publishAll(in("r1", token("a")));
    assertEquals(
        List.of("token \" " + "\\t".repeat(30) + "a\" finalResponse run=\"r1\""), one.briefs());
  }

  @Test
  void aHundredThousandBlanksInARow() {
    Reading reading = room.read(new StartAt.Live());
    room.publishAll(token("a"));
    reading.read();
    for (int i = 0; i < 100_000; i++) {
      room.publishAll(token("\n"));
      assertTrue(reading.readOnce(Integer.MAX_VALUE).isEmpty());
    }
    room.publishAll(token("b"));
    List<Frame> frames = reading.read();
    assertEquals(1, frames.size());
    assertEquals("\n".repeat(100_000) + "b", frames.get(0).text());
    assertEquals(room.chat().lastId(), frames.get(0).id());
  }

  @Test
  void whatIsTooLongForOneFrameGoesOut() {
    Reading reading = room.read(new StartAt.Live());
    String blank = " ".repeat(100_000);
    room.publishAll(token(blank), token(blank));
    assertEquals(List.of(START), reading.briefs());
    room.publishAll(token(blank), token(blank));
    List<Frame> frames = reading.read();
    assertEquals(1, frames.size());
    assertEquals(300_000, frames.get(0).text().length());
    room.publishAll(token("a"));
    assertEquals(blank + "a", reading.read().get(0).text());
  }

  @Test
  void resumingWhileOneIsHeldBackLosesNothing() {
    Reading reading = room.read(new StartAt.Live());
    room.publishAll(token("a"));
    reading.read();
    room.publishAll(token(" "));
    assertEquals(List.of(), reading.read());
    EventId last = reading.lastId();
    assertEquals(room.id(2), last);
    Reading resumed = room.read(new StartAt.After(room.id(2)));
    assertEquals(List.of(), resumed.briefs());
    room.publishAll(token("b"));
    assertEquals(List.of("token \" b\" finalResponse"), resumed.briefs());
  }

  @Test
  void droppingIsTheLiteralRule() {
    Room dropping = new Room(Room.dropBlanks());
    dropping.publishAll(token("\n"), token("a"), token(" "), token(" b "), token("\t"));
    dropping.publishAll(event("end"));
    assertEquals(List.of(START, "token \"a b \" finalResponse", END), dropping.all());
    assertEquals(4, dropping.chat().lastId().offset());
  }

  @Test
  void onlyTokensAreDropped() {
    Room dropping = new Room(Room.dropBlanks());
    dropping.publishAll(text("thinking", " "), event("end"));
    assertEquals(List.of(START, "thinking \" \"", END), dropping.all());
  }
}
