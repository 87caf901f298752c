package dev.sluice.loadtest.wire;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;

/**
 * Cuts the body of a stream into frames, heartbeats and farewells ({@code retry:} alone on its
 * line).
 *
 * <p>A frame is handed over when its empty line has come, never earlier. It may be at most 64 MiB.
 */
public final class FrameReader implements BodyReader {
  private static final int MAX_FRAME_BYTES = 64 << 20;
  private static final int FIRST_BYTES = 256;

  /** Takes what stands in the body, in order. */
  public interface Sink {
    /** A whole frame; valid during the call. */
    void onFrame(Frame frame);

    /** A heartbeat between two frames. */
    void onHeartbeat();

    /** The server says when to come back; it is about to close. */
    void onFarewell(long retryMs);
  }

  private final Sink sink;
  private byte[] bytes = new byte[FIRST_BYTES];
  private int length;

  /** Up to here the first, still open item has been searched for its end. */
  private int searched;

  /** A reader at the first byte of a body. */
  public FrameReader(Sink sink) {
    this.sink = sink;
  }

  @Override
  public int pendingBytes() {
    return length;
  }

  @Override
  public void feed(ByteBuf in, int index, int count) throws MalformedWireException {
    if (length + count > bytes.length) {
      if (length + count > MAX_FRAME_BYTES) {
        throw malformed("frame of more than " + MAX_FRAME_BYTES + " bytes");
      }
      bytes = Arrays.copyOf(bytes, Integer.highestOneBit(length + count) << 1);
    }
    in.getBytes(index, bytes, length, count);
    length += count;

    int at = 0;
    while (at < length) {
      int end = bytes[at] == 'i' ? frameEnd(Math.max(at, searched)) : lineEnd(at);
      if (end < 0) {
        break;
      }
      item(at, end);
      at = end;
      searched = end;
    }
    System.arraycopy(bytes, at, bytes, 0, length - at);
    length -= at;
    searched = length;
  }

  private void item(int from, int to) throws MalformedWireException {
    if (bytes[from] == 'i') {
      sink.onFrame(Frame.parse(bytes, from, to));
      return;
    }
    StrictCursor line = new StrictCursor(bytes, from, to);
    if (line.accept(":hb\n")) {
      sink.onHeartbeat();
      return;
    }
    line.expect("retry:");
    long retryMs = line.digits();
    line.expect("\n");
    sink.onFarewell(retryMs);
  }

  /** The end of the frame that is open at {@code from}, or -1 if it has not come yet. */
  private int frameEnd(int from) throws MalformedWireException {
    for (int i = Math.max(from, 1); i < length; i++) {
      if (bytes[i] == '\n' && bytes[i - 1] == '\n') {
        return i + 1;
      }
      if (bytes[i] == '\r') {
        throw malformed("CR in a frame");
      }
    }
    return -1;
  }

  private int lineEnd(int from) throws MalformedWireException {
    if (bytes[from] != ':' && bytes[from] != 'r') {
      throw malformed("byte " + bytes[from] + " where a frame should begin");
    }
    for (int i = from; i < length; i++) {
      if (bytes[i] == '\n') {
        return i + 1;
      }
    }
    return -1;
  }

  private static MalformedWireException malformed(String message) {
    return new MalformedWireException(MalformedWireException.Layer.FRAME, message);
  }
}
