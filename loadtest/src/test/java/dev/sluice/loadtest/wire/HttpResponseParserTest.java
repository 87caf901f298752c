package dev.sluice.loadtest.wire;

import static java.nio.charset.StandardCharsets.ISO_8859_1;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;
import org.junit.jupiter.params.provider.ValueSource;

class HttpResponseParserTest {
  private static final String CHUNKED = "HTTP/1.1 200 OK\r\nTransfer-Encoding: chunked\r\n\r\n";

  @ParameterizedTest
  @CsvSource({
    "'5\\r\\nhello\\r\\n0\\r\\n\\r\\n',                       hello",
    "'00000005\\r\\nhello\\r\\n0\\r\\n\\r\\n',                hello",
    "'1\\r\\na\\r\\n1\\r\\nb\\r\\n0\\r\\n\\r\\n',             ab",
    "'B\\r\\n\\r\\n0\\r\\n\\r\\n....\\r\\n0\\r\\n\\r\\n',     '\\r\\n0\\r\\n\\r\\n....'",
    "'b\\r\\nhello world\\r\\n000\\r\\n\\r\\n',               hello world",
    "'2;ext=\"x\"\\r\\nhi\\r\\n0;last\\r\\n\\r\\n',           hi",
    "'2\\r\\nhi\\r\\n0\\r\\nTrailer: x\\r\\n\\r\\n',          hi",
    "'0\\r\\n\\r\\n',                                         ''",
  })
  void chunksAreReadHoweverTheyAreSplit(String body, String expected) throws Exception {
    byte[] bytes = (CHUNKED + unescape(body)).getBytes(ISO_8859_1);
    String wanted = "200 {transfer-encoding=chunked} " + unescape(expected) + " complete";
    for (int first = 0; first <= bytes.length; first++) {
      assertEquals(wanted, read(bytes, first, bytes.length - first), "split at " + first);
    }
    assertEquals(wanted, read(bytes, 1, 1));
    assertEquals(wanted, read(bytes, 3, 3));
  }

  @ParameterizedTest
  @CsvSource({
    "'HTTP/1.1 202 Accepted\\r\\nContent-Length: 2\\r\\n\\r\\n{}', '202 {content-length=2} {} complete'",
    "'HTTP/1.1 202 \\r\\nContent-Length: 0\\r\\n\\r\\n',           '202 {content-length=0}  complete'",
    "'HTTP/1.1 204 No Content\\r\\n\\r\\n',                        '204 {}  complete'",
    "'HTTP/1.1 200 OK\\r\\nA:1\\r\\na:  2 \\r\\n\\r\\nrest',       '200 {a=1, 2} rest'",
    "'HTTP/1.1 200 OK\\r\\nContent-Length: 5\\r\\n\\r\\nhel',      '200 {content-length=5} hel'",
  })
  void otherBodiesAreReadByTheirLength(String text, String expected) throws Exception {
    byte[] bytes = unescape(text).getBytes(ISO_8859_1);
    for (int first = 0; first <= bytes.length; first++) {
      assertEquals(expected, read(bytes, first, bytes.length - first));
    }
    assertEquals(expected, read(bytes, 1, 1));
  }

  @Test
  void aBodyDelimitedByCloseIsCompleteOnlyThen() throws Exception {
    Recording recording = new Recording();
    feed(recording.parser, "HTTP/1.1 200 OK\r\n\r\nabc");
    assertEquals("200 {} abc", recording.seen.toString());
    recording.parser.onClosed();
    assertEquals("200 {} abc complete", recording.seen.toString());
  }

  @Test
  void closingDoesNotCompleteChunks() throws Exception {
    Recording recording = new Recording();
    feed(recording.parser, CHUNKED + "3\r\nabc\r\n0\r\n");
    recording.parser.onClosed();
    assertEquals("200 {transfer-encoding=chunked} abc", recording.seen.toString());
  }

  @ParameterizedTest
  @ValueSource(
      strings = {
        "HTTP/1.0 200 OK\\r\\n\\r\\n",
        "HTTP/1.1 2x0 OK\\r\\n\\r\\n",
        "HTTP/1.1\\r\\n\\r\\n",
        "HTTP/1.1 200 OK\\n\\n",
        "HTTP/1.1 200 OK\\r\\nA: 1\\n\\r\\n",
        "HTTP/1.1 200 OK\\rA: 1\\r\\n\\r\\n",
        "HTTP/1.1 200 OK\\r\\nno colon\\r\\n\\r\\n",
        "HTTP/1.1 200 OK\\r\\na b: 1\\r\\n\\r\\n",
        "HTTP/1.1 200 OK\\r\\nContent-Length: -1\\r\\n\\r\\n",
        "HTTP/1.1 204 No Content\\r\\n\\r\\nx",
        CHUNKED + "\\r\\n",
        CHUNKED + "x\\r\\n",
        CHUNKED + "1\\na\\r\\n",
        CHUNKED + "1\\r\\r",
        CHUNKED + "1\\r\\nab\\r\\n",
        CHUNKED + "1\\r\\na\\n",
        CHUNKED + "1\\r\\na\\r\\r",
        CHUNKED + "ffffffffffffffffff\\r\\n",
        CHUNKED + "1;e\\na\\r\\n",
        CHUNKED + "0\\r\\n\\n",
        CHUNKED + "0\\r\\n\\r\\n0\\r\\n\\r\\n",
      })
  void whatHttpForbidsIsRejected(String text) {
    byte[] bytes = unescape(text).getBytes(ISO_8859_1);
    for (int step : new int[] {1, 7, bytes.length}) {
      MalformedWireException e =
          assertThrows(MalformedWireException.class, () -> read(bytes, step, step));
      assertEquals(MalformedWireException.Layer.HTTP, e.layer());
    }
  }

  @Test
  void anEndlessHeadIsRejected() {
    String text = "HTTP/1.1 200 OK\r\nA: " + "x".repeat(20_000);
    assertTrue(
        assertThrows(MalformedWireException.class, () -> feed(new Recording().parser, text))
            .toString()
            .contains("16384"));
  }

  private static String read(byte[] bytes, int first, int step) throws MalformedWireException {
    Recording recording = new Recording();
    int from = 0;
    int to = Math.min(first, bytes.length);
    while (true) {
      ByteBuf in = Unpooled.wrappedBuffer(bytes, from, to - from);
      try {
        recording.parser.feed(in);
      } finally {
        in.release();
      }
      if (to == bytes.length) {
        return recording.seen.toString();
      }
      from = to;
      to = Math.min(bytes.length, to + step);
    }
  }

  private static void feed(HttpResponseParser parser, String text) throws MalformedWireException {
    ByteBuf in = Unpooled.copiedBuffer(text, ISO_8859_1);
    try {
      parser.feed(in);
    } finally {
      in.release();
    }
  }

  private static String unescape(String text) {
    return text.replace("\\r", "\r").replace("\\n", "\n");
  }

  private static final class Recording implements HttpResponseParser.Sink {
    final StringBuilder seen = new StringBuilder();
    final HttpResponseParser parser = new HttpResponseParser(this);

    @Override
    public void onHead(ResponseHead head) {
      seen.append(head.status()).append(' ').append(head.headers()).append(' ');
    }

    @Override
    public void onBody(ByteBuf in, int index, int length) {
      seen.append(in.toString(index, length, ISO_8859_1));
    }

    @Override
    public void onComplete() {
      seen.append(" complete");
    }
  }
}
