package dev.sluice.chat;

import java.lang.invoke.MethodHandles;
import java.lang.invoke.VarHandle;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

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
  private static final Logger LOG = LoggerFactory.getLogger(Combiner.class);
  private static final VarHandle PENDING;
  private static final VarHandle COMMANDS;

  static {
    try {
      MethodHandles.Lookup lookup = MethodHandles.lookup();
      PENDING = lookup.findVarHandle(Combiner.class, "pending", int.class);
      COMMANDS = lookup.findVarHandle(Combiner.class, "commands", Queue.class);
    } catch (ReflectiveOperationException e) {
      throw new ExceptionInInitializerError(e);
    }
  }

  // Made by the first thread that comes second: most chats have one publisher and never need it.
  private volatile @Nullable Queue<Runnable> commands;

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
    if (tryEnter()) {
      try {
        command.run();
      } finally {
        exit();
      }
      return;
    }
    queue().offer(command);
    if ((int) PENDING.getAndAdd(this, 1) == 0) {
      do {
        runNext();
      } while ((int) PENDING.getAndAdd(this, -1) != 1);
    }
  }

  private Queue<Runnable> queue() {
    Queue<Runnable> queue = commands;
    if (queue == null) {
      Queue<Runnable> created = new ConcurrentLinkedQueue<>();
      queue = COMMANDS.compareAndSet(this, null, created) ? created : commands;
    }
    return Objects.requireNonNull(queue);
  }

  private void runNext() {
    Runnable command = queue().poll();
    if (command == null) {
      throw new IllegalStateException("counted a command that is not there");
    }
    try {
      command.run();
    } catch (RuntimeException e) {
      // It must not take the place of the others with it.
      LOG.error("a command failed", e);
    }
  }
}
