package dev.sluice.loadtest.check;

import static dev.sluice.loadtest.check.FaultKind.DOUBLED;
import static dev.sluice.loadtest.check.FaultKind.FRAME_FORM;
import static dev.sluice.loadtest.check.FaultKind.LOST;
import static dev.sluice.loadtest.check.FaultKind.MISSING_END;
import static dev.sluice.loadtest.check.FaultKind.SECOND_START;
import static dev.sluice.loadtest.check.FaultKind.UNEXPECTED_EVENT;
import static dev.sluice.loadtest.check.FaultKind.WRONG_STREAM;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.loadtest.wire.Frame;
import dev.sluice.loadtest.wire.FrameReader;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** Streams to which something happens: two runs at once, a publisher that is cut, a gap. */
class StreamMishapTest {
  private static final int ONE = 3;
  private static final int OTHER = 103;
  private static final int TOKENS = 3;
  private static final String LOST_PRODUCER =
      "{\"event\":\"error\",\"data\":\"lost\",\"detail\":{\"code\":\"producer_lost\"}}";

  private final TokenText text = new TokenText("test", chat -> chat == OTHER ? 50 : 0);
  private final FaultLog faults = new FaultLog();
  private long offset;

  @Test
  void twoRunsAtOnceAreEachReadByItself() throws Exception {
    StreamCheck check = twoRuns();
    frames(check, start("first"), start("second"), token(ONE, 0, "first"));
    frames(check, token(OTHER, 0, "second"), token(OTHER, 1, "second"), token(ONE, 1, "first"));
    frames(check, token(ONE, 2, "first"), end("first"));
    assertFalse(check.ended());
    frames(check, token(OTHER, 2, "second"), end("second"));
    assertTrue(check.ended());
    check.onCompleted();
    assertEquals(Map.of(), faults.counts());
  }

  @Test
  void aTokenInTheOtherRunIsOnTheWrongStream() throws Exception {
    StreamCheck check = twoRuns();
    frames(check, start("first"), start("second"), token(ONE, 0, "second"));
    assertEquals(Map.of(WRONG_STREAM, 1L), faults.counts());
  }

  @Test
  void anotherRunThanWasPublishedIsFound() throws Exception {
    frames(twoRuns(), start("third"));
    assertEquals(Map.of(FRAME_FORM, 1L), faults.counts());
  }

  @Test
  void aRunThatMissesItsEndIsFoundBesideOneThatHasIt() throws Exception {
    StreamCheck check = twoRuns();
    frames(check, start("first"), start("second"), token(ONE, 0, "first"));
    frames(check, token(ONE, 1, "first"), token(ONE, 2, "first"), end("first"));
    frames(check, token(OTHER, 0, "second"), token(OTHER, 1, "second"));
    check.onCompleted();
    assertEquals(Map.of(MISSING_END, 1L, LOST, 1L), faults.counts());
  }

  @Test
  void aRunThatIsLostMayBeFollowedByOneThatGoesOn() throws Exception {
    StreamCheck check = cuttable();
    frames(check, start(null), token(ONE, 0, null), LOST_PRODUCER, end(null));
    assertFalse(check.ended());
    frames(check, start(null), LOST_PRODUCER, end(null), start(null));
    frames(check, token(ONE, 1, null), token(ONE, 2, null), end(null));
    assertTrue(check.ended());
    check.onCompleted();
    assertEquals(Map.of(), faults.counts());
    assertEquals(2, faults.told().producersLost());
  }

  @Test
  void aTokenThatComesAgainAfterTheCutIsFound() throws Exception {
    StreamCheck check = cuttable();
    frames(check, start(null), token(ONE, 0, null), LOST_PRODUCER, end(null));
    frames(check, start(null), token(ONE, 0, null), token(ONE, 1, null), token(ONE, 2, null));
    frames(check, end(null));
    check.onCompleted();
    assertEquals(Map.of(DOUBLED, 1L), faults.counts());
  }

