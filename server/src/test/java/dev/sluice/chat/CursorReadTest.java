package dev.sluice.chat;

import static dev.sluice.chat.Drafts.event;
import static dev.sluice.chat.Drafts.in;
import static dev.sluice.chat.Drafts.json;
import static dev.sluice.chat.Drafts.token;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.chat.Cursor.Status;
import dev.sluice.frame.TokenType;
import dev.sluice.frame.Utf8Buffer;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What one read gives, and where it stops. */
class CursorReadTest {
  private static final int NO_BOUND = Integer.MAX_VALUE;

  private final Room room = new Room();

  @Test
  void theBytesOfTheContract() {
    room.publishAll(token(" Hel"), token("lo"), event("end"));
    Utf8Buffer out = new Utf8Buffer(0).putAscii("before|");
    Reading reading = room.readAll();
    assertEquals(Status.AT_END, reading.cursor().read(out, NO_BOUND, true, 1234));
    String epoch = String.valueOf(Room.EPOCH);
    assertEquals(
        """
        before|id:E-1
        retry:1234
        message:
        data:{"event":"start","data":""}

        id:E-3
        message:
        data:{"event":"token","data":" Hello","type":"finalResponse"}

        id:E-4
        message:
        data:{"event":"end","data":"[DONE]"}

        """
            .replace("E-", epoch + "-"),
        out.toString());
  }

  @Test
  void idsAreLeftOutIfNotWanted() {
    room.publishAll(token("a"));
    Utf8Buffer out = new Utf8Buffer(0);
    assertEquals(Status.AT_TAIL, room.readAll().cursor().read(out, NO_BOUND, false, 7));
    assertEquals(
        """
        retry:7
        message:
        data:{"event":"start","data":""}

        message:
        data:{"event":"token","data":"a","type":"finalResponse"}

        """,
        out.toString());
  }

