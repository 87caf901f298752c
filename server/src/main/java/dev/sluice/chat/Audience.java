package dev.sluice.chat;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Arrays;
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
  private @Nullable Cursor[] cursors = new Cursor[1];
  private int size;
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
    return size == 0;
  }

  boolean isAlone() {
    return size == 1;
  }

  void add(Cursor cursor) {
    if (size == cursors.length) {
      cursors = Arrays.copyOf(cursors, 2 * size);
    }
    cursor.slot(size);
    cursors[size++] = cursor;
  }

  void remove(Cursor cursor) {
    Cursor last = cursors[--size];
    cursors[size] = null;
    if (last != null && last != cursor) {
      cursors[cursor.slot()] = last;
      last.slot(cursor.slot());
    }
    // One that was large once does not stay so.
    if (size > 0 && size <= cursors.length / 4) {
      cursors = Arrays.copyOf(cursors, 2 * size);
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
    for (int i = size - 1; i >= 0; i--) {
      Cursor cursor = i < size ? cursors[i] : null;
      if (cursor != null) {
        cursor.readable();
      }
    }
  }
}
