package dev.sluice.chat;

import static dev.sluice.chat.Drafts.event;
import static dev.sluice.chat.Drafts.in;
import static dev.sluice.chat.Drafts.json;
import static dev.sluice.chat.Drafts.text;
import static dev.sluice.chat.Drafts.token;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.frame.TokenType;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Where a reader begins: live, late, resumed, or after a gap. */
class CursorStartTest {
  private static final String START = "start \"\"";
  private static final String END = "end \"[DONE]\"";

  private final Room room = new Room();

  @Test
  void whoComesBeforeTheChatGetsEverything() {
    Reading reading = room.read(new StartAt.CurrentRun());
    assertEquals(List.of(), reading.briefs());
    room.publishAll(token("a"), event("end"));
    assertEquals(List.of(START, "token \"a\" finalResponse", END), reading.briefs());
  }

  @Test
  void aLiveReaderGetsWhatIsPublishedFromNowOn() {
    room.publishAll(token("a"));
    Reading reading = room.read(new StartAt.Live());
    assertEquals(List.of(), reading.briefs());
    room.publishAll(token("b"));
    assertEquals(List.of("token \"b\" finalResponse"), reading.briefs());
  }

  @Test
  void aLateReaderGetsTheAnswerSoFarMerged() {
    room.publishAll(token("old"), event("end"));
    room.publishAll(token(TokenType.AGENT_REASONING, "x"), token("a"), token("b"), token("c"));
    List<Frame> frames = room.read(new StartAt.CurrentRun()).read();
    assertEquals(
        List.of(START, "token \"x\" agentReasoning", "token \"abc\" finalResponse"),
        Frame.briefs(frames));
    assertEquals(room.id(8), frames.get(2).id());
  }

  @Test
  void theNewestRunIsTheCurrentOneWhenNoneIsOpen() {
    room.publishAll(token("a"), event("end"), token("b"), event("end"));
    assertEquals(
        List.of(START, "token \"b\" finalResponse", END),
        room.read(new StartAt.CurrentRun()).briefs());
  }

  @Test
  void theEarliestOpenRunIsTheCurrentOneWhenSeveralAre() {
    room.publishAll(in("r1", token("a")), in("r1", event("end")));
    room.publishAll(in("r2", token("b")), in("r3", token("c")), in("r3", event("end")));
    List<Frame> frames = room.read(new StartAt.CurrentRun()).read();
    assertEquals(4, frames.get(0).offset());
    assertEquals("start \"\" run=\"r2\"", frames.get(0).brief());
  }

  /** Nobody gets the end of a run without its start. */
  @Test
  void runsThatOverlapWithTheCurrentOneAreCurrentToo() {
    room.publishAll(in("r0", token("a")), in("r0", event("end")));
    room.publishAll(in("r1", token("a")), in("r2", token("b")), in("r1", event("end")));
    room.publishAll(in("r3", token("c")), in("r2", event("end")));
    assertEquals("start \"\" run=\"r1\"", room.read(new StartAt.CurrentRun()).briefs().get(0));
    room.publishAll(in("r3", event("end")));
    assertEquals("start \"\" run=\"r1\"", room.read(new StartAt.CurrentRun()).briefs().get(0));
    room.publishAll(in("r4", event("start")));
    assertEquals("start \"\" run=\"r4\"", room.read(new StartAt.CurrentRun()).briefs().get(0));
  }

  @Test
  void oneRunIsReadFromItsStart() {
    room.publishAll(in("r1", token("a")), in("r2", token("b")), in("r1", event("end")));
    room.publishAll(in("r2", token("c")), in("r2", event("end")), token("other"));
    assertEquals(
        List.of(
            "start \"\" run=\"r2\"",
            "token \"bc\" finalResponse run=\"r2\"",
            "end \"[DONE]\" run=\"r2\""),
        room.read(new StartAt.CurrentRun(), "r2").briefs());
  }

