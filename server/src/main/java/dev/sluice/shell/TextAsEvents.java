package dev.sluice.shell;

import dev.sluice.frame.TokenType;
import dev.sluice.frame.Utf8Buffer;
import java.io.IOException;
import java.io.InputStream;
import java.io.InterruptedIOException;
import java.nio.CharBuffer;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * Reads text and hands it out as lines of events: whatever was there at one read is one token, or
 * is cut into tokens as a model would make them. Before the first one comes {@code start}, after
 * the last one {@code end}. One thread.
 */
final class TextAsEvents extends InputStream {
  /**
   * How the events are to look.
   *
   * @param run the run that they name; null for none
   * @param keepOpen leave {@code end} out
   * @param split cut the text into tokens
   * @param tokensPerSecond how fast those come, at most; 0 for as fast as the text is there
   */
  record Style(
      TokenType type,
      @Nullable String run,
      boolean keepOpen,
      boolean split,
      double tokensPerSecond) {
    static final Style PLAIN = new Style(TokenType.FINAL_RESPONSE, null, false, false, 0);
  }

  private static final int MAX_TOKEN_CHARS = 1024;
  private static final double NANOS_PER_SECOND = TimeUnit.SECONDS.toNanos(1);

  private final Style style;
  private final Utf8Input text;
  private final CharBuffer chars = CharBuffer.allocate(MAX_TOKEN_CHARS);
  private final Utf8Buffer lines = new Utf8Buffer(2048);
  private @Nullable TokenSplitter paced;
  private long nextNanos;
  private int position;
  private boolean begun;
  private boolean ended;

  TextAsEvents(InputStream in, Style style) {
    this.style = style;
    text = new Utf8Input(in, MAX_TOKEN_CHARS);
  }

  /** How many pieces of the text were not UTF-8, and are U+FFFD now. */
  long replacedCount() {
    return text.replacedCount();
  }

  @Override
  public int read() throws IOException {
    byte[] one = new byte[1];
    return read(one, 0, 1) < 0 ? -1 : one[0] & 0xFF;
  }

  /** Hands out no more than is there; waits only if that is nothing. */
  @Override
  public int read(byte[] target, int from, int count) throws IOException {
    if (position == lines.length() && !nextLines()) {
      return -1;
    }
    int taken = Math.min(count, lines.length() - position);
    System.arraycopy(lines.array(), position, target, from, taken);
    position += taken;
    return taken;
  }

  private boolean nextLines() throws IOException {
    position = 0;
    lines.truncate(0);
    if (paced != null && putPaced(paced)) {
      return true;
    }
    paced = null;
    if (ended) {
      return false;
    }
    chars.clear();
    if (!text.read(chars)) {
      ended = true;
      if (!style.keepOpen() && begun) {
        putEvent("end");
      }
      return !lines.isEmpty();
    }
    if (!begun) {
      begun = true;
      putEvent("start");
    }
    putText(chars.flip());
    return true;
  }

  private void putText(CharBuffer read) throws IOException {
    if (!style.split()) {
      putToken(read);
      return;
    }
    TokenSplitter splitter = new TokenSplitter(read.toString());
    if (style.tokensPerSecond() > 0) {
      paced = splitter;
      putPaced(splitter);
      return;
    }
    for (String token = splitter.next(); !token.isEmpty(); token = splitter.next()) {
      putToken(token);
    }
  }

  private boolean putPaced(TokenSplitter splitter) throws IOException {
    String token = splitter.next();
    if (token.isEmpty()) {
      return false;
    }
    long nowNanos = System.nanoTime();
    if (nextNanos == 0 || nextNanos - nowNanos < 0) {
      // What the text was late is not made up for by a burst.
      nextNanos = nowNanos;
    }
    try {
      TimeUnit.NANOSECONDS.sleep(nextNanos - nowNanos);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new InterruptedIOException("interrupted");
    }
    nextNanos += (long) (NANOS_PER_SECOND / style.tokensPerSecond());
    putToken(token);
    return true;
  }

  private void putToken(CharSequence token) {
    lines.putAscii("{\"event\":\"token\",\"data\":").putQuoted(token);
    lines.putAscii(",\"type\":\"").putAscii(style.type().wireName()).put((byte) '"');
    putRunAndClose();
  }

  private void putEvent(String name) {
    lines.putAscii("{\"event\":\"").putAscii(name).put((byte) '"');
    putRunAndClose();
  }

  private void putRunAndClose() {
    if (style.run() != null) {
      lines.putAscii(",\"run\":").putQuoted(style.run());
    }
    lines.putAscii("}\n");
  }
}
