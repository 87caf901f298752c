package dev.sluice.loadtest.wire;

import io.netty.buffer.ByteBuf;
import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/**
 * Reads any stream of Server-Sent Events, as section 9.2 of the WHATWG HTML specification says:
 * lines end in LF, CRLF or CR, fields that are not known are ignored, an event without data is not
 * dispatched. An event may have at most 64 MiB.
 */
public final class SseReader implements BodyReader {
  private static final int MAX_EVENT_BYTES = 64 << 20;
  private static final int FIRST_BYTES = 256;

  /** Takes what stands in the body, in order. */
  public interface Sink {
    /**
     * An event.
     *
     * @param lastEventId the id of the stream so far, or null if there was none
     * @param bytes hold the data from {@code from} to {@code to}, as UTF-8; valid during the call
     */
    void onEvent(@Nullable String lastEventId, byte[] bytes, int from, int to);

    /** A comment. */
    void onComment();
  }

  private final Sink sink;
  private byte[] line = new byte[FIRST_BYTES];
  private int lineLength;
  private byte[] data = new byte[FIRST_BYTES];
  private int dataLength;
  private boolean hasData;
  private boolean afterCr;
  private boolean first = true;
  private @Nullable String lastEventId;

  /** A reader at the first byte of a body. */
  public SseReader(Sink sink) {
    this.sink = sink;
  }

  @Override
  public int pendingBytes() {
    return lineLength + dataLength;
  }

  @Override
  public void feed(ByteBuf in, int index, int count) throws MalformedWireException {
    for (int i = index; i < index + count; i++) {
      byte b = in.getByte(i);
      if (b == '\n' && afterCr) {
        afterCr = false;
      } else if (b == '\n' || b == '\r') {
        afterCr = b == '\r';
        onLine();
        lineLength = 0;
      } else {
        afterCr = false;
        line = withRoom(line, lineLength, 1);
        line[lineLength++] = b;
      }
    }
  }

  private void onLine() throws MalformedWireException {
    int from = 0;
    if (first) {
      first = false;
      boolean mark =
          lineLength >= 3
              && line[0] == (byte) 0xef
              && line[1] == (byte) 0xbb
              && line[2] == (byte) 0xbf;
      from = mark ? 3 : 0;
    }
    if (from == lineLength) {
      dispatch();
      return;
    }
    if (line[from] == ':') {
      sink.onComment();
      return;
    }
    int colon = from;
    while (colon < lineLength && line[colon] != ':') {
      colon++;
    }
    int value = Math.min(colon + 1, lineLength);
    if (value < lineLength && line[value] == ' ') {
      value++;
    }
    if (named("data", from, colon)) {
      addData(value);
    } else if (named("id", from, colon)) {
      String id = new String(line, value, lineLength - value, StandardCharsets.UTF_8);
      lastEventId = id.indexOf('\0') >= 0 ? lastEventId : id;
    }
  }

  private void addData(int value) throws MalformedWireException {
    int length = lineLength - value;
    data = withRoom(data, dataLength, length + 1);
    if (hasData) {
      data[dataLength++] = '\n';
    }
    hasData = true;
    System.arraycopy(line, value, data, dataLength, length);
    dataLength += length;
  }

  private void dispatch() {
    if (hasData) {
      sink.onEvent(lastEventId, data, 0, dataLength);
    }
    hasData = false;
    dataLength = 0;
  }

  private boolean named(String name, int from, int to) {
    if (to - from != name.length()) {
      return false;
    }
    for (int i = 0; i < name.length(); i++) {
      if (line[from + i] != name.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  private static byte[] withRoom(byte[] bytes, int length, int more) throws MalformedWireException {
    if (length + more <= bytes.length) {
      return bytes;
    }
    if (length + more > MAX_EVENT_BYTES) {
      throw new MalformedWireException(
          MalformedWireException.Layer.FRAME, "event of more than " + MAX_EVENT_BYTES + " bytes");
    }
    return Arrays.copyOf(bytes, Integer.highestOneBit(length + more) << 1);
  }
}
