package dev.sluice.loadtest.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class FrameReaderTest {
  private static final String START =
      """
      id:1700-1
      retry:3000
      message:
      data:{"event":"start","data":""}

      """;
  private static final String TOKEN =
      """
      id:1700-2
      message:
      data:{"event":"token","data":" Hel\\n\\"é😀","type":"finalResponse"}

      """;
  private static final String END =
      """
      id:1700-3
      message:
      data:{"event":"end","data":"[DONE]"}

      """;
  private static final String GAP =
      """
      id:1700-9
      message:
      data:{"event":"gap","data":{"from":1,"reason":"\\"x"}}

      """;

  @Test
  void aBodyReadsTheSameHoweverItIsSplit() throws Exception {
    byte[] body =
        (START + ":hb\n" + TOKEN + GAP + ":hb\n:hb\n" + END + "retry:12\n").getBytes(UTF_8);
    List<String> expected =
        List.of(
            "1700-1 retry 3000 START start null ",
            "heartbeat",
            "1700-2 retry -1 TOKEN token finalResponse  Hel\n\"é😀",
            "1700-9 retry -1 OTHER gap null "
                + "{\"event\":\"gap\",\"data\":{\"from\":1,\"reason\":\"\\\"x\"}}",
            "heartbeat",
            "heartbeat",
            "1700-3 retry -1 END end null [DONE]",
            "farewell 12");
    for (int first = 0; first <= body.length; first++) {
      assertEquals(expected, read(body, first, body.length), "split at " + first);
    }
    for (int step = 1; step < 20; step++) {
      assertEquals(expected, read(body, step, step), "pieces of " + step);
    }
  }

  @Test
  void aFrameIsHandedOverWhenItsEmptyLineHasCome() throws Exception {
    byte[] body = TOKEN.getBytes(UTF_8);
    assertEquals(List.of(), read(body, body.length - 1, 0));
    assertEquals(1, read(body, body.length, 0).size());
  }

  @Test
  void aFrameMayBeLarge() throws Exception {
    String text = "x".repeat(1_000_000);
    byte[] body = TOKEN.replace(" Hel", text).getBytes(UTF_8);
    assertEquals(
        "1700-2 retry -1 TOKEN token finalResponse " + text + "\n\"é😀",
        read(body, 65_536, 65_536).get(0));
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        // Not the frame that the contract shows, though some of it would do as SSE.
        "message:\ndata:{\"event\":\"end\",\"data\":\"[DONE]\"}\n\n",
        "id: 1-1\nmessage:\ndata:{\"event\":\"end\",\"data\":\"[DONE]\"}\n\n",
        "id:1\nmessage:\ndata:{\"event\":\"end\",\"data\":\"[DONE]\"}\n\n",
        "id:1-x\nmessage:\ndata:{\"event\":\"end\",\"data\":\"[DONE]\"}\n\n",
        "id:1-1234567890123456789\nmessage:\ndata:{\"event\":\"end\",\"data\":\"[DONE]\"}\n\n",
        "id:1-1\ndata:{\"event\":\"end\",\"data\":\"[DONE]\"}\n\n",
        "id:1-1\nmessage: \ndata:{\"event\":\"end\",\"data\":\"[DONE]\"}\n\n",
        "id:1-1\nmessage:\nretry:1\ndata:{\"event\":\"end\",\"data\":\"[DONE]\"}\n\n",
        "id:1-1\nmessage:\ndata: {\"event\":\"end\",\"data\":\"[DONE]\"}\n\n",
        "id:1-1\nmessage:\ndata:{\"data\":\"[DONE]\",\"event\":\"end\"}\n\n",
        "id:1-1\nmessage:\ndata:{\"event\":\"end\", \"data\":\"[DONE]\"}\n\n",
        "id:1-1\nmessage:\ndata:{\"event\":\"end\",\"data\":[]}\n\n",
        "id:1-1\nmessage:\ndata:{\"event\":\"token\",\"data\":\"a\",\"type\":\"x\",\"k\":1}\n\n",
        "id:1-1\nmessage:\ndata:{\"event\":\"token\",\"data\":\"a\",\"type\":\"x\"} \n\n",
        "id:1-1\nmessage:\ndata:{\"event\":\"token\",\"data\":\"a\"\n\n",
        "id:1-1\nmessage:\ndata:{\"event\":\"token\",\"data\":\"a}\n\n",
        "id:1-1\nmessage:\ndata:{\"event\":\"token\",\"data\":\"\\x\"}\n\n",
        "id:1-1\nmessage:\ndata:{\"event\":\"token\",\"data\":\"\\ud83d\"}\n\n",
        "id:1-1\nmessage:\ndata:{\"event\":\"token\",\"data\":\"\t\"}\n\n",
        "id:1-1\nmessage:\ndata:{\"event\":\"token\",\n\n",
        "id:1-1\nmessage:\ndata:{\"event\":\"gap\",\"data\":{}\ndata:}\n\n",
        "id:1-1\nmessage:\ndata:{\"event\":\"end\",\"data\":\"[DONE]\"}\nid:2\n\n",
        "id:1-1\nmessage:\ndata:[DONE]\n\n",
        // CR, in every place where a server might put one.
        "id:1-1\r\nmessage:\r\ndata:{\"event\":\"end\",\"data\":\"[DONE]\"}\r\n\r\n",
        "id:1-1\nmessage:\ndata:{\"event\":\"end\",\"data\":\"[DONE]\"}\r\n\n",
        "id:1-1\rmessage:\rdata:{\"event\":\"end\",\"data\":\"[DONE]\"}\r\r",
        ":hb\r\n",
        // Between frames.
        ":hb\n\n",
        ":hb \n",
        ":\n",
        "\n",
        "retry:\n",
        "retry:1 \n",
        "event:x\n\n",
      })
  void whatTheContractDoesNotWriteIsRejected(String body) {
    byte[] bytes = body.getBytes(UTF_8);
    for (int step : new int[] {1, 5, bytes.length}) {
      MalformedWireException e =
          assertThrows(MalformedWireException.class, () -> read(bytes, step, step));
      assertEquals(MalformedWireException.Layer.FRAME, e.layer());
    }
  }

  /** Feeds {@code first} bytes, then pieces of {@code step}; nothing more if that is 0. */
  private static List<String> read(byte[] body, int first, int step) throws MalformedWireException {
    List<String> seen = new ArrayList<>();
    FrameReader reader = new FrameReader(new Recording(seen));
    ByteBuf in = Unpooled.wrappedBuffer(body);
    int from = 0;
    int to = Math.min(first, body.length);
    reader.feed(in, from, to);
    while (step > 0 && to < body.length) {
      from = to;
      to = Math.min(body.length, to + step);
      reader.feed(in, from, to - from);
    }
    return seen;
  }

  private record Recording(List<String> seen) implements FrameReader.Sink {
    @Override
    public void onFrame(Frame frame) {
      String id = frame.epoch() + "-" + frame.offset() + " retry " + frame.retryMs();
      String event = " " + frame.kind() + " " + frame.event() + " " + frame.type() + " ";
      seen.add(id + event + frame.text());
    }

    @Override
    public void onHeartbeat() {
      seen.add("heartbeat");
    }

    @Override
    public void onFarewell(long retryMs) {
      seen.add("farewell " + retryMs);
    }
  }
}