  @Test
  void aRunThatIsStillToComeIsAwaited() {
    room.publishAll(in("r1", token("a")));
    Reading reading = room.read(new StartAt.CurrentRun(), "r2");
    assertEquals(List.of(), reading.briefs());
    room.publishAll(in("r1", token("a")), in("r2", token("b")));
    assertEquals(
        List.of("start \"\" run=\"r2\"", "token \"b\" finalResponse run=\"r2\""), reading.briefs());
  }

  /** What a client has up to any id, and what it gets after that id, is all there is. */
  @Test
  void resumingAtEveryOffsetGivesExactlyTheRest() {
    room.publishAll(
        token("a"),
        token(" "),
        token("\ud83d"),
        token("\ude00"),
        json("usedTools", "[]"),
        token("b"),
        token(TokenType.AGENT_REASONING, "c"),
        token("  "),
        token("\n"),
        json("metadata", "{}"),
        event("end"));
    room.publishAll(in("r1", token("d")), in("r2", token("e")), in("r1", token("f")));
    room.publishAll(in("r2", text("error", "e")), in("r1", event("abort")));
    List<String> each = oneByOne();
    long tail = room.chat().lastId().offset();
    assertEquals(each.size(), tail);
    for (int offset = 0; offset <= tail; offset++) {
      Reading reading = room.read(new StartAt.After(room.id(offset)));
      List<Frame> frames = reading.read();
      List<String> rest = each.subList(offset, each.size());
      assertEquals(Folded.of(rest), Frame.briefs(frames), "after " + offset);
      assertEquals(offset == tail ? null : room.id(tail), reading.lastId());
      reading.close();
    }
  }

  /** Every event of the log as a frame of its own. */
  private List<String> oneByOne() {
    List<String> each = new ArrayList<>();
    long tail = room.chat().lastId().offset();
    for (long offset = 1; offset <= tail; offset++) {
      Segment[] segments = room.chat().log().segments();
      Segment segment = segments[0];
      for (Segment other : segments) {
        segment = other.base <= offset ? other : segment;
      }
      int index = (int) (offset - segment.base);
      Stretch stretch = segment.stretch(index);
      int start = segment.start(index);
      int count = segment.end(index) - start;
      String bytes = new String(segment.bytes(), start, count, StandardCharsets.UTF_8);
      String json =
          stretch.isToken()
              ? "{\"event\":\"token\",\"data\":\""
                  + bytes
                  + new String(stretch.suffix(), StandardCharsets.UTF_8).strip()
              : bytes;
      each.add(new Frame(null, 0, json).brief());
    }
    return each;
  }

  @Test
  void anIdOfAnotherLogIsAGapAndThenTheCurrentRun() {
    room.publishAll(token("old"), event("end"), token("a"));
    Reading reading = room.read(new StartAt.After(new EventId(1, 99)));
    List<Frame> frames = reading.read();
    assertEquals(
        List.of(
            "gap {\"from\":\"1-99\",\"to\":\"" + room.id(3) + "\",\"reason\":\"epoch\"}",
            START,
            "token \"a\" finalResponse"),
        Frame.briefs(frames));
    assertEquals(room.id(3), frames.get(0).id());
  }

  @Test
  void anIdFromTheFutureIsAGap() {
    room.publishAll(token("a"));
    EventId future = room.id(3);
    Reading reading = room.read(new StartAt.After(future));
    assertEquals(
        List.of(
            "gap {\"from\":\""
                + future
                + "\",\"to\":\""
                + room.id(0)
                + "\",\"reason\":\"unknown_id\"}",
            START,
            "token \"a\" finalResponse"),
        reading.briefs());
    room.publishAll(token("b"));
    assertEquals(List.of("token \"b\" finalResponse"), reading.briefs());
  }

  @Test
  void anIdOfAnotherLogInAnEmptyChatIsAGapAtOnce() {
    Reading reading = room.read(new StartAt.After(new EventId(1, 99)));
    List<Frame> frames = reading.read();
    assertEquals(1, frames.size());
    assertEquals(
        "gap {\"from\":\"1-99\",\"to\":\"" + room.id(0) + "\",\"reason\":\"epoch\"}",
        frames.get(0).brief());
    assertEquals(List.of(), reading.read());
  }

