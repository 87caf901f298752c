package dev.sluice.loadtest.wire;

import java.nio.charset.StandardCharsets;

/** Walks over bytes that must have one exact form, and says where they do not. */
final class StrictCursor {
  private static final int SHOWN_BYTES = 80;

  private final byte[] bytes;
  private final int start;
  private final int end;
  private int at;

  StrictCursor(byte[] bytes, int start, int end) {
    this.bytes = bytes;
    this.start = start;
    this.end = end;
    this.at = start;
  }

  int at() {
    return at;
  }

  void moveTo(int index) {
    at = index;
  }

  boolean atEnd() {
    return at == end;
  }

  /** Steps over {@code ascii} if it stands here. */
  boolean accept(String ascii) {
    int length = ascii.length();
    if (length > end - at) {
      return false;
    }
    for (int i = 0; i < length; i++) {
      if (bytes[at + i] != ascii.charAt(i)) {
        return false;
      }
    }
    at += length;
    return true;
  }

  void expect(String ascii) throws MalformedWireException {
    if (!accept(ascii)) {
      throw malformed("expected '" + ascii + "'");
    }
  }

  /** Reads 1 to 18 decimal digits, the most that always fit a long. */
  long digits() throws MalformedWireException {
    long value = 0;
    int from = at;
    while (at < end && bytes[at] >= '0' && bytes[at] <= '9') {
      value = value * 10 + (bytes[at++] - '0');
      if (at - from > 18) {
        throw malformed("number too long");
      }
    }
    if (at == from) {
      throw malformed("expected a number");
    }
    return value;
  }

  /** The index of the next {@code wanted} from here. */
  int indexOf(char wanted) throws MalformedWireException {
    for (int i = at; i < end; i++) {
      if (bytes[i] == wanted) {
        return i;
      }
    }
    throw malformed("no '" + wanted + "' follows");
  }

  MalformedWireException malformed(String what) {
    int shown = Math.min(end - start, SHOWN_BYTES);
    String excerpt =
        new String(bytes, start, shown, StandardCharsets.UTF_8)
            .replace("\n", "\\n")
            .replace("\r", "\\r");
    return new MalformedWireException(
        MalformedWireException.Layer.FRAME,
        what + " at byte " + (at - start) + " of: " + excerpt + (end - start > shown ? "…" : ""));
  }
}
