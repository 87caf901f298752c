package dev.sluice;

import dev.sluice.frame.TokenType;
import dev.sluice.frame.Utf8Buffer;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.Reader;
import java.nio.charset.StandardCharsets;

/**
 * Reads text and hands it out as lines of events: whatever was there at one read is one token, and
 * {@code end} follows the last one. One thread.
 */
final class TextAsEvents extends InputStream {
  private static final int MAX_TOKEN_CHARS = 1024;

  private final Reader text;
  private final char[] chars = new char[MAX_TOKEN_CHARS];
  private final Utf8Buffer line = new Utf8Buffer(2048);
  private int position;
  private boolean ended;

  TextAsEvents(InputStream in) {
    text = new InputStreamReader(in, StandardCharsets.UTF_8);
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  @Override
  public int read(byte[] target, int from, int count) throws IOException {
    if (position == line.length() && !nextLine()) {
      return -1;
    }
    int taken = Math.min(count, line.length() - position);
    System.arraycopy(line.array(), position, target, from, taken);
    position += taken;
    return taken;
  }

  private boolean nextLine() throws IOException {
    if (ended) {
      return false;
    }
    position = 0;
    line.truncate(0);
    int count = text.read(chars);
    if (count < 0) {
      ended = true;
      line.putAscii("{\"event\":\"end\"}\n");
      return true;
    }
    line.putAscii("{\"event\":\"token\",\"data\":\"").putEscaped(chars, 0, count);
    line.putAscii("\",\"type\":\"").putAscii(TokenType.FINAL_RESPONSE.wireName());
    line.putAscii("\"}\n");
    return true;
  }
}
