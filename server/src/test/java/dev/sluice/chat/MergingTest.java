package dev.sluice.chat;

import static dev.sluice.chat.Drafts.event;
import static dev.sluice.chat.Drafts.in;
import static dev.sluice.chat.Drafts.json;
import static dev.sluice.chat.Drafts.token;
import static dev.sluice.chat.Drafts.with;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.frame.TokenType;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Which tokens leave as one frame, and which never do. */
class MergingTest {
  private static final String START = "start \"\"";

  private final Room room = new Room();

  @Test
  void tokensOfOneRunAndTypeAreLaidTogether() {
    room.publishAll(token("a"), token(" b"), token("c "), token("d"));
    List<Frame> frames = room.readAll().read();
    assertEquals(List.of(START, "token \"a bc d\" finalResponse"), Frame.briefs(frames));
    assertEquals(room.id(1), frames.get(0).id());
    assertEquals(room.id(5), frames.get(1).id());
  }

  @Test
  void eachTypeHasItsFrame() {
    room.publishAll(token("a"), token(TokenType.AGENT_REASONING, "b"), token("c"), token("d"));
    room.publishAll(token(TokenType.TOOL_RESPONSE, "e"));
    assertEquals(
        List.of(
            START,
            "token \"a\" finalResponse",
            "token \"b\" agentReasoning",
            "token \"cd\" finalResponse",
            "token \"e\" toolResponse"),
        room.all());
  }

  @Test
  void nothingIsMergedAcrossAnotherEvent() {
    room.publishAll(token("a"), json("usedTools", "[]"), token("b"), json("x", "1"), token("c"));
    assertEquals(
        List.of(
            START,
            "token \"a\" finalResponse",
            "usedTools []",
            "token \"b\" finalResponse",
            "x 1",
            "token \"c\" finalResponse"),
        room.all());
  }

  @Test
  void eachRunHasItsFrame() {
    room.publishAll(in("r1", event("start")), in("r2", event("start")));
    room.publishAll(in("r1", token("a")), in("r1", token("b")), in("r2", token("c")));
    room.publishAll(in("r1", token("d")), in("r2", token("e")), in("r2", token("f")));
    assertEquals(
        List.of(
            "start \"\" run=\"r1\"",
            "start \"\" run=\"r2\"",
            "token \"ab\" finalResponse run=\"r1\"",
            "token \"c\" finalResponse run=\"r2\"",
            "token \"d\" finalResponse run=\"r1\"",
            "token \"ef\" finalResponse run=\"r2\""),
        room.all());
  }

  @Test
  void unnamedRunsInARowAreNotMerged() {
    room.publishAll(token("a"), event("end"), token("b"), event("end"));
    assertEquals(6, room.all().size());
  }

  @Test
  void aTokenWithFurtherKeysIsSentAsItIs() {
    room.publishAll(
        token("z"),
        with("n", "1", token("a")),
        with("n", "1", token("b")),
        with("n", "2", token(" ")),
        token("c"),
        token("d"));
    assertEquals(
        List.of(
            START,
            "token \"z\" finalResponse",
            "token \"a\" finalResponse n=1",
            "token \"b\" finalResponse n=1",
            "token \" \" finalResponse n=2",
            "token \"cd\" finalResponse"),
        room.all());
  }

  @Test
  void aPairSplitOverTwoTokensReadsAsThePair() {
    room.publishAll(token("a\ud83d"), token("\ude00b"));
    assertEquals("a\ud83d\ude00b", room.readAll().read().get(1).text());
  }

  @Test
  void aReaderThatKeepsUpGetsEachTokenByItself() {
    Reading reading = room.read(new StartAt.Live());
    List<String> seen = new ArrayList<>();
    for (String text : List.of("a", "b", "c")) {
      room.publishAll(token(text));
      seen.addAll(reading.briefs());
    }
    assertEquals(
        List.of(
            START,
            "token \"a\" finalResponse",
            "token \"b\" finalResponse",
            "token \"c\" finalResponse"),
        seen);
  }

  /** Far more than one segment, and more than one frame may hold. */
  @Test
  void aLongAnswerIsAFewFrames() {
    StringBuilder expected = new StringBuilder();
    for (int i = 0; i < 60_000; i++) {
      String text = i + "\u00e4\n";
      room.publishAll(token(text));
      expected.append(text);
    }
    List<Frame> frames = room.readAll().read();
    StringBuilder text = new StringBuilder();
    for (Frame frame : frames.subList(1, frames.size())) {
      assertTrue(frame.isToken());
      text.append(frame.text());
    }
    assertEquals(expected.toString(), text.toString());
    assertTrue(frames.size() > 2, "a frame has a bound");
    assertTrue(frames.size() <= 4, () -> frames.size() + " frames");
    assertEquals(room.chat().lastId(), frames.get(frames.size() - 1).id());
  }

  @Test
  void oneRunOfManyIsReadAcrossSegments() {
    StringBuilder expected = new StringBuilder();
    for (int i = 0; i < 20_000; i++) {
      room.publishAll(in("r1", token("<" + i)), in("r2", token("other")));
      expected.append('<').append(i);
    }
    Reading reading = room.read(new StartAt.After(room.id(0)), "r1");
    List<Frame> frames = reading.read();
    assertEquals(2, frames.size());
    assertEquals(expected.toString(), frames.get(1).text());
    assertEquals(room.chat().lastId().offset() - 1, frames.get(1).offset());
  }
}
