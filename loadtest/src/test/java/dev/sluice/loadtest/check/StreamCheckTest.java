package dev.sluice.loadtest.check;

import static dev.sluice.loadtest.check.FaultKind.AFTER_END;
import static dev.sluice.loadtest.check.FaultKind.ALTERED;
import static dev.sluice.loadtest.check.FaultKind.DOUBLED;
import static dev.sluice.loadtest.check.FaultKind.EPOCH_CHANGED;
import static dev.sluice.loadtest.check.FaultKind.FRAME_FORM;
import static dev.sluice.loadtest.check.FaultKind.ID_NOT_DENSE;
import static dev.sluice.loadtest.check.FaultKind.ID_NOT_INCREASING;
import static dev.sluice.loadtest.check.FaultKind.LOST;
import static dev.sluice.loadtest.check.FaultKind.MISSING_END;
import static dev.sluice.loadtest.check.FaultKind.NOT_COMPLETED;
import static dev.sluice.loadtest.check.FaultKind.REORDERED;
import static dev.sluice.loadtest.check.FaultKind.SECOND_START;
import static dev.sluice.loadtest.check.FaultKind.START_NOT_FIRST;
import static dev.sluice.loadtest.check.FaultKind.TRUNCATED_BODY;
import static dev.sluice.loadtest.check.FaultKind.UNEXPECTED_EVENT;
import static dev.sluice.loadtest.check.FaultKind.WRONG_STREAM;
import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sluice.loadtest.wire.Frame;
import dev.sluice.loadtest.wire.FrameReader;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/**
 * Each test is a stream of five tokens, number 3 of the run, as the bytes that a server would send.
 */
class StreamCheckTest {
  private static final int STREAM = 3;
  private static final int TOKENS = 5;

  private final TokenText text = new TokenText("test");
  private final FaultLog faults = new FaultLog();
  private final StreamCheck check =
      StreamCheck.ofPublished("stream 3", STREAM, TOKENS, text, faults);
  private final List<Integer> arrivals = new ArrayList<>();
  private long offset;
  private int tokensSeen;

  @Test
  void anHonestStreamHasNoFault() throws Exception {
    start().tokens(0).tokens(1).tokens(2).tokens(3).tokens(4).end();
    check.onCompleted();
    faultsAre(Map.of());
    assertEquals(List.of(0, 1, 2, 3, 4), arrivals);
  }

  @Test
  void tokensMayBeMergedInAnyWay() throws Exception {
    start().tokens(0, 1, 2).tokens(3, 4).end();
    check.onCompleted();
    faultsAre(Map.of());
    assertEquals(List.of(0, 1, 2, 3, 4), arrivals);
    assertEquals(5, tokensSeen);
  }

  @Test
  void aLostTokenIsFound() throws Exception {
    start().tokens(0, 1).tokens(3, 4).end();
    faultsAre(Map.of());
    check.onCompleted();
    faultsAre(Map.of(LOST, 1L));
    assertEquals("stream 3: token 2", faults.examples(LOST).get(0));
  }

  @Test
  void tokensLostAtTheEndAreFound() throws Exception {
    start().tokens(0, 1).end();
    check.onCompleted();
    faultsAre(Map.of(LOST, 3L));
  }

  @Test
  void aDoubledTokenIsFoundAndNotMeasuredAgain() throws Exception {
    start().tokens(0, 1).tokens(1).tokens(2, 3, 4).end();
    check.onCompleted();
    faultsAre(Map.of(DOUBLED, 1L));
    assertEquals(List.of(0, 1, 2, 3, 4), arrivals);
  }

  @Test
  void aFrameSentTwiceIsFoundByItsIdToo() throws Exception {
    start().tokens(0);
    offset--;
    tokens(0).tokens(1, 2, 3, 4).end();
    check.onCompleted();
    faultsAre(Map.of(DOUBLED, 1L, ID_NOT_INCREASING, 1L));
  }

  @Test
  void swappedTokensAreFoundWithinAFrameAndAcross() throws Exception {
    start().tokens(1, 0).tokens(2).tokens(4).tokens(3).end();
    check.onCompleted();
    faultsAre(Map.of(REORDERED, 2L));
    assertEquals(List.of(1, 0, 2, 4, 3), arrivals);
  }

  @Test
  void aTokenOfAnotherStreamIsFound() throws Exception {
    start().tokens(0, 1).raw(tokenJson(8, 2)).tokens(2, 3, 4).end();
    check.onCompleted();
    faultsAre(Map.of(WRONG_STREAM, 1L));
  }

  @Test
  void anAlteredTokenIsFoundOnce() throws Exception {
    start().tokens(0, 1).raw(tokenJson(STREAM, 2) + " ").tokens(3, 4).end();
    check.onCompleted();
    faultsAre(Map.of(ALTERED, 1L));
  }

  @Test
  void trimmedAndForeignTextIsFound() throws Exception {
    start().raw("  " + tokenJson(STREAM, 0)).raw("<3.1").tokens(1, 2, 3, 4).end();
    check.onCompleted();
    faultsAre(Map.of(ALTERED, 2L));
  }

  @Test
  void aTokenBeyondTheLastIsFound() throws Exception {
    start().tokens(0, 1, 2, 3, 4).raw(tokenJson(STREAM, 5)).end();
    check.onCompleted();
    faultsAre(Map.of(ALTERED, 1L));
  }

  @Test
  void aSecondStartIsFound() throws Exception {
    start().tokens(0, 1).start().tokens(2, 3, 4).end();
    check.onCompleted();
    faultsAre(Map.of(SECOND_START, 1L));
  }

  @Test
  void aMissingStartIsFoundOnce() throws Exception {
    tokens(0, 1).tokens(2, 3, 4).end();
    check.onCompleted();
    faultsAre(Map.of(START_NOT_FIRST, 1L));
  }