  @Test
  void theRetryTimeStandsInTheFirstFrameOnlyAndInAGapToo() {
    Reading reading = room.read(new StartAt.After(new EventId(1, 1)));
    room.publishAll(token("a"));
    Utf8Buffer out = new Utf8Buffer(0);
    reading.cursor().read(out, NO_BOUND, true, 55);
    List<Frame> frames = Frame.parse(out);
    assertEquals(List.of(55L, 0L, 0L), frames.stream().map(Frame::retryMs).toList());
    assertEquals("gap", frames.get(0).event());
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 10, 100, 1000})
  void stopsAtTheByteBoundAndGoesOnThere(int maxBytes) {
    List<String> expected = new ArrayList<>();
    expected.add("start \"\"");
    for (int i = 0; i < 300; i++) {
      room.publishAll(token("t" + i), json("x", String.valueOf(i)));
      expected.add("token \"t" + i + "\" finalResponse");
      expected.add("x " + i);
    }
    Reading reading = room.readAll();
    int reads = 0;
    do {
      Utf8Buffer out = new Utf8Buffer(0);
      reading.status = reading.cursor().read(out, maxBytes, true, 0);
      reading.frames.addAll(Frame.parse(out));
      assertTrue(out.length() < maxBytes + 200, "one frame more than the bound at most");
      assertTrue(reading.status == Status.AT_TAIL || out.length() >= maxBytes);
      reads++;
    } while (reading.status == Status.MORE);
    assertEquals(Status.AT_TAIL, reading.status);
    assertEquals(expected, Frame.briefs(reading.frames));
    assertTrue(reads > 10);
  }

  @Test
  void whatWasThereBeforeDoesNotCountForTheByteBound() {
    room.publishAll(token("a"), event("end"));
    Utf8Buffer out = new Utf8Buffer(0).putAscii("x".repeat(1000));
    assertEquals(Status.MORE, room.readAll().cursor().read(out, 10, false, 0));
    assertTrue(out.toString().endsWith("{\"event\":\"start\",\"data\":\"\"}\n\n"));
  }

  @Test
  void anEndIsTheEndWhenNoRunIsOpenAnyMore() {
    room.publishAll(in("r1", event("start")), in("r2", event("start")), in("r1", event("end")));
    Reading reading = room.readAll();
    reading.readOnce(NO_BOUND);
    assertEquals(Status.AT_TAIL, reading.status);
    room.publishAll(in("r2", event("end")));
    assertEquals(List.of("end \"[DONE]\" run=\"r2\""), Frame.briefs(reading.readOnce(NO_BOUND)));
    assertEquals(Status.AT_END, reading.status);
    reading.readOnce(NO_BOUND);
    assertEquals(Status.AT_TAIL, reading.status);
  }

  @Test
  void theReaderOfOneRunIsAtTheEndWithItsRun() {
    room.publishAll(in("r1", event("start")), in("r2", token("a")));
    Reading one = room.read(new StartAt.CurrentRun(), "r1");
    one.readOnce(NO_BOUND);
    assertEquals(Status.AT_TAIL, one.status);
    room.publishAll(in("r1", event("end")), in("r2", event("end")));
    assertEquals(1, one.readOnce(NO_BOUND).size());
    assertEquals(Status.AT_END, one.status);
    assertEquals(List.of(), one.readOnce(NO_BOUND));
    assertEquals(Status.AT_TAIL, one.status);
  }

  @Test
  void theEndOfAnotherRunIsNotTheEndOfThisOne() {
    Reading one = room.read(new StartAt.Live(), "r1");
    room.publishAll(in("r2", event("start")), in("r2", event("end")), in("r1", token("a")));
    assertEquals(2, one.readOnce(NO_BOUND).size());
    assertEquals(Status.AT_TAIL, one.status);
  }

  /** With a run open there is no end yet, whatever has ended before. */
  @Test
  void aReadGoesOnPastAnEndThatWasNotTheLast() {
    room.publishAll(token("a"), event("end"), token("b"));
    Reading reading = room.readAll();
    assertEquals(5, reading.readOnce(NO_BOUND).size());
    assertEquals(Status.AT_TAIL, reading.status);
    room.publishAll(event("end"));
    assertEquals(1, reading.readOnce(NO_BOUND).size());
    assertEquals(Status.AT_END, reading.status);
    room.publishAll(token("c"), event("end"));
    assertEquals(3, reading.readOnce(NO_BOUND).size());
    assertEquals(Status.AT_END, reading.status);
  }

  @Test
  void readsTextInsteadOfFrames() {
    room.publishAll(token("a\n"), token(TokenType.AGENT_REASONING, "no"), json("tool", "[]"));
    room.publishAll(token(" "), token("b"));
    Reading reading = room.read(new StartAt.CurrentRun());
    Utf8Buffer out = new Utf8Buffer(0);
    assertEquals(Status.AT_TAIL, reading.cursor().readText(out, TokenType.FINAL_RESPONSE));
    assertEquals("a\\n b", out.toString());
    room.publishAll(token("c"), event("end"), token("next"));
    assertEquals(Status.AT_END, reading.cursor().readText(out, TokenType.FINAL_RESPONSE));
    assertEquals("a\\n bc", out.toString());
  }

  @Test
  void readsTheTextOfOneRunAcrossSegments() {
    StringBuilder expected = new StringBuilder();
    room.publishAll(in("r1", event("start")), in("r2", event("start")));
    for (int i = 0; i < 5000; i++) {
      room.publishAll(in("r1", token("<" + i)), in("r2", token("other")));
      expected.append('<').append(i);
    }
    room.publishAll(in("r1", event("end")));
    Reading reading = room.read(new StartAt.CurrentRun(), "r1");
    Utf8Buffer out = new Utf8Buffer(0);
    assertEquals(Status.AT_END, reading.cursor().readText(out, TokenType.FINAL_RESPONSE));
    assertEquals(expected.toString(), out.toString());
  }

  @Test
  void textIsNotReadPastWhatWasShed() {
    Room small = new Room(Room.logBytes(4096, 1 << 26));
    Reading reading = small.read(new StartAt.Live());
    for (int i = 0; i < 2000; i++) {
      small.publishAll(token("x"));
    }
    small.publishAll(event("end"));
    Utf8Buffer out = new Utf8Buffer(0);
    assertEquals(Status.LAPPED, reading.cursor().readText(out, TokenType.FINAL_RESPONSE));
    assertEquals(0, out.length());
    assertEquals(Status.LAPPED, reading.cursor().readText(out, TokenType.FINAL_RESPONSE));
  }

  @Test
  void saysHowFarBehindItIs() {
    Reading reading = room.read(new StartAt.Live());
    assertEquals(0, reading.cursor().lag());
    room.publishAll(token("a"), token("b"));
    assertEquals(3, reading.cursor().lag());
    reading.read();
    assertEquals(0, reading.cursor().lag());
    assertNull(reading.cursor().run());
    assertEquals("r", room.read(new StartAt.Live(), "r").cursor().run());
    assertEquals(room.chat(), reading.cursor().chat());
  }

  @Test
  void isOverWhenTheChatIsGoneAndAllIsRead() {
    room.publishAll(token("a"), token(" "));
    Reading reading = room.readAll();
    assertFalse(reading.cursor().isOver());
    room.chats.delete(Room.CHAT);
    assertFalse(reading.cursor().isOver());
    assertEquals("end \"[DONE]\"", reading.briefs().get(3));
    assertTrue(reading.cursor().isOver());
  }
}
