package dev.sluice.chat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.Timeout;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

@Timeout(120)
class CombinerTest {
  private final Combiner combiner = new Combiner();

  /** Plain fields on purpose: the combiner alone makes them safe to use. */
  private static final class Inside {
    private final long[] last;
    private boolean occupied;
    private long total;
    private String fault = "";

    Inside(int threads) {
      last = new long[threads];
    }

    void visit(int thread, long number) {
      if (occupied) {
        fault = "two threads inside";
      }
      occupied = true;
      if (last[thread] + 1 != number) {
        fault = "thread " + thread + ": " + number + " after " + last[thread];
      }
      last[thread] = number;
      total++;
      occupied = false;
    }
  }

  /** As a chat uses it: enter if nobody is inside, otherwise leave a command. */
  @ParameterizedTest
  @ValueSource(ints = {2, 3, 8, 24})
  void oneAtATimeInEachThreadsOrderAndNothingLost(int threads) throws InterruptedException {
    long each = 2_000_000 / threads;
    Inside inside = new Inside(threads);
    Together.run(
        threads,
        thread -> {
          for (long i = 1; i <= each; i++) {
            long number = i;
            if (combiner.tryEnter()) {
              try {
                inside.visit(thread, number);
              } finally {
                combiner.exit();
              }
            } else {
              combiner.submit(() -> inside.visit(thread, number));
            }
          }
        });
    assertEquals("", inside.fault);
    assertEquals(each * threads, inside.total);
    long[] expected = new long[threads];
    Arrays.fill(expected, each);
    assertEquals(Arrays.toString(expected), Arrays.toString(inside.last));
    assertTrue(combiner.tryEnter());
  }

  @Test
  void whoComesWhileSomebodyIsInsideGoesOnAtOnce() throws InterruptedException {
    CountDownLatch entered = new CountDownLatch(1);
    CountDownLatch leave = new CountDownLatch(1);
    List<String> order = new ArrayList<>();
    Thread first =
        new Thread(
            () -> {
              assertTrue(combiner.tryEnter());
              entered.countDown();
              awaitUninterruptibly(leave);
              order.add("first");
              combiner.exit();
            });
    first.start();
    awaitUninterruptibly(entered);
    assertFalse(combiner.tryEnter());
    List<Thread> ranOn = new ArrayList<>();
    for (int i = 0; i < 1000; i++) {
      String name = "command " + i;
      combiner.submit(
          () -> {
            order.add(name);
            ranOn.add(Thread.currentThread());
          });
    }
    // Nothing has run, and this thread was not held up.
    assertTrue(ranOn.isEmpty());
    leave.countDown();
    first.join(Together.DEADLINE_MS);
    assertEquals(1001, order.size());
    assertEquals("first", order.get(0));
    assertEquals("command 0", order.get(1));
    assertEquals("command 999", order.get(1000));
    assertTrue(ranOn.stream().allMatch(thread -> thread == first));
  }

  @Test
  void aSubmittedCommandRunsAtOnceWhenNobodyIsInside() {
    List<String> order = new ArrayList<>();
    combiner.submit(() -> order.add("a"));
    assertEquals(List.of("a"), order);
    assertTrue(combiner.tryEnter());
    combiner.exit();
    assertTrue(combiner.tryEnter());
  }

  @Test
  void aCommandThatSubmitsIsNotNested() {
    List<String> order = new ArrayList<>();
    combiner.submit(
        () -> {
          assertFalse(combiner.tryEnter());
          combiner.submit(
              () -> {
                order.add("inner");
                combiner.submit(() -> order.add("innermost"));
                order.add("inner done");
              });
          order.add("outer");
        });
    assertEquals(List.of("outer", "inner", "inner done", "innermost"), order);
    assertTrue(combiner.tryEnter());
  }

  @Test
  void aCommandThatFailsDoesNotTakeTheOthersWithIt() {
    List<String> order = new ArrayList<>();
    assertTrue(combiner.tryEnter());
    combiner.submit(() -> order.add("a"));
    combiner.submit(
        () -> {
          throw new IllegalStateException("as the test wants it");
        });
    combiner.submit(() -> order.add("b"));
    combiner.exit();
    assertEquals(List.of("a", "b"), order);
    assertTrue(combiner.tryEnter());
  }

  @Test
  void whatWasSubmittedInsideRunsOnTheWayOut() {
    List<String> order = new ArrayList<>();
    assertTrue(combiner.tryEnter());
    combiner.submit(() -> order.add("a"));
    combiner.submit(() -> order.add("b"));
    assertTrue(order.isEmpty());
    combiner.exit();
    assertEquals(List.of("a", "b"), order);
  }

  private static void awaitUninterruptibly(CountDownLatch latch) {
    try {
      assertTrue(latch.await(Together.DEADLINE_MS, TimeUnit.MILLISECONDS));
    } catch (InterruptedException e) {
      throw new IllegalStateException(e);
    }
  }
}
