package dev.sluice.loadtest.wire;

import io.netty.buffer.ByteBuf;

/**
 * Reads one HTTP/1.1 response, in whatever pieces it arrives.
 *
 * <p>Lines end in CRLF and in nothing else. Bytes after the end of the response are malformed: the
 * rig never sends a second request on a connection, so nothing may follow. A head is at most 16
 * KiB, a chunk at most 1 GiB.
 */
public final class HttpResponseParser {
  private static final int MAX_HEAD_BYTES = 16 * 1024;
  private static final long MAX_CHUNK_BYTES = 1L << 30;

  /** Takes the parts of the response, in order. */
  public interface Sink {
    /** The head is complete. */
    void onHead(ResponseHead head) throws MalformedWireException;

    /**
     * The next {@code length} bytes of the body stand in {@code in} at {@code index}; valid during
     * the call.
     */
    void onBody(ByteBuf in, int index, int length) throws MalformedWireException;

    /** The body is complete: its terminating chunk or its announced length has come. */
    void onComplete();
  }

  private enum State {
    HEAD,
    LENGTH_BODY,
    CLOSE_BODY,
    CHUNK_SIZE_FIRST,
    CHUNK_SIZE,
    CHUNK_EXTENSION,
    CHUNK_SIZE_LF,
    CHUNK_DATA,
    CHUNK_DATA_CR,
    CHUNK_DATA_LF,
    TRAILER,
    COMPLETE
  }

  private final Sink sink;
  private final StringBuilder lines = new StringBuilder();
  private State state = State.HEAD;
  private long remainingBytes;

  /** A parser at the first byte of a response. */
  public HttpResponseParser(Sink sink) {
    this.sink = sink;
  }

  /** Whether the whole response has been read. */
  public boolean isComplete() {
    return state == State.COMPLETE;
  }

  /** Reads all readable bytes of {@code in}; does not release it. */
  public void feed(ByteBuf in) throws MalformedWireException {
    while (in.isReadable()) {
      switch (state) {
        case LENGTH_BODY, CHUNK_DATA -> feedCounted(in);
        case CLOSE_BODY -> pass(in, in.readableBytes());
        case COMPLETE ->
            throw malformed(in.readableBytes() + " bytes after the end of the response");
        default -> feedByte(in.readByte());
      }
    }
  }

  /** The peer closed: completes a response whose body is delimited by just that. */
  public void onClosed() {
    if (state == State.CLOSE_BODY) {
      complete();
    }
  }

  private void feedCounted(ByteBuf in) throws MalformedWireException {
    int length = (int) Math.min(remainingBytes, in.readableBytes());
    remainingBytes -= length;
    pass(in, length);
    if (remainingBytes == 0) {
      if (state == State.CHUNK_DATA) {
        state = State.CHUNK_DATA_CR;
      } else {
        complete();
      }
    }
  }

  private void pass(ByteBuf in, int length) throws MalformedWireException {
    int index = in.readerIndex();
    in.skipBytes(length);
    sink.onBody(in, index, length);
  }

  private void feedByte(byte b) throws MalformedWireException {
    switch (state) {
      case HEAD -> {
        appendLineByte(b);
        if (endsWithEmptyLine()) {
          onHead();
        }
      }
      case CHUNK_SIZE_FIRST, CHUNK_SIZE, CHUNK_EXTENSION -> feedChunkSize(b);
      case CHUNK_SIZE_LF -> {
        expect(b, '\n', "chunk size");
        state = remainingBytes == 0 ? State.TRAILER : State.CHUNK_DATA;
      }
      case CHUNK_DATA_CR -> {
        expect(b, '\r', "chunk data");
        state = State.CHUNK_DATA_LF;
      }
      case CHUNK_DATA_LF -> {
        expect(b, '\n', "chunk data");
        state = State.CHUNK_SIZE_FIRST;
      }
      case TRAILER -> {
        appendLineByte(b);
        if ((lines.length() == 2 && b == '\n') || endsWithEmptyLine()) {
          complete();
        }
      }
      default -> throw new AssertionError(state);
    }
  }

  private void feedChunkSize(byte b) throws MalformedWireException {
    int digit = Character.digit(b, 16);
    if (state != State.CHUNK_EXTENSION && digit >= 0) {
      remainingBytes = state == State.CHUNK_SIZE_FIRST ? digit : remainingBytes * 16 + digit;
      if (remainingBytes > MAX_CHUNK_BYTES) {
        throw malformed("chunk of more than " + MAX_CHUNK_BYTES + " bytes");
      }
      state = State.CHUNK_SIZE;
    } else if (state == State.CHUNK_SIZE_FIRST) {
      throw malformed("chunk size begins with byte " + b);
    } else if (b == '\r') {
      state = State.CHUNK_SIZE_LF;
    } else if (b == '\n' || (state == State.CHUNK_SIZE && b != ';')) {
      throw malformed("chunk size followed by byte " + b);
    } else {
      state = State.CHUNK_EXTENSION;
    }
  }

  private void onHead() throws MalformedWireException {
    ResponseHead head = ResponseHead.parse(lines.toString());
    lines.setLength(0);
    lines.trimToSize();
    String length = head.header("content-length");
    if ("chunked".equalsIgnoreCase(head.header("transfer-encoding"))) {
      state = State.CHUNK_SIZE_FIRST;
    } else if (length != null) {
      remainingBytes = parseLength(length);
      state = State.LENGTH_BODY;
    } else {
      state = State.CLOSE_BODY;
    }
    sink.onHead(head);
    boolean bodiless = head.status() == 204 || head.status() == 304;
    if (bodiless || (state == State.LENGTH_BODY && remainingBytes == 0)) {
      complete();
    }
  }

  private static long parseLength(String length) throws MalformedWireException {
    try {
      return Long.parseUnsignedLong(length);
    } catch (NumberFormatException e) {
      throw malformed("content-length: " + length);
    }
  }

  private void complete() {
    state = State.COMPLETE;
    sink.onComplete();
  }

  private void appendLineByte(byte b) throws MalformedWireException {
    boolean afterCr = lines.length() > 0 && lines.charAt(lines.length() - 1) == '\r';
    if (afterCr != (b == '\n')) {
      throw malformed(afterCr ? "CR without LF in the head" : "LF without CR in the head");
    }
    if (lines.length() == MAX_HEAD_BYTES) {
      throw malformed("head of more than " + MAX_HEAD_BYTES + " bytes");
    }
    lines.append((char) (b & 0xff));
  }

  private boolean endsWithEmptyLine() {
    int n = lines.length();
    return n >= 4 && lines.charAt(n - 1) == '\n' && lines.charAt(n - 3) == '\n';
  }

  private static void expect(byte actual, char expected, String after)
      throws MalformedWireException {
    if (actual != expected) {
      throw malformed(after + " followed by byte " + actual + " instead of " + (int) expected);
    }
  }

  private static MalformedWireException malformed(String message) {
    return new MalformedWireException(MalformedWireException.Layer.HTTP, message);
  }
}
