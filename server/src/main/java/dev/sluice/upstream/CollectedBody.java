package dev.sluice.upstream;

import dev.sluice.frame.Utf8Buffer;
import io.netty.buffer.ByteBuf;

/** The first bytes of a response body that is read as a whole, up to a bound. One thread. */
final class CollectedBody {
  private final int maxBytes;
  private final Utf8Buffer bytes = new Utf8Buffer(1024);
  private boolean cut;

  CollectedBody(int maxBytes) {
    this.maxBytes = maxBytes;
  }

  /**
   * Takes what fits; the buffer stays the caller's.
   *
   * @return false if the body is larger than the bound
   */
  boolean add(ByteBuf content) {
    int count = Math.min(content.readableBytes(), maxBytes - bytes.length());
    cut |= count < content.readableBytes();
    byte[] piece = new byte[count];
    content.readBytes(piece);
    bytes.put(piece);
    return !cut;
  }

  String text() {
    return bytes.toString();
  }
}
