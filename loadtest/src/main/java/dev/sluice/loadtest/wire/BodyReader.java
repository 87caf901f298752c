package dev.sluice.loadtest.wire;

import io.netty.buffer.ByteBuf;

/** Reads the body of a stream, in whatever pieces it arrives. */
public interface BodyReader {

  /** Reads {@code count} bytes of {@code in} from {@code index}; keeps nothing of the buffer. */
  void feed(ByteBuf in, int index, int count) throws MalformedWireException;

  /** How many bytes of an unfinished item are held. */
  int pendingBytes();
}
