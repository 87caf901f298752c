package dev.sluice.upstream;

import dev.sluice.frame.Utf8Buffer;
import io.netty.buffer.ByteBuf;
import io.netty.util.ByteProcessor;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * Reads an event stream (WHATWG HTML, section "Server-sent events") as it arrives, cut anywhere.
 *
 * <p>An event is handed over as soon as its blank line has arrived; one that the stream's end cuts
 * off is not. Bytes that are not UTF-8 become U+FFFD.
 *
 * <p>Memory: the unfinished line and the data lines before it, together never more than {@code
 * maxEventBytes}. Past that the stream is refused: an event of which a part is missing is worth
 * nothing.
 *
 * <p>For one stream and one thread.
 */
public final class SseParser {
  /** Who gets the events. */
  @FunctionalInterface
  public interface Listener {
    /**
     * One event.
     *
     * @param type its type; {@code message} if the stream names none
     * @param data its data lines, joined with LF
     */
    void event(String type, String data);
  }

  private static final int FIRST_BYTES = 512;
  private static final int KEEP_BYTES = 16 * 1024;
  private static final byte[] DATA = "data".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] EVENT = "event".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] ID = "id".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] RETRY = "retry".getBytes(StandardCharsets.US_ASCII);
  private static final byte[] BYTE_ORDER_MARK = {(byte) 0xEF, (byte) 0xBB, (byte) 0xBF};
  private static final int MAX_RETRY_DIGITS = 15;

  private final int maxEventBytes;
  private final Listener listener;

  private byte[] line = new byte[FIRST_BYTES];
  private int lineBytes;
  private final Utf8Buffer data = new Utf8Buffer(FIRST_BYTES);
  private String type = "";
  private String nextEventId = "";
  private String lastEventId = "";
  private long retryMs = -1;
  private boolean asksToComeAgain;
  private boolean afterCr;
  private boolean firstLine = true;

  /**
   * @param maxEventBytes bound of one event, and of any line, in bytes
   */
  public SseParser(int maxEventBytes, Listener listener) {
    this.maxEventBytes = maxEventBytes;
    this.listener = listener;
  }

  /**
   * Reads all that is readable; the buffer stays the caller's.
   *
   * @return false if an event is larger than the bound: this parser must not be used any more
   */
  public boolean parse(ByteBuf in) {
    while (in.isReadable()) {
      int from = in.readerIndex();
      if (afterCr) {
        afterCr = false;
        if (in.getByte(from) == '\n') {
          in.skipBytes(1);
          continue;
        }
      }
      int lineEnd = in.forEachByte(from, in.readableBytes(), ByteProcessor.FIND_CRLF);
      int count = (lineEnd < 0 ? in.writerIndex() : lineEnd) - from;
      if ((long) data.length() + lineBytes + count > maxEventBytes) {
        return false;
      }
      append(in, count);
      if (lineEnd >= 0) {
        afterCr = in.readByte() == '\r';
        endLine();
      }
    }
    return true;
  }

  /**
   * As {@link #parse(ByteBuf)}, from an array; a program without channels needs no more of Netty.
   */
  public boolean parse(byte[] in, int from, int count) {
    int end = from + count;
    int at = from;
    while (at < end) {
      if (afterCr) {
        afterCr = false;
        if (in[at] == '\n') {
          at++;
          continue;
        }
      }
      int lineEnd = at;
      while (lineEnd < end && in[lineEnd] != '\n' && in[lineEnd] != '\r') {
        lineEnd++;
      }
      int length = lineEnd - at;
      if ((long) data.length() + lineBytes + length > maxEventBytes) {
        return false;
      }
      reserve(length);
      System.arraycopy(in, at, line, lineBytes, length);
      lineBytes += length;
      if (lineEnd < end) {
        afterCr = in[lineEnd] == '\r';
        endLine();
      }
      at = lineEnd + 1;
    }
    return true;
  }

  /** The id of the newest event that was complete; empty while there is none. */
  public String lastEventId() {
    return lastEventId;
  }

  /** The reconnection time that the stream asked for, in ms; -1 if it did not. */
  public long retryMs() {
    return retryMs;
  }

  /** True if a reconnection time was sent after the newest event: this is not the end of it all. */
  public boolean asksToComeAgain() {
    return asksToComeAgain;
  }

  private void append(ByteBuf in, int count) {
    reserve(count);
    in.readBytes(line, lineBytes, count);
    lineBytes += count;
  }

  private void reserve(int count) {
    if (line.length - lineBytes < count) {
      line = Arrays.copyOf(line, Math.max(line.length * 2, lineBytes + count));
    }
  }

  private void endLine() {
    int from = 0;
    if (firstLine) {
      firstLine = false;
      int mark = BYTE_ORDER_MARK.length;
      if (lineBytes >= mark && Arrays.equals(line, 0, mark, BYTE_ORDER_MARK, 0, mark)) {
        from = mark;
      }
    }
    int to = lineBytes;
    lineBytes = 0;
    if (from == to) {
      dispatch();
    } else {
      field(from, to);
    }
    if (line.length > KEEP_BYTES) {
      line = new byte[FIRST_BYTES];
    }
  }

  private void field(int from, int to) {
    int nameEnd = from;
    while (nameEnd < to && line[nameEnd] != ':') {
      nameEnd++;
    }
    int valueFrom = Math.min(nameEnd + 1, to);
    if (valueFrom < to && line[valueFrom] == ' ') {
      valueFrom++;
    }
    if (isName(DATA, from, nameEnd)) {
      data.put(line, valueFrom, to - valueFrom).put((byte) '\n');
    } else if (isName(EVENT, from, nameEnd)) {
      type = text(valueFrom, to);
    } else if (isName(ID, from, nameEnd)) {
      String id = text(valueFrom, to);
      if (id.indexOf('\0') < 0) {
        nextEventId = id;
      }
    } else if (isName(RETRY, from, nameEnd)) {
      String digits = text(valueFrom, to);
      if (!digits.isEmpty()
          && digits.length() <= MAX_RETRY_DIGITS
          && digits.chars().allMatch(c -> c >= '0' && c <= '9')) {
        retryMs = Long.parseLong(digits);
        asksToComeAgain = true;
      }
    }
    // A comment is a field without a name, and unknown fields are skipped like it.
  }

  private void dispatch() {
    lastEventId = nextEventId;
    asksToComeAgain = false;
    String eventType = type.isEmpty() ? "message" : type;
    type = "";
    if (data.isEmpty()) {
      return;
    }
    data.truncate(data.length() - 1);
    String text = data.toString();
    data.clear(KEEP_BYTES);
    listener.event(eventType, text);
  }

  private boolean isName(byte[] name, int from, int to) {
    return Arrays.equals(line, from, to, name, 0, name.length);
  }

  private String text(int from, int to) {
    return new String(line, from, to - from, StandardCharsets.UTF_8);
  }
}
