package dev.sluice.chat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import org.jspecify.annotations.Nullable;

/**
 * The readers of one chat, one {@link Audience} per event loop. Any thread may wake them; an
 * audience is added and removed by its own loop.
 */
final class Audiences {
  private static final Audience[] NONE = {};

  private static final AtomicReferenceFieldUpdater<Audiences, Audience[]> AUDIENCES =
      AtomicReferenceFieldUpdater.newUpdater(Audiences.class, Audience[].class, "audiences");

  private volatile Audience[] audiences = NONE;
  private final AtomicInteger cursorCount = new AtomicInteger();

  int cursorCount() {
    return cursorCount.get();
  }

  void wake() {
    for (Audience audience : audiences) {
      audience.wake();
    }
  }

  Cursor add(
      Chat chat, @Nullable String run, StartAt.Place place, Wakeups wakeups, Cursor.Reader reader) {
    cursorCount.incrementAndGet();
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
    cursorCount.decrementAndGet();
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
