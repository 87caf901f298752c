package dev.sluice.chat;

import dev.sluice.metrics.FrameTally;
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

  private final Executor loop;
  private final Runnable afterBurst;
  private final Runnable delivery = this::run;
  private final LongSupplier nanoClock;
  private final FrameTally tally = new FrameTally();
  private final MpscUnboundedArrayQueue<Audience> dirty;
  private final AtomicBoolean scheduled = new AtomicBoolean();
  private boolean delivering;
  private @Nullable Cursor upcoming;
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
    this(loop, afterBurst, nanoClock, CHUNK_SIZE);
  }

  private Wakeups(Executor loop, Runnable afterBurst, LongSupplier nanoClock, int chunkSize) {
    this.loop = loop;
    this.afterBurst = afterBurst;
    this.nanoClock = nanoClock;
    dirty = new MpscUnboundedArrayQueue<>(chunkSize);
  }

  /**
   * For a single reader that has a loop of its own.
   *
   * @param loop runs one task at a time
   */
  public static Wakeups ofOne(Executor loop) {
    return new Wakeups(loop, () -> {}, System::nanoTime, SMALLEST_CHUNK_SIZE);
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

  /** A cursor has left its audience, where that one came after it. */
  void left(Cursor cursor, @Nullable Cursor after) {
    if (upcoming == cursor) {
      upcoming = after;
    }
  }

  void add(Audience audience) {
    dirty.offer(audience);
    if (!scheduled.get() && scheduled.compareAndSet(false, true)) {
      try {
        loop.execute(delivery);
      } catch (RejectedExecutionException e) {
        // The loop has shut down, and its readers with it: there is nobody left to wake.
      }
    }
  }

  private void run() {
    scheduled.set(false);
    // Only those that are here now: what is marked meanwhile, by readers that want another turn
    // for instance, waits for the next one, so that the loop gets to its sockets in between.
    delivering = true;
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
