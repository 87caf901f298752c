package dev.sluice.clients;

import java.time.Duration;
import java.util.function.BooleanSupplier;
import java.util.function.Supplier;

/** How long a test waits for what must happen. Only a failure gets there. */
final class Deadline {
  static final Duration PATIENCE = Duration.ofSeconds(60);
  private static final long LOOK_AGAIN_MS = 20;

  private final long endNanos = System.nanoTime() + PATIENCE.toNanos();

  long leftMs() {
    return Math.max(0, (endNanos - System.nanoTime()) / 1_000_000);
  }

  static void await(BooleanSupplier happened, Supplier<String> whatIsInstead) {
    Deadline deadline = new Deadline();
    while (!happened.getAsBoolean()) {
      if (deadline.leftMs() == 0) {
        throw new AssertionError("waited in vain; instead: " + whatIsInstead.get());
      }
      try {
        Thread.sleep(LOOK_AGAIN_MS);
      } catch (InterruptedException e) {
        throw interrupted(e);
      }
    }
  }

  static AssertionError interrupted(InterruptedException e) {
    Thread.currentThread().interrupt();
    return new AssertionError("interrupted while waiting", e);
  }
}