  @Test
  void aReaderThatWasLappedIsToldWhatItMissed() {
    Room small = new Room(Room.logBytes(4096, 1 << 26));
    small.publishAll(token("first"));
    Reading reading = small.read(new StartAt.Live());
    for (int i = 0; i < 2000; i++) {
      small.publishAll(token("<" + i + ">"));
    }
    long first = small.chat().firstId().offset();
    assertTrue(first > 3);
    List<Frame> frames = reading.read();
    assertEquals(
        "gap {\"from\":\""
            + small.id(2)
            + "\",\"to\":\""
            + small.id(first - 1)
            + "\",\"reason\":\"lapped\"}",
        frames.get(0).brief());
    assertEquals(small.id(first - 1), frames.get(0).id());
    assertEquals(2, frames.size());
    // Offset 3 is the token <0>.
    StringBuilder expected = new StringBuilder();
    for (long i = first - 3; i < 2000; i++) {
      expected.append('<').append(i).append('>');
    }
    assertEquals(expected.toString(), frames.get(1).text());
    assertEquals(0, reading.cursor().lag());
    assertFalse(reading.cursor().isOver());
  }

  @Test
  void resumingWhereEventsWereShedIsAGap() {
    Room small = new Room(Room.logBytes(4096, 1 << 26));
    for (int i = 0; i < 2000; i++) {
      small.publishAll(token("<" + i + ">"));
    }
    long first = small.chat().firstId().offset();
    assertEquals("gap", small.readAll().read().get(0).event());
    assertEquals("gap", small.read(new StartAt.After(small.id(first - 2))).read().get(0).event());
    assertEquals("token", small.read(new StartAt.After(small.id(first - 1))).read().get(0).event());
    assertEquals("gap", small.read(new StartAt.CurrentRun()).read().get(0).event());
  }

  @Test
  void oneGapTellsOfAnotherLogAndOfWhatWasShed() {
    Room small = new Room(Room.logBytes(4096, 1 << 26));
    for (int i = 0; i < 2000; i++) {
      small.publishAll(token("<" + i + ">"));
    }
    long first = small.chat().firstId().offset();
    List<Frame> frames = small.read(new StartAt.After(new EventId(1, 1))).read();
    assertEquals(
        "gap {\"from\":\"1-1\",\"to\":\"" + small.id(first - 1) + "\",\"reason\":\"epoch\"}",
        frames.get(0).brief());
    assertEquals(2, frames.size());
    assertTrue(frames.get(1).text().startsWith("<" + (first - 2) + ">"));
  }

  @Test
  void aGapHasNothingMoreToSayTheSecondTime() {
    Room small = new Room(Room.logBytes(4096, 1 << 26));
    Reading reading = small.read(new StartAt.Live());
    for (int round = 1; round <= 3; round++) {
      for (int i = 0; i < 2000; i++) {
        small.publishAll(token("x"));
      }
      reading.read();
      int expected = round;
      assertEquals(expected, reading.frames.stream().filter(f -> f.event().equals("gap")).count());
    }
  }

  @Test
  void aRunWhoseEndWasShedIsOver() {
    Room small = new Room(Room.logBytes(4096, 1 << 26));
    small.publishAll(in("r1", token("a")), in("r1", event("end")));
    for (int i = 0; i < 2000; i++) {
      small.publishAll(in("r2", token("<" + i + ">")));
    }
    Reading late = small.read(new StartAt.After(small.id(1)), "r1");
    assertEquals(1, late.readOnce(Integer.MAX_VALUE).size());
    assertEquals(Cursor.Status.AT_END, late.status);
    assertEquals("gap", late.frames.get(0).event());
    Reading open = small.read(new StartAt.After(small.id(1)), "r2");
    assertEquals(2, open.readOnce(Integer.MAX_VALUE).size());
    assertEquals(Cursor.Status.AT_TAIL, open.status);
  }
}
