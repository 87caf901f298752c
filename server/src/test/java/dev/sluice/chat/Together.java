package dev.sluice.chat;

import static org.junit.jupiter.api.Assertions.assertFalse;

import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.BrokenBarrierException;
import java.util.concurrent.CyclicBarrier;
import java.util.concurrent.atomic.AtomicReference;

/** Runs commands at the same time, each in a thread of its own, and waits for all of them. */
final class Together {
  /** So long that only a hang takes it. */
  static final long DEADLINE_MS = 60_000;

  /** What a thread does. */
  @FunctionalInterface
  interface Step {
    void run(int thread) throws Exception;
  }

  private Together() {}

  static void run(int threadCount, Step step) throws InterruptedException {
    AtomicReference<Throwable> failure = new AtomicReference<>();
    CyclicBarrier start = new CyclicBarrier(threadCount);
    List<Thread> threads = new ArrayList<>();
    for (int i = 0; i < threadCount; i++) {
      int number = i;
      Thread thread =
          new Thread(
              () -> {
                try {
                  await(start);
                  step.run(number);
                } catch (Throwable e) {
                  failure.compareAndSet(null, e);
                }
              },
              "together-" + i);
      thread.setDaemon(true);
      threads.add(thread);
      thread.start();
    }
    for (Thread thread : threads) {
      thread.join(DEADLINE_MS);
    }
    Throwable first = failure.get();
    if (first != null) {
      throw new AssertionError(first);
    }
    for (Thread thread : threads) {
      assertFalse(thread.isAlive(), "a thread that does not come to its end");
    }
  }

  private static void await(CyclicBarrier barrier) throws InterruptedException {
    try {
      barrier.await();
    } catch (BrokenBarrierException e) {
      throw new IllegalStateException(e);
    }
  }
}
