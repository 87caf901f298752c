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
 * <p>{@code pending} is 0 while nobody is inside; otherwise it counts the thread inside plus the
 * commands that were announced since that thread last looked. A command is queued first and
 * announced second, and the thread inside empties the queue between seeing an announcement and
 * taking it off {@code pending}. So when {@code pending} falls to 0, every command that was
 * announced has run, by exactly one thread, and the commands of one thread run in their order:
 * while one of them waits, {@link #tryEnter} refuses. (Running one command for each announcement
 * would not do: a thread that has queued its command and not announced it yet would have it run in
 * place of another's, which would then be left behind.) The operations on {@code pending} are
 * volatile, so each thread inside sees all the writes of the one before.
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
    int seen = 1;
    while ((seen = (int) PENDING.getAndAdd(this, -seen) - seen) != 0) {
      runQueued();
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
      runQueued();
      exit();
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

  private void runQueued() {
    Queue<Runnable> queue = queue();
    for (Runnable command = queue.poll(); command != null; command = queue.poll()) {
      try {
        command.run();
      } catch (RuntimeException e) {
        // It must not take the place of the others with it.
        LOG.error("a command failed", e);
      }
    }
  }
}
