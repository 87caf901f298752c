package dev.sluice.loadtest.rig;

import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;

/**
 * Waits on the leading thread: looks every few milliseconds, does the run's small regular work,
 * knows the deadline.
 */
final class Phase {
  private static final long LOOK_EVERY_MS = 5;

  private final long deadlineNanos;
  private final Runnable eachLook;

  Phase(long deadlineNanos, Runnable eachLook) {
    this.deadlineNanos = deadlineNanos;
    this.eachLook = eachLook;
  }

  /** The same with more to do at each look, before the other work. */
  Phase with(Runnable more) {
    return new Phase(
        deadlineNanos,
        () -> {
          more.run();
          eachLook.run();
        });
  }

  /** Does the regular work; false once the deadline has passed. */
  boolean goesOn() {
    eachLook.run();
    return System.nanoTime() - deadlineNanos < 0;
  }

  /** Returns when {@code done} or at the deadline. */
  void await(BooleanSupplier done) throws InterruptedException {
    while (!done.getAsBoolean() && goesOn()) {
      TimeUnit.MILLISECONDS.sleep(LOOK_EVERY_MS);
    }
  }
}