  @Test
  void onlyAPublisherThatIsCutMayBeLost() throws Exception {
    StreamCheck check = StreamCheck.ofPublished("stream", ONE, TOKENS, text, faults);
    frames(check, start(null), LOST_PRODUCER);
    assertEquals(Map.of(UNEXPECTED_EVENT, 1L), faults.counts());
  }

  @Test
  void whoIsStartedTwiceWithoutHavingBeenLostIsFound() throws Exception {
    frames(cuttable(), start(null), token(ONE, 0, null), start(null));
    assertEquals(Map.of(SECOND_START, 1L), faults.counts());
  }

  @Test
  void whatAGapTellsIsNotLost() throws Exception {
    StreamCheck check = forgiving();
    frames(check, start(null), token(ONE, 0, null));
    gap(check, 1);
    frames(check, token(ONE, 2, null), end(null));
    check.onCompleted();
    assertEquals(Map.of(), faults.counts());
    assertEquals(1, faults.told().gaps());
    assertEquals(1, faults.told().gapEvents());
    assertEquals(1, faults.told().lostInGaps());
  }

  @Test
  void aGapExcusesNoMoreThanItTells() throws Exception {
    StreamCheck check = forgiving();
    frames(check, start(null));
    gap(check, 1);
    frames(check, token(ONE, 2, null), end(null));
    check.onCompleted();
    assertEquals(Map.of(LOST, 1L), faults.counts());
  }

  @Test
  void aGapIsAFaultWhereNobodyIsSlow() throws Exception {
    StreamCheck check = StreamCheck.ofPublished("stream", ONE, TOKENS, text, faults);
    frames(check, start(null));
    gap(check, 1);
    assertTrue(faults.counts().containsKey(UNEXPECTED_EVENT));
  }

  private StreamCheck twoRuns() {
    return StreamCheck.of("stream", faults.told(), faults)
        .expecting("first", false, ONE, TOKENS, text)
        .expecting("second", false, OTHER, TOKENS, text);
  }

  private StreamCheck cuttable() {
    return StreamCheck.of("stream", faults.told(), faults).expecting(null, true, ONE, TOKENS, text);
  }

  private StreamCheck forgiving() {
    return StreamCheck.of("stream", faults.told(), faults)
        .expecting(null, false, ONE, TOKENS, text);
  }

  private static String start(@Nullable String run) {
    return "{\"event\":\"start\",\"data\":\"\"" + named(run) + "}";
  }

  private static String end(@Nullable String run) {
    return "{\"event\":\"end\",\"data\":\"[DONE]\"" + named(run) + "}";
  }

  private String token(int chat, int index, @Nullable String run) {
    ByteBuf json = Unpooled.buffer();
    text.writeJson(chat, index, json);
    String data = json.toString(UTF_8);
    json.release();
    return "{\"event\":\"token\",\"data\":\""
        + data
        + "\",\"type\":\"finalResponse\""
        + named(run)
        + "}";
  }

  private static String named(@Nullable String run) {
    return run == null ? "" : ",\"run\":\"" + run + "\"";
  }

  private void gap(StreamCheck check, int events) throws Exception {
    String from = "170-" + offset;
    offset += events;
    String data = "{\"from\":\"" + from + "\",\"to\":\"170-" + offset + "\",\"reason\":\"lapped\"}";
    frame(check, "{\"event\":\"gap\",\"data\":" + data + "}");
  }

  private void frames(StreamCheck check, String... events) throws Exception {
    for (String event : events) {
      offset++;
      frame(check, event);
    }
  }

  private void frame(StreamCheck check, String event) throws Exception {
    byte[] bytes = ("id:170-" + offset + "\nmessage:\ndata:" + event + "\n\n").getBytes(UTF_8);
    FrameReader reader =
        new FrameReader(
            new FrameReader.Sink() {
              @Override
              public void onFrame(Frame frame) {
                check.onFrame(frame, index -> {});
              }

              @Override
              public void onHeartbeat() {}

              @Override
              public void onFarewell(long retryMs) {}
            });
    ByteBuf in = Unpooled.wrappedBuffer(bytes);
    reader.feed(in, 0, bytes.length);
    in.release();
  }
}
