package dev.sluice.chat;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicBoolean;

/**
 * Makes the publishers of one chat wait while its log is full and a connected reader still needs
 * the oldest of it. A chat has one from its first run on that wants that ({@link OnLag#PUSH_BACK}).
 *
 * <p>Where readers are is known to their loops alone, so that reading costs nothing more than
 * elsewhere: after each delivery a loop notes how far the slowest of its readers has come, and does
 * so again when it is asked, which is what a publisher does that is refused. What was not noted yet
 * counts as needed: nothing is shed before every loop has said that it may be. A refused publisher
 * comes again by itself; nobody is told.
 *
 * <p>Only readers count that have a deadline of their own ({@link Cursor.Reader#isWaitedFor}).
 */
final class PushBack {
  /** How far the readers on one loop have come. */
  private static final class Noted {
    /** The last offset that none of them needs any more. */
    volatile long through;

    final AtomicBoolean asked = new AtomicBoolean();
  }

  private static final long ALL = Long.MAX_VALUE;

  private final Log log;
  private final Runs runs;
  private final Audiences audiences;
  // Written by the audiences' loops.
  private final Map<Audience, Noted> notes = new ConcurrentHashMap<>();
  // Written inside the combiner.
  private volatile long protectedThrough;
  private volatile long heldThrough;

  PushBack(Log log, Runs runs, Audiences audiences) {
    this.log = log;
    this.runs = runs;
    this.audiences = audiences;
  }

  /**
   * A run has been opened, or has ended. What one that pushes back has published stays protected
   * after its end. Inside the combiner.
   */
  void runsChanged() {
    if (runs.arePushingBack()) {
      protectedThrough = ALL;
    } else if (protectedThrough == ALL) {
      protectedThrough = log.tail();
    }
  }

  /** True if that event is kept for who is connected and has not got it. Any thread. */
  boolean isProtected(long offset) {
    return offset <= protectedThrough;
  }

  /** True if those events, up to {@code through}, may not be shed. Inside the combiner. */
  boolean isNeeded(long first, long through) {
    long last = Math.min(through, protectedThrough);
    return first <= last && audiences.isAny(audience -> needs(audience, last));
  }

  /**
   * True if publishers have to wait now; sheds what is not needed any more. Inside the combiner.
   */
  boolean holds() {
    long through = 0;
    if (log.isOverfull()) {
      log.shed();
      if (log.isOverfull()) {
        through = log.oldestThrough();
        ask();
      }
    }
    boolean wasHeld = heldThrough > 0;
    if (through != heldThrough) {
      heldThrough = through;
    }
    if (through > 0 && !wasHeld) {
      // Some hold back white space, which they now do no longer.
      audiences.wake();
    }
    return through > 0;
  }

  /** True if {@link #holds} is worth asking. Any thread. */
  boolean mayHold() {
    return heldThrough > 0 || log.isOverfull();
  }

  /** Which offset publishers wait for, as {@link #holds} said last; 0 if none. Any thread. */
  long heldThrough() {
    return heldThrough;
  }

  /** A reader has been added. On its loop. */
  void joined(Audience audience, Cursor cursor) {
    Noted noted = notes.get(audience);
    if (noted == null) {
      note(audience);
    } else if (cursor.reader.isWaitedFor() && cursor.position() < noted.through) {
      noted.through = cursor.position();
    }
  }

  /** Notes how far the readers have come. On their loop. */
  void note(Audience audience) {
    if (audience.isEmpty()) {
      notes.remove(audience);
    } else {
      noted(audience).through = audience.slowest();
    }
  }

  private boolean needs(Audience audience, long through) {
    Noted noted = notes.get(audience);
    return noted == null || noted.through < through;
  }

  /** Has the loops look how far their readers have come. Any thread. */
  void ask() {
    audiences.forEach(
        audience -> {
          Noted noted = noted(audience);
          if (noted.asked.compareAndSet(false, true)) {
            audience.wakeups().execute(() -> answer(audience, noted));
          }
        });
  }

  private void answer(Audience audience, Noted noted) {
    noted.asked.set(false);
    note(audience);
  }

  private Noted noted(Audience audience) {
    return notes.computeIfAbsent(audience, each -> new Noted());
  }
}
