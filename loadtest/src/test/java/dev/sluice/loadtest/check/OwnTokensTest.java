package dev.sluice.loadtest.check;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import dev.sluice.loadtest.wire.Frame;
import dev.sluice.loadtest.wire.FrameReader;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

/** An answer that the target made: its text is not known, its form is. */
class OwnTokensTest {
  private static final String START = "\"start\",\"data\":\"\"";
  private static final String HELLO = "\"token\",\"data\":\"hello\",\"type\":\"finalResponse\"";
  private static final String METADATA = "\"metadata\",\"data\":{\"chatId\":\"c\"}";
  private static final String END = "\"end\",\"data\":\"[DONE]\"";

  private final FaultLog faults = new FaultLog();
  private final StreamCheck check = StreamCheck.ofOwn("stream 0", faults);
  private final List<Integer> arrivals = new ArrayList<>();

  @Test
  void anAnswerWithMergedTokensIsFine() throws Exception {
    frame(1, START).frame(2, HELLO).frame(9, HELLO).frame(10, METADATA).frame(11, END);
    check.onCompleted();
    assertEquals(Map.of(), faults.counts());
    assertEquals(List.of(0, 1), arrivals);
  }

  @Test
  void idsThatRepeatOrSkipAreFound() throws Exception {
    frame(1, START).frame(2, HELLO).frame(2, HELLO).frame(3, METADATA).frame(4, END);
    check.onCompleted();
    assertEquals(Map.of(FaultKind.ID_NOT_INCREASING, 1L), faults.counts(), "2 was followed by 2");
    frame(9, END);
    assertEquals(1L, faults.counts().get(FaultKind.AFTER_END));
  }

  @Test
  void anEventOtherThanATokenCountsOne() throws Exception {
    frame(1, START).frame(2, HELLO).frame(4, METADATA).frame(5, END);
    assertEquals(Map.of(FaultKind.ID_NOT_DENSE, 1L), faults.counts());
  }

  @Test
  void anErrorASecondStartAndAMissingEndAreFound() throws Exception {
    frame(1, START).frame(2, START).frame(3, "\"error\",\"data\":\"no model\"");
    check.onCompleted();
    assertEquals(
        Map.of(
            FaultKind.SECOND_START, 1L,
            FaultKind.UNEXPECTED_EVENT, 1L,
            FaultKind.MISSING_END, 1L,
            FaultKind.LOST, 1L),
        faults.counts());
  }

  private OwnTokensTest frame(long offset, String event) throws Exception {
    byte[] bytes =
        ("id:170-" + offset + "\nmessage:\ndata:{\"event\":" + event + "}\n\n").getBytes(UTF_8);
    FrameReader reader =
        new FrameReader(
            new FrameReader.Sink() {
              @Override
              public void onFrame(Frame frame) {
                check.onFrame(frame, arrivals::add);
              }

              @Override
              public void onHeartbeat() {}

              @Override
              public void onFarewell(long retryMs) {}
            });
    reader.feed(Unpooled.wrappedBuffer(bytes), 0, bytes.length);
    return this;
  }
}
