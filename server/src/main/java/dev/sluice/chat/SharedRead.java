package dev.sluice.chat;

import dev.sluice.chat.Cursor.Status;
import dev.sluice.metrics.FrameTally;
import java.util.Objects;
import org.jspecify.annotations.Nullable;

/**
 * The newest read on one event loop, so that cursors at the same place need not make it again: on
 * fan-out one of them reads and encodes, the others share the bytes. Owned by the loop, which
 * forgets it before it is old.
 */
public final class SharedRead {
  final int maxFrameBytes;
  private @Nullable Chat chat;
  private @Nullable String run;
  private int dialect;
  private long from;
  long to;
  long heldThrough;
  long heldLast;
  int heldBytes;
  Status status = Status.AT_TAIL;
  final FrameTally tally = new FrameTally();

  /** One of readers that keep up. */
  public SharedRead() {
    this(Cursor.MAX_LATER_FRAME_BYTES);
  }

  private SharedRead(int maxFrameBytes) {
    this.maxFrameBytes = maxFrameBytes;
  }

  /** One of readers that have just come: its frames may be larger. */
  public static SharedRead ofJoins() {
    return new SharedRead(Cursor.MAX_FRAME_BYTES);
  }

  /** The frames of this read. */
  public FrameTally tally() {
    return tally;
  }

  /** True if the cursor is about to make this very read. */
  boolean isNextOf(Cursor cursor, int newDialect) {
    return chat == cursor.chat()
        && from == cursor.position()
        && dialect == newDialect
        && Objects.equals(run, cursor.run())
        // Another run may have begun after that end.
        && (status != Status.AT_END || cursor.chat().log().tail() == to)
        && cursor.gap() == null;
  }

  /** The cursor makes a read; one that tells of a gap is nobody else's. */
  void begin(Cursor cursor, int newDialect) {
    chat = cursor.gap() == null ? cursor.chat() : null;
    run = cursor.run();
    dialect = newDialect;
    from = cursor.position();
  }

  /** The cursor has made the read. */
  void end(Cursor cursor, Status newStatus, FrameTally newTally) {
    to = cursor.position();
    Ahead seen = cursor.seenAhead();
    heldThrough = seen == null ? 0 : seen.heldThrough;
    heldLast = seen == null ? 0 : seen.heldLast;
    heldBytes = seen == null ? 0 : seen.heldBytes;
    status = newStatus;
    tally.copy(newTally);
  }

  /** Nobody follows this read any more. */
  public void forget() {
    chat = null;
    run = null;
  }
}
