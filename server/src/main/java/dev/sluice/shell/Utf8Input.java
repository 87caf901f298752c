package dev.sluice.shell;

import java.io.IOException;
import java.io.InputStream;
import java.nio.ByteBuffer;
import java.nio.CharBuffer;
import java.nio.charset.CharsetDecoder;
import java.nio.charset.CoderResult;
import java.nio.charset.StandardCharsets;

/**
 * Text out of bytes, as they arrive. What is not UTF-8 becomes U+FFFD, and is counted. One thread.
 */
final class Utf8Input {
  private final InputStream in;
  private final CharsetDecoder decoder = StandardCharsets.UTF_8.newDecoder();
  private final ByteBuffer bytes;
  private boolean ended;
  private long replacedCount;

  /**
   * @param capacity how many bytes are read at once, at most
   */
  Utf8Input(InputStream in, int capacity) {
    this.in = in;
    bytes = ByteBuffer.allocate(Math.max(4, capacity)).limit(0);
  }

  /** How many pieces were not UTF-8 so far. */
  long replacedCount() {
    return replacedCount;
  }

  /**
   * Waits for some text and appends it, never half a surrogate pair; false at the end.
   *
   * @param out with room for as many characters as bytes are read at once
   */
  boolean read(CharBuffer out) throws IOException {
    int before = out.position();
    while (out.position() == before) {
      if (ended) {
        return false;
      }
      bytes.compact();
      int count = in.read(bytes.array(), bytes.position(), bytes.remaining());
      ended = count < 0;
      bytes.position(bytes.position() + Math.max(0, count)).flip();
      decode(out);
    }
    return true;
  }

  private void decode(CharBuffer out) {
    while (true) {
      CoderResult result = decoder.decode(bytes, out, ended);
      if (!result.isError()) {
        return;
      }
      bytes.position(bytes.position() + result.length());
      out.put('\uFFFD');
      replacedCount++;
    }
  }
}
