package dev.sluice.chat;

import dev.sluice.chat.Cursor.Status;
import dev.sluice.metrics.FrameTally;
import org.jspecify.annotations.Nullable;

/**
 * The newest read on one event loop, so that cursors at the same place need not make it again: on
 * fan-out one of them reads and encodes, the others share the bytes. Owned by the loop, which
 * forgets it after each burst.
 */
public final class SharedRead {
  @Nullable Chat chat;
  @Nullable String run;
  int dialect;
  long from;
  long to;
  long heldThrough;
  long heldLast;
  int heldBytes;
  Status status = Status.AT_TAIL;
  final FrameTally tally = new FrameTally();

  /** The frames of this read. */
  public FrameTally tally() {
    return tally;
  }

  /** Nobody follows this read any more. */
  public void forget() {
    chat = null;
    run = null;
  }
}
