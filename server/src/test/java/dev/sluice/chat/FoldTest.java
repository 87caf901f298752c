package dev.sluice.chat;

import static dev.sluice.chat.Drafts.event;
import static dev.sluice.chat.Drafts.in;
import static dev.sluice.chat.Drafts.json;
import static dev.sluice.chat.Drafts.token;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.frame.TokenType;
import dev.sluice.frame.Utf8Buffer;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;

/** Runs that are over take the room of their text and little more, and read as before. */
class FoldTest {
  private static final String[] TEXTS = {"a", " bc", "\n", " ", "def", "\u00e4", " ", "gh"};

  private final Room room = new Room();

  @Test
  void aRunOfShortTokensCostsItsTextAndAboutOneByteAToken() {
    int tokens = 20_000;
    long text = 0;
    for (int i = 0; i < tokens; i++) {
      EventDraft draft = token(TEXTS[i % TEXTS.length]);
      text += draft.data().length();
      room.publishAll(draft);
    }
    room.publishAll(event("end"));
    long heap = room.chats.budget().usedBytes();
    assertTrue(heap >= text + tokens, "each boundary is still there");
    assertTrue(heap < text + tokens * 1.1 + 3000, () -> heap / (double) tokens + " bytes a token");
  }

  @Test
  void aSmallRunIsOneSegment() {
    publishRun(100);
    Segment[] segments = room.chat().log().segments();
    assertEquals(1, segments.length);
    assertInstanceOf(FoldedSegment.class, segments[0]);
  }

  /** However many there are, their segments are few, and each was copied seldom. */
  @Test
  void manySmallRunsAreLaidTogether() {
    for (int i = 0; i < 2000; i++) {
      publishRun(3);
    }
    int segments = room.chat().log().segments().length;
    long heap = room.chats.budget().usedBytes();
    assertTrue(segments < 16 + heap / (16 * 1024), () -> segments + " segments");
  }

  @Test
  void aReaderGoesOnAfterAnyTokenOfAFold() {
    List<EventDraft> drafts = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      drafts.add(token(TEXTS[i % TEXTS.length]));
    }
    drafts.add(json("usedTools", "[1]"));
    for (int i = 0; i < 70; i++) {
      drafts.add(token(TokenType.AGENT_REASONING, TEXTS[i % 7]));
    }
    // Lengths of one, two and three bytes.
    drafts.add(token("x".repeat(63)));
    drafts.add(token("y".repeat(64)));
    drafts.add(token(" ".repeat(9000)));
    drafts.add(token("z".repeat(20_000)));
    drafts.add(json("metadata", "{}"));
    List<String> each = new ArrayList<>(List.of("start \"\""));
    for (EventDraft draft : drafts) {
      room.publishAll(draft);
      each.add(Frame.briefs(readAfter(room.chat().lastId().offset() - 1)).get(0));
    }
    room.publishAll(event("end"));
    each.add("end \"[DONE]\"");
    assertInstanceOf(FoldedSegment.class, room.chat().log().segments()[0]);
    for (int offset = 0; offset <= each.size(); offset++) {
      List<Frame> frames = readAfter(offset);
      assertEquals(
          Folded.of(each.subList(offset, each.size())), Frame.briefs(frames), "after " + offset);
    }
  }

  /** The tail that a reader took may be older than the fold: it stops there. */
  @Test
  void aReaderStopsInsideAFoldAtTheTailThatItKnows() {
    publishRun(50);
    Segment[] segments = room.chat().log().segments();
    for (int tail = 2; tail <= 51; tail++) {
      int limit = Log.limit(segments, 0, tail);
      assertEquals(tail, limit);
      int end = segments[0].pieceEnd(1, limit);
      assertEquals(tail, end);
      Utf8Buffer text = new Utf8Buffer(0);
      segments[0].put(text, 1, end);
      StringBuilder expected = new StringBuilder();
      for (int i = 0; i < tail - 1; i++) {
        expected.append(TEXTS[i % TEXTS.length].replace("\n", "\\n"));
      }
      assertEquals(expected.toString(), text.toString());
    }
  }

  @Test
  void whiteSpaceInsideAFoldIsStillKnown() {
    room.publishAll(token("a"), token(" "), token("\n"), token("b"), event("end"));
    Segment segment = room.chat().log().segments()[0];
    assertTrue(segment.isBlank(2, 4));
    assertTrue(segment.isBlank(3, 4));
    assertEquals(false, segment.isBlank(1, 3));
    assertEquals(false, segment.isBlank(2, 5));
  }

  /** Runs that take turns at each token would be larger folded: they are left as they are. */
  @Test
  void whatWouldGrowIsNotFolded() {
    for (int i = 0; i < 20_000; i++) {
      room.publishAll(in("r" + i % 3, token("ab")));
    }
    long before = room.chats.budget().usedBytes();
    room.chat().stop();
    assertTrue(room.chats.budget().usedBytes() <= before + 1000);
    assertInstanceOf(OpenSegment.class, room.chat().log().segments()[0]);
    Reading reading = room.read(new StartAt.After(room.id(0)), "r1");
    assertEquals("ab".repeat(20_000 / 3 + 1), reading.read().get(1).text());
  }

  @Test
  void aLongRunIsFoldedWhileItGoesOn() {
    for (int i = 0; i < 50_000; i++) {
      room.publishAll(token("abcd"));
    }
    Segment[] segments = room.chat().log().segments();
    assertInstanceOf(OpenSegment.class, segments[segments.length - 1]);
    assertInstanceOf(FoldedSegment.class, segments[0]);
    long heap = room.chats.budget().usedBytes();
    assertTrue(heap < 50_000 * 5.1 + 200_000, () -> heap + " bytes");
  }

  @Test
  void sheddingGoesOnInFoldedLogs() {
    Room small = new Room(Room.logBytes(16 * 1024, 1 << 26));
    for (int run = 0; run < 200; run++) {
      for (int i = 0; i < run; i++) {
        small.publishAll(token("<" + run + "." + i + ">"));
      }
      small.publishAll(event("start"), event("end"));
      assertTrue(small.chat().log().heapBytes() <= 16 * 1024);
    }
    Reading reading = small.readAll();
    List<Frame> frames = reading.read();
    assertEquals("gap", frames.get(0).event());
    StringBuilder text = new StringBuilder();
    frames.stream().filter(Frame::isToken).map(Frame::text).forEach(text::append);
    assertTrue(text.toString().endsWith("<199.198>"));
    assertTrue(text.length() > 2000);
  }

  private void publishRun(int tokens) {
    for (int i = 0; i < tokens; i++) {
      room.publishAll(token(TEXTS[i % TEXTS.length]));
    }
    room.publishAll(event("end"));
  }

  private List<Frame> readAfter(long offset) {
    Reading reading = room.read(new StartAt.After(room.id(offset)));
    List<Frame> frames = reading.read();
    // White space at the tail waits for what follows; here nothing does.
    Log log = room.chat().log();
    if (frames.isEmpty() && offset < log.tail()) {
      Segment[] segments = log.segments();
      Segment segment = segments[Log.find(segments, log.tail())];
      Utf8Buffer text = new Utf8Buffer(0);
      int index = (int) (log.tail() - segment.base);
      segment.put(text, index, index + 1);
      Stretch stretch = segment.stretch(index);
      String suffix = new String(stretch.suffix(), StandardCharsets.UTF_8).strip();
      String head = "{\"event\":\"token\",\"data\":\"";
      frames = List.of(new Frame(null, 0, head + text + suffix));
    }
    reading.close();
    return frames;
  }
}
