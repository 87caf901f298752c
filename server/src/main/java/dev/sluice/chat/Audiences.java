package dev.sluice.chat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.jspecify.annotations.Nullable;

/**
 * The readers of one chat, one {@link Audience} per event loop. Any thread may wake them; an
 * audience is added and removed by its own loop.
 */
final class Audiences {
  private static final Audience[] NONE = {};
  private static final int CLOSED = Integer.MIN_VALUE;

  private static final AtomicReferenceFieldUpdater<Audiences, Audience[]> AUDIENCES =
      AtomicReferenceFieldUpdater.newUpdater(Audiences.class, Audience[].class, "audiences");

  private static final AtomicIntegerFieldUpdater<Audiences> CURSOR_COUNT =
      AtomicIntegerFieldUpdater.newUpdater(Audiences.class, "cursorCount");

  private volatile Audience[] audiences = NONE;
  private volatile int cursorCount;

  int cursorCount() {
    return Math.max(0, cursorCount);
  }

  /** Keeps readers out from now on, unless there are some; false if there are. */
  boolean closeIfEmpty() {
    return CURSOR_COUNT.compareAndSet(this, 0, CLOSED);
  }

  void wake() {
    for (Audience audience : audiences) {
      audience.wake();
    }
  }

  /** Adds a reader; null if readers are kept out. */
  @Nullable Cursor add(
      Chat chat, @Nullable String run, StartAt.Place place, Wakeups wakeups, Cursor.Reader reader) {
    if (CURSOR_COUNT.getAndUpdate(this, count -> count < 0 ? count : count + 1) < 0) {
      return null;
    }
    Audience audience = find(wakeups);
    if (audience == null) {
      audience = new Audience(wakeups);
      Audience added = audience;
      AUDIENCES.updateAndGet(
          this,
          now -> {
            Audience[] next = Arrays.copyOf(now, now.length + 1);
            next[now.length] = added;
            return next;
          });
    }
    Cursor cursor = new Cursor(chat, run, place, audience, reader);
    audience.add(cursor);
    return cursor;
  }

  void remove(Cursor cursor, Audience audience) {
    audience.remove(cursor);
    if (audience.isEmpty()) {
      AUDIENCES.updateAndGet(
          this,
          now -> {
            List<Audience> rest = new ArrayList<>(Arrays.asList(now));
            rest.remove(audience);
            return rest.isEmpty() ? NONE : rest.toArray(Audience[]::new);
          });
    }
    CURSOR_COUNT.decrementAndGet(this);
  }

  private @Nullable Audience find(Wakeups wakeups) {
    for (Audience audience : audiences) {
      if (audience.wakeups() == wakeups) {
        return audience;
      }
    }
    return null;
  }
}
