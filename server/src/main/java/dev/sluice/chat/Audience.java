package dev.sluice.chat;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jspecify.annotations.Nullable;

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
  // The newest one; the others follow it.
  private @Nullable Cursor first;
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
    return first == null;
  }

  boolean isAlone() {
    return first != null && first.next == null;
  }

  /** The offset that the slowest of those has passed whom publishers may have to wait for. */
  long slowest() {
    long slowest = Long.MAX_VALUE;
    for (Cursor cursor = first; cursor != null; cursor = cursor.next) {
      if (cursor.reader.isWaitedFor()) {
        slowest = Math.min(slowest, cursor.position());
      }
    }
    return slowest;
  }

  void add(Cursor cursor) {
    cursor.next = first;
    if (first != null) {
      first.previous = cursor;
    }
    first = cursor;
  }

  void remove(Cursor cursor) {
    Cursor before = cursor.previous;
    Cursor after = cursor.next;
    if (before != null) {
      before.next = after;
    } else {
      first = after;
    }
    if (after != null) {
      after.previous = before;
    }
    cursor.previous = null;
    cursor.next = null;
    wakeups.left(this, cursor, after);
  }

  /** Has the loop look at the log. Only the first of a burst does more than look at a field. */
  void wake() {
    if (!dirty && DIRTY.compareAndSet(this, false, true)) {
      markedNanos = wakeups.nowNanos();
      wakeups.add(this);
    }
  }

  /**
   * On the loop: tells every cursor that there may be more to read. When that was enough for one
   * turn of the loop, the rest is told in the next one, and then everybody once more, since those
   * who were told first do not know what has come meanwhile.
   */
  void deliver() {
    wakeups.delivering(markedNanos);
    dirty = false;
    Cursor rest = wakeups.takeRest(this);
    for (Cursor cursor = rest == null ? first : rest; cursor != null; cursor = wakeups.upcoming()) {
      wakeups.upcoming(cursor.next);
      cursor.readable();
      Cursor upcoming = wakeups.upcoming();
      if (upcoming != null && wakeups.isSpent()) {
        wakeups.upcoming(null);
        wakeups.leaveRest(this, upcoming);
        wake();
        return;
      }
    }
    if (rest != null) {
      wake();
    }
    PushBack pushBack = first == null ? null : first.chat().log().pushBack();
    if (pushBack != null) {
      pushBack.note(this);
    }
  }
}
