package dev.sluice.http;

import io.netty.buffer.ByteBuf;

/** Who takes the body of one request. On the event loop of its connection. */
interface RequestBody {
  /** Takes a piece of the body; the caller keeps the buffer. */
  void bytes(ByteBuf piece) throws ProblemException;

  /** The body is complete: now the request is answered, at once or later. */
  void end() throws ProblemException;

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
