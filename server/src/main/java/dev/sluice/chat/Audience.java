package dev.sluice.chat;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.ArrayList;

/**
 * The cursors of one chat on one event loop. Members change on that loop only; any thread may
 * {@link #wake}.
 */
final class Audience {
  private static final VarHandle DIRTY;

  static {
    try {
      DIRTY = MethodHandles.lookup().findVarHandle(Audience.class, "dirty", boolean.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final Wakeups wakeups;
  private final ArrayList<Cursor> cursors = new ArrayList<>(1);
  private volatile boolean dirty;
  // Written by who sets the mark, before it hands this over to the loop.
  private long markedNanos;

  Audience(Wakeups wakeups) {
    this.wakeups = wakeups;
  }

  Wakeups wakeups() {
    return wakeups;
  }

  boolean isEmpty() {
    return cursors.isEmpty();
  }

  boolean isAlone() {
    return cursors.size() == 1;
  }

  void add(Cursor cursor) {
    cursor.slot(cursors.size());
    cursors.add(cursor);
  }

  void remove(Cursor cursor) {
    Cursor last = cursors.remove(cursors.size() - 1);
    if (last != cursor) {
      cursors.set(cursor.slot(), last);
      last.slot(cursor.slot());
    }
  }

  /** Has the loop look at the log. Only the first of a burst does more than look at a field. */
  void wake() {
    if (!dirty && DIRTY.compareAndSet(this, false, true)) {
      markedNanos = wakeups.nowNanos();
      wakeups.add(this);
    }
  }

  /** On the loop: tells every cursor that there may be more to read. */
  void deliver() {
    wakeups.delivering(markedNanos);
    dirty = false;
    // Backwards, because a reader may leave meanwhile: the last one then takes its slot.
    for (int i = cursors.size() - 1; i >= 0; i--) {
      if (i < cursors.size()) {
        cursors.get(i).readable();
      }
    }
  }
}
