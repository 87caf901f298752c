package dev.sluice.loadtest.check;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.loadtest.wire.BodyReader;
import dev.sluice.loadtest.wire.ResponseHead;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import org.junit.jupiter.api.Test;

class SseJudgeTest {
  private static final int CHAT = 2;
  private static final int TOKENS = 3;

  private final FaultLog faults = new FaultLog();
  private final TokenText text = new TokenText("test");
  private final Heard heard = new Heard();

  @Test
  void textsInJsonAreFoundUnderTheirKey() throws Exception {
    SseJudge judge = published("choices.0.delta.content", true);
    BodyReader body = judge.newBody();
    feed(body, "data: {\"choices\":[{\"delta\":{\"role\":\"assistant\"}}]}\n\n");
    for (int index = 0; index < TOKENS; index++) {
      feed(
          body,
          "id: 9-"
              + index
              + "\ndata: {\"choices\":[{\"delta\":{\"content\":\""
              + json(index)
              + "\"}}]}\n\n");
    }
    feed(body, "data: [DONE]\n\n");
    judge.onCompleted();
    assertEquals(Map.of(), faults.counts());
    assertEquals(List.of(0, 1, 2), heard.tokens);
    assertEquals("9-2", judge.lastEventId());
  }

  @Test
  void aLostADoubleAndASwappedTokenAreFound() throws Exception {
    SseJudge judge = published("t", true);
    BodyReader body = judge.newBody();
    for (int index : new int[] {1, 0, 0}) {
      feed(body, "data:{\"t\":\"" + json(index) + "\"}\n\n");
    }
    assertFalse(judge.ended());
    judge.onCompleted();
    assertEquals(
        Map.of(FaultKind.REORDERED, 1L, FaultKind.DOUBLED, 1L, FaultKind.LOST, 1L),
        faults.counts());
  }

  @Test
  void theRigClosesWhatTheTargetWillNot() throws Exception {
    SseJudge judge = published("t", false);
    BodyReader body = judge.newBody();
    for (int index = 0; index < TOKENS; index++) {
      assertFalse(judge.toBeClosed());
      feed(body, "data:{\"t\":\"" + json(index) + "\"}\n\n");
    }
    assertTrue(judge.toBeClosed());
  }

  @Test
  void dataThatIsNoJsonIsAFault() throws Exception {
    SseJudge judge = published("t", true);
    feed(judge.newBody(), "data: {oops\n\n");
    assertEquals(Map.of(FaultKind.FRAME_FORM, 1L), faults.counts());
  }

  @Test
  void anotherTypeIsAFault() {
    SseJudge judge = published("t", true);
    assertTrue(judge.onHead(new ResponseHead(200, Map.of("content-type", "text/plain"))));
    assertFalse(judge.onHead(new ResponseHead(503, Map.of())));
    assertEquals(Map.of(FaultKind.HEAD_FORM, 1L, FaultKind.REFUSED, 1L), faults.counts());
  }

  @Test
  void anOwnAnswerHasAtLeastOneToken() throws Exception {
    SseJudge judge = SseJudge.ofOwn("stream 1", "t", faults, heard);
    feed(judge.newBody(), "data:{\"t\":\"hello\"}\n\ndata:[DONE]\n\n");
    judge.onCompleted();
    assertEquals(Map.of(), faults.counts());
    assertEquals(List.of(0), heard.tokens);
    SseJudge silent = SseJudge.ofOwn("stream 2", "t", faults, heard);
    feed(silent.newBody(), "data:[DONE]\n\n");
    silent.onCompleted();
    assertEquals(Map.of(FaultKind.LOST, 1L), faults.counts());
  }

  private SseJudge published(String key, boolean completes) {
    return SseJudge.ofPublished("stream 1", CHAT, TOKENS, text, key, completes, faults, heard);
  }

  private String json(int index) {
    ByteBuf out = Unpooled.buffer();
    text.writeJson(CHAT, index, out);
    return out.toString(UTF_8);
  }

  private static void feed(BodyReader body, String text) throws Exception {
    byte[] bytes = text.getBytes(UTF_8);
    body.feed(Unpooled.wrappedBuffer(bytes), 0, bytes.length);
  }

  private static final class Heard implements StreamJudge.Listener {
    final List<Integer> tokens = new ArrayList<>();

    @Override
    public void onToken(int index) {
      tokens.add(index);
    }

    @Override
    public void onFrame(int count) {}

    @Override
    public void onHeartbeat() {}
  }
}
