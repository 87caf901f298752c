package dev.sluice.chat;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import org.jctools.queues.MpscLinkedQueue;

/**
 * Lets one thread at a time through, without making any other wait: who comes second leaves its
 * command in a queue, and whoever is inside runs it on the way out.
 *
 * <p>{@code pending} counts the thread inside plus the commands that wait. It goes from 0 to 1 only
 * by the thread that enters, and back to 0 only when nothing is left, so a command that was queued
 * is run by exactly one thread, and the commands of one thread run in their order: while one of
 * them waits, {@code pending} is not 0 and {@link #tryEnter} refuses. The decrement by one and the
 * increment by the next are volatile operations on {@code pending}, so each sees all the writes of
 * the one before.
 */
final class Combiner {
  private static final VarHandle PENDING;

  static {
    try {
      PENDING = MethodHandles.lookup().findVarHandle(Combiner.class, "pending", int.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  private final MpscLinkedQueue<Runnable> commands = new MpscLinkedQueue<>();

  @SuppressWarnings("unused") // through PENDING
  private volatile int pending;

  /** Enters if nobody is inside; who got true must call {@link #exit} in a finally block. */
  boolean tryEnter() {
    return PENDING.compareAndSet(this, 0, 1);
  }

  /** Runs what was queued meanwhile, then leaves. */
  void exit() {
    while ((int) PENDING.getAndAdd(this, -1) != 1) {
      runNext();
    }
  }

  /** Runs the command now, or leaves it to the thread inside. A command must not throw. */
  void submit(Runnable command) {
    commands.offer(command);
    if ((int) PENDING.getAndAdd(this, 1) == 0) {
      do {
        runNext();
      } while ((int) PENDING.getAndAdd(this, -1) != 1);
    }
  }

  private void runNext() {
    Runnable command = commands.poll();
    if (command == null) {
      throw new IllegalStateException("counted a command that is not there");
    }
    command.run();
  }
}