  @Test
  void aLateStartIsASecondFault() throws Exception {
    tokens(0).start().tokens(1, 2, 3, 4).end();
    check.onCompleted();
    faultsAre(Map.of(START_NOT_FIRST, 1L, SECOND_START, 1L));
  }

  @Test
  void aMissingEndIsFound() throws Exception {
    start().tokens(0, 1, 2, 3, 4);
    check.onCompleted();
    faultsAre(Map.of(MISSING_END, 1L));
  }

  @Test
  void whatComesAfterEndIsFound() throws Exception {
    start().tokens(0, 1, 2, 3).end().tokens(4).end();
    check.onCompleted();
    faultsAre(Map.of(AFTER_END, 2L));
  }

  @Test
  void aTruncatedBodyIsFoundEvenAfterEnd() throws Exception {
    start().tokens(0, 1, 2, 3, 4).end();
    check.onTruncated();
    faultsAre(Map.of(TRUNCATED_BODY, 1L));
  }

  @Test
  void aBodyThatStaysOpenIsFoundAndNothingIsCalledLostYet() throws Exception {
    start().tokens(0, 1);
    check.onNotCompleted();
    faultsAre(Map.of(NOT_COMPLETED, 1L));
    assertEquals("stream 3: open after 2 of 5 tokens", faults.examples(NOT_COMPLETED).get(0));
  }

  @Test
  void anEmptyBodyIsFound() {
    check.onCompleted();
    faultsAre(Map.of(MISSING_END, 1L, LOST, 5L));
  }

  @Test
  void eventsThatNobodyPublishedAreFound() throws Exception {
    start().tokens(0, 1, 2, 3, 4).frame("{\"event\":\"abort\",\"data\":\"[DONE]\"}").end();
    check.onCompleted();
    faultsAre(Map.of(UNEXPECTED_EVENT, 1L));
  }

  @Test
  void anotherEpochIsFound() throws Exception {
    start().tokens(0, 1, 2);
    feed("id:8-3\nmessage:\ndata:" + tokenData(tokenJson(STREAM, 3)) + "\n\n");
    check.onNotCompleted();
    faultsAre(Map.of(EPOCH_CHANGED, 1L, NOT_COMPLETED, 1L));
  }

  @Test
  void offsetsThatDoNotCountTheEventsAreFound() throws Exception {
    start().tokens(0, 1);
    offset++;
    tokens(2, 3, 4).end();
    check.onCompleted();
    faultsAre(Map.of(ID_NOT_DENSE, 1L));
  }

  @Test
  void otherFormsOfTheKnownEventsAreFound() throws Exception {
    frame("{\"event\":\"start\",\"data\":\"hello\"}");
    tokens(0, 1, 2, 3);
    frame("{\"event\":\"token\",\"data\":\"" + tokenJson(STREAM, 4) + "\",\"type\":\"other\"}");
    frame("{\"event\":\"token\",\"data\":\"\",\"type\":\"finalResponse\"}");
    frame("{\"event\":\"end\",\"data\":\"[DONE]\",\"type\":\"finalResponse\"}");
    check.onCompleted();
    faultsAre(Map.of(FRAME_FORM, 4L));
  }

  @Test
  void retryStandsInTheFirstFrameOnly() throws Exception {
    feed("id:7-1\nretry:2500\nmessage:\ndata:{\"event\":\"start\",\"data\":\"\"}\n\n");
    feed("id:7-2\nretry:2500\nmessage:\ndata:" + tokenData(tokenJson(STREAM, 0)) + "\n\n");
    check.onNotCompleted();
    faultsAre(Map.of(FRAME_FORM, 1L, NOT_COMPLETED, 1L));
  }

  private StreamCheckTest start() throws Exception {
    return frame("{\"event\":\"start\",\"data\":\"\"}");
  }

  private StreamCheckTest end() throws Exception {
    return frame("{\"event\":\"end\",\"data\":\"[DONE]\"}");
  }

  /** One frame with these tokens merged. */
  private StreamCheckTest tokens(int... indexes) throws Exception {
    StringBuilder json = new StringBuilder();
    for (int index : indexes) {
      json.append(tokenJson(STREAM, index));
    }
    offset += indexes.length - 1;
    return raw(json.toString());
  }

  private StreamCheckTest raw(String textJson) throws Exception {
    return frame(tokenData(textJson));
  }

  private StreamCheckTest frame(String dataJson) throws Exception {
    offset++;
    return feed("id:7-" + offset + "\nmessage:\ndata:" + dataJson + "\n\n");
  }

  private static String tokenData(String textJson) {
    return "{\"event\":\"token\",\"data\":\"" + textJson + "\",\"type\":\"finalResponse\"}";
  }

  private String tokenJson(int stream, int index) {
    ByteBuf out = Unpooled.buffer();
    try {
      text.writeJson(stream, index, out);
      return out.toString(UTF_8);
    } finally {
      out.release();
    }
  }

  private StreamCheckTest feed(String body) throws Exception {
    FrameReader reader =
        new FrameReader(
            new FrameReader.Sink() {
              @Override
              public void onFrame(Frame frame) {
                tokensSeen += check.onFrame(frame, arrivals::add);
              }

              @Override
              public void onHeartbeat() {
                throw new AssertionError();
              }

              @Override
              public void onFarewell(long retryMs) {
                throw new AssertionError();
              }
            });
    ByteBuf in = Unpooled.copiedBuffer(body, UTF_8);
    try {
      reader.feed(in, 0, in.readableBytes());
    } finally {
      in.release();
    }
    return this;
  }

  private void faultsAre(Map<FaultKind, Long> expected) {
    assertEquals(expected, faults.counts());
  }
}
