package dev.sluice.chat;

import dev.sluice.metrics.FrameTally;
import java.util.IdentityHashMap;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.atomic.AtomicBoolean;
import java.util.function.LongSupplier;
import org.jctools.queues.MpscUnboundedArrayQueue;
import org.jspecify.annotations.Nullable;

/**
 * What one event loop has to look at: the audiences whose logs have grown. One task per burst of
 * appends, however many chats it touched.
 */
public final class Wakeups {
  private static final int CHUNK_SIZE = 1024;
  private static final int SMALLEST_CHUNK_SIZE = 2;

  /**
   * What readers may be given in one turn of the loop, before those of one chat wait for the next.
   */
  static final int MAX_TURN_BYTES = 256 * 1024;

  /** What a write costs beside its bytes: a system call takes as long as copying so many. */
  private static final int WRITE_BYTES = 1024;

  private final Executor loop;
  private final Runnable afterBurst;
  private final @Nullable Executor afterTurn;
  private final Runnable delivery = this::run;
  private final Runnable turnEnd = this::turnEnds;
  private final LongSupplier nanoClock;
  private final FrameTally tally = new FrameTally();
  private final MpscUnboundedArrayQueue<Audience> dirty;
  private final AtomicBoolean scheduled = new AtomicBoolean();
  private boolean delivering;
  private @Nullable Cursor upcoming;
  // Of audiences that were told in part: who is next. Not in each audience, most have none.
  private final IdentityHashMap<Audience, Cursor> rests = new IdentityHashMap<>();
  private boolean delivered;
  private boolean waiting;
  private long spentBytes;
  private long markedNanos;

  /**
   * @param loop the event loop
   * @param afterBurst called on the loop when all readers of a burst have been told
   */
  public Wakeups(Executor loop, Runnable afterBurst) {
    this(loop, afterBurst, System::nanoTime);
  }

  /**
   * @param nanoClock the loop's time, which any thread may ask for
   */
  public Wakeups(Executor loop, Runnable afterBurst, LongSupplier nanoClock) {
    this(loop, afterBurst, nanoClock, null);
  }

  /**
   * As above, with one burst in each turn of the loop at most: a loop that runs its tasks until
   * none is left would else not get to its sockets while there is much to deliver.
   *
   * @param afterTurn runs tasks when all that are waiting now have run, before the loop looks at
   *     its sockets
   */
  public Wakeups(
      Executor loop, Runnable afterBurst, LongSupplier nanoClock, @Nullable Executor afterTurn) {
    this(loop, afterBurst, nanoClock, afterTurn, CHUNK_SIZE);
  }

  private Wakeups(
      Executor loop,
      Runnable afterBurst,
      LongSupplier nanoClock,
      @Nullable Executor afterTurn,
      int chunkSize) {
    this.loop = loop;
    this.afterBurst = afterBurst;
    this.afterTurn = afterTurn;
    this.nanoClock = nanoClock;
    dirty = new MpscUnboundedArrayQueue<>(chunkSize);
  }

  /**
   * For a single reader that has a loop of its own.
   *
   * @param loop runs one task at a time
   */
  public static Wakeups ofOne(Executor loop) {
    return new Wakeups(loop, () -> {}, System::nanoTime, null, SMALLEST_CHUNK_SIZE);
  }

  /** True while readers are being told of a burst. Only the loop may ask. */
  public boolean isDelivering() {
    return delivering;
  }

  /**
   * While readers are being told: when the first event was published that the loop has not looked
   * at for them before, or when one of them asked for another turn, if that was earlier. Only the
   * loop may ask.
   */
  public long markedNanos() {
    return markedNanos;
  }

  /** The frames of the newest read of any cursor of this loop. Only the loop may ask. */
  public FrameTally tally() {
    return tally;
  }

  /** A reader has been given so many bytes. Only the loop may say so. */
  public void spent(int bytes) {
    spentBytes += bytes + WRITE_BYTES;
  }

  /** Begins to count what readers are given in this turn of the loop. */
  public void beginTurn() {
    spentBytes = 0;
  }

  /** True if the loop has to look after others before it goes on with readers. */
  public boolean isSpent() {
    return spentBytes >= MAX_TURN_BYTES;
  }

  long nowNanos() {
    return nanoClock.getAsLong();
  }

  void delivering(long newMarkedNanos) {
    markedNanos = newMarkedNanos;
  }

  /** Who is told next, unless it leaves before. */
  void upcoming(@Nullable Cursor cursor) {
    upcoming = cursor;
  }

  @Nullable Cursor upcoming() {
    return upcoming;
  }

  /** From that cursor on, those of the audience are told in the next turn. */
  void leaveRest(Audience audience, Cursor cursor) {
    rests.put(audience, cursor);
  }

  /** Whom to go on with; null to begin with the first. */
  @Nullable Cursor takeRest(Audience audience) {
    return rests.isEmpty() ? null : rests.remove(audience);
  }

  /** A cursor has left its audience, where that one came after it. */
  void left(Audience audience, Cursor cursor, @Nullable Cursor after) {
    if (upcoming == cursor) {
      upcoming = after;
    }
    if (!rests.isEmpty() && rests.get(audience) == cursor) {
      if (after == null) {
        rests.remove(audience);
      } else {
        rests.put(audience, after);
      }
    }
  }

  void add(Audience audience) {
    dirty.offer(audience);
    if (!scheduled.get() && scheduled.compareAndSet(false, true)) {
      execute(loop, delivery);
    }
  }

  /** Runs the command on the loop. Any thread. */
  void execute(Runnable command) {
    execute(loop, command);
  }

  private static void execute(Executor executor, Runnable task) {
    try {
      executor.execute(task);
    } catch (RejectedExecutionException e) {
      // The loop has shut down, and its readers with it: there is nobody left to wake.
    }
  }

  private void turnEnds() {
    delivered = false;
    if (waiting) {
      waiting = false;
      execute(loop, delivery);
    }
  }

  private void run() {
    if (afterTurn != null) {
      if (delivered) {
        waiting = true;
        return;
      }
      delivered = true;
      execute(afterTurn, turnEnd);
    }
    scheduled.set(false);
    // Only those that are here now: what is marked meanwhile, by readers that want another turn
    // for instance, waits for the next one, so that the loop gets to its sockets in between.
    delivering = true;
    beginTurn();
    try {
      for (int rest = dirty.size(); rest > 0; rest--) {
        Audience audience = dirty.poll();
        if (audience == null) {
          break;
        }
        audience.deliver();
      }
    } finally {
      delivering = false;
      afterBurst.run();
    }
  }
}
