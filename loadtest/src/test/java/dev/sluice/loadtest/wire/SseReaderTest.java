package dev.sluice.loadtest.wire;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** The examples of the WHATWG specification and what has broken readers, in pieces of any size. */
class SseReaderTest {
  static Stream<Arguments> streams() {
    return Stream.of(
        Arguments.of("data: YHOO\ndata: +2\ndata: 10\n\n", List.of("null|YHOO\n+2\n10")),
        Arguments.of(
            ": test stream\n\ndata: first event\nid: 1\n\ndata:second event\nid\n\ndata:  third event\n\n",
            List.of(":", "1|first event", "|second event", "| third event")),
        Arguments.of("data\n\ndata\ndata\n\ndata:", List.of("null|", "null|\n")),
        Arguments.of("data:test\n\ndata: test\n\n", List.of("null|test", "null|test")),
        Arguments.of(
            "\ufeffdata:x\r\rdata:y\r\n\r\n:hb\rid:7\n\n", List.of("null|x", "null|y", ":")),
        Arguments.of("event: z\nretry:5\nmessage:\ndata:{\"a\":1}\n\n", List.of("null|{\"a\":1}")),
        Arguments.of(
            "id:a\u0000b\ndata:1\n\nid:\u4f60\ndata:\ud83d\ude80\n\n",
            List.of("null|1", "\u4f60|\ud83d\ude80")));
  }

  @ParameterizedTest
  @MethodSource("streams")
  void anyPiecesGiveTheSameEvents(String stream, List<String> expected) throws Exception {
    byte[] bytes = stream.getBytes(UTF_8);
    for (int size = 1; size <= bytes.length; size++) {
      List<String> seen = new ArrayList<>();
      SseReader reader = new SseReader(new Kept(seen));
      ByteBuf all = Unpooled.wrappedBuffer(bytes);
      for (int at = 0; at < bytes.length; at += size) {
        reader.feed(all, at, Math.min(size, bytes.length - at));
      }
      assertEquals(expected, seen, "in pieces of " + size);
    }
  }

  private record Kept(List<String> seen) implements SseReader.Sink {
    @Override
    public void onEvent(@Nullable String lastEventId, byte[] bytes, int from, int to) {
      seen.add(lastEventId + "|" + new String(bytes, from, to - from, UTF_8));
    }

    @Override
    public void onComment() {
      seen.add(":");
    }
  }
}
