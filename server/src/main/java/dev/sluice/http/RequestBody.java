package dev.sluice.http;

import io.netty.buffer.ByteBuf;

/** Who takes the body of one request. On the event loop of its connection. */
interface RequestBody {
  /**
   * Takes a piece of the body; the caller keeps the buffer. If this {@linkplain #isHeld is held}
   * after that, it has read what it took and no further, and is given the rest again a little
   * later, be it empty.
   */
  void bytes(ByteBuf piece) throws ProblemException;

  /**
   * The body is complete: now the request is answered, at once or later. If this is held after that
   * it is called again, after {@link #bytes}.
   */
  void end() throws ProblemException;

  /** True while there is no room for what the body has brought. */
  default boolean isHeld() {
    return false;
  }

  /** The connection was lost, or fell silent, before the body was complete. */
  default void aborted() {}

  /** The request was refused before the body was complete; the client is told why. */
  default void refused() {}

  /**
   * The server goes before the body is complete; afterwards it is {@link #refused}.
   *
   * @return what the client is told
   */
  default ProblemException draining() {
    return Admission.draining();
  }

  /** The longest body that is taken, in bytes. */
  long maxBytes();

  /** True if the body may go on for hours, so that only silence counts against it. */
  default boolean isOpenEnded() {
    return false;
  }
}
