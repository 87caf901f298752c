package dev.sluice.chat;

import org.jspecify.annotations.Nullable;

/**
 * What a cursor has to tell before it goes on, and what it has looked at beyond its position, so
 * that it is not looked at again with each new event. A cursor makes one when there first is such a
 * thing. Belongs to the cursor's event loop.
 */
final class Ahead {
  /** Events that are missing before the position, until that was told. */
  StartAt.@Nullable Gap gap;

  /** Blank tokens right after the position were held back up to this offset; the last of them. */
  long heldThrough;

  long heldLast;
  int heldBytes;

  void hold(long through, long last, int bytes) {
    heldThrough = through;
    heldLast = last;
    heldBytes = bytes;
  }
}
