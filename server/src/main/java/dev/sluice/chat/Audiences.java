package dev.sluice.chat;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicIntegerFieldUpdater;
import java.util.concurrent.atomic.AtomicReferenceFieldUpdater;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * The readers of one chat, one {@link Audience} per event loop. Any thread may wake them; an
 * audience is added and removed by its own loop.
 */
final class Audiences {
  private static final int CLOSED = Integer.MIN_VALUE;

  private static final AtomicReferenceFieldUpdater<Audiences, Object> AUDIENCES =
      AtomicReferenceFieldUpdater.newUpdater(Audiences.class, Object.class, "audiences");

  private static final AtomicIntegerFieldUpdater<Audiences> CURSOR_COUNT =
      AtomicIntegerFieldUpdater.newUpdater(Audiences.class, "cursorCount");

  // Null, an Audience, or from two on an array of them: nearly every chat has its readers on one
  // loop.
  private volatile @Nullable Object audiences;
  private volatile int cursorCount;
  // Made with the first reader of one run alone: most chats never have one.
  private volatile @Nullable ConcurrentHashMap<String, Integer> readersOfOne;

  int cursorCount() {
    return Math.max(0, cursorCount);
  }

  /** Keeps readers out from now on, unless there are some; false if there are. */
  boolean closeIfEmpty() {
    return CURSOR_COUNT.compareAndSet(this, 0, CLOSED);
  }

  /** Readers of that run, be it of it alone or of all runs. Never too few. */
  int readersOf(String runId) {
    Map<String, Integer> singles = readersOfOne;
    if (singles == null) {
      return cursorCount();
    }
    int others = 0;
    for (Map.Entry<String, Integer> single : singles.entrySet()) {
      if (!single.getKey().equals(runId)) {
        others += single.getValue();
      }
    }
    return cursorCount() - others;
  }

  void wake() {
    Object now = audiences;
    if (now instanceof Audience only) {
      only.wake();
    } else if (now instanceof Audience[] several) {
      for (Audience audience : several) {
        audience.wake();
      }
    }
  }

  void forEach(Consumer<Audience> what) {
    for (Audience audience : array(audiences)) {
      what.accept(audience);
    }
  }

  /** True if it is so for the readers on one loop. */
  boolean isAny(Predicate<Audience> what) {
    for (Audience audience : array(audiences)) {
      if (what.test(audience)) {
        return true;
      }
    }
    return false;
  }

  /** Adds a reader; null if readers are kept out. */
  @Nullable Cursor add(
      Chat chat, @Nullable String run, StartAt.Place place, Wakeups wakeups, Cursor.Reader reader) {
    if (CURSOR_COUNT.getAndUpdate(this, count -> count < 0 ? count : count + 1) < 0) {
      return null;
    }
    // Counted after it was counted among all, and taken out before: see readersOf.
    if (run != null) {
      readersOfOne().merge(run, 1, Integer::sum);
    }
    Audience audience = find(wakeups);
    if (audience == null) {
      audience = new Audience(wakeups);
      Audience added = audience;
      AUDIENCES.updateAndGet(this, now -> with(now, added));
    }
    Cursor cursor = new Cursor(chat, run, place, audience, reader);
    audience.add(cursor);
    PushBack pushBack = chat.log().pushBack();
    if (pushBack != null) {
      pushBack.joined(audience, cursor);
    }
    return cursor;
  }

  void remove(Cursor cursor, Audience audience) {
    audience.remove(cursor);
    if (audience.isEmpty()) {
      AUDIENCES.updateAndGet(this, now -> without(now, audience));
      PushBack pushBack = cursor.chat().log().pushBack();
      if (pushBack != null) {
        pushBack.note(audience);
      }
    }
    String run = cursor.run();
    if (run != null) {
      readersOfOne().computeIfPresent(run, (id, count) -> count == 1 ? null : count - 1);
    }
    CURSOR_COUNT.decrementAndGet(this);
  }

  private ConcurrentHashMap<String, Integer> readersOfOne() {
    ConcurrentHashMap<String, Integer> known = readersOfOne;
    if (known == null) {
      synchronized (this) {
        known = readersOfOne;
        if (known == null) {
          known = new ConcurrentHashMap<>(2);
          readersOfOne = known;
        }
      }
    }
    return known;
  }

  private @Nullable Audience find(Wakeups wakeups) {
    for (Audience audience : array(audiences)) {
      if (audience.wakeups() == wakeups) {
        return audience;
      }
    }
    return null;
  }

  private static Object with(@Nullable Object now, Audience added) {
    Audience[] before = array(now);
    if (before.length == 0) {
      return added;
    }
    Audience[] next = Arrays.copyOf(before, before.length + 1);
    next[before.length] = added;
    return next;
  }

  private static @Nullable Object without(@Nullable Object now, Audience removed) {
    List<Audience> rest = new ArrayList<>(Arrays.asList(array(now)));
    rest.remove(removed);
    return switch (rest.size()) {
      case 0 -> null;
      case 1 -> rest.get(0);
      default -> rest.toArray(Audience[]::new);
    };
  }

  private static Audience[] array(@Nullable Object now) {
    if (now instanceof Audience[] several) {
      return several;
    }
    return now instanceof Audience only ? new Audience[] {only} : new Audience[0];
  }
}
