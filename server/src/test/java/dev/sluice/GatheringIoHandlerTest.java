package dev.sluice;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;

import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerContext;
import io.netty.channel.IoRegistration;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;

/** A loop in a time of its own: each turn handles for 20 µs after a wait that is over at once. */
class GatheringIoHandlerTest {
  private static final long BUDGET_NANOS = TimeUnit.MICROSECONDS.toNanos(500);
  private static final long TURN_NANOS = TimeUnit.MICROSECONDS.toNanos(20);
  private static final long SLACK_NANOS = TimeUnit.MICROSECONDS.toNanos(50);
  private static final long FULL_SLEEP_NANOS = BUDGET_NANOS - TURN_NANOS - SLACK_NANOS;

  private final List<Long> slept = new ArrayList<>();
  private final List<String> calls = new ArrayList<>();
  private final Context context = new Context();
  private long nowNanos;
  private long streamed;
  private long posted;
  private int readyWithoutWait;

  @Test
  void anIdleLoopWaitsAtOnce() {
    GatheringIoHandler loop = loop(1, false);
    loop.run(context);
    nowNanos += TimeUnit.SECONDS.toNanos(1);
    streamed++;
    loop.run(context);
    assertEquals(List.of(), slept);
  }

  @Test
  void aBusyLoopSleepsForWhatIsLeftOfTheBudget() {
    GatheringIoHandler loop = busyLoop(1, false);
    slept.clear();
    loop.run(context);
    nowNanos += TimeUnit.MICROSECONDS.toNanos(100);
    loop.run(context);
    assertEquals(
        List.of(FULL_SLEEP_NANOS, FULL_SLEEP_NANOS - TimeUnit.MICROSECONDS.toNanos(100)), slept);
  }

  @Test
  void aBudgetThatIsUsedUpIsNotSleptFor() {
    GatheringIoHandler loop = busyLoop(1, false);
    slept.clear();
    nowNanos += BUDGET_NANOS;
    loop.run(context);
    assertEquals(List.of(), slept);
  }

  @Test
  void aLoopWithTasksGoesOn() {
    GatheringIoHandler loop = busyLoop(1, false);
    slept.clear();
    context.canBlock = false;
    loop.run(context);
    assertEquals(List.of(), slept);
  }

  @Test
  void noTimerIsLate() {
    GatheringIoHandler loop = busyLoop(1, false);
    slept.clear();
    context.delayNanos = TimeUnit.MICROSECONDS.toNanos(200);
    loop.run(context);
    context.delayNanos = TimeUnit.MICROSECONDS.toNanos(90);
    loop.run(context);
    assertEquals(List.of(TimeUnit.MICROSECONDS.toNanos(150)), slept);
  }

  @Test
  void aLoopThatShutsDownDoesNotSleep() {
    GatheringIoHandler loop = busyLoop(1, false);
    slept.clear();
    loop.prepareToDestroy();
    loop.run(context);
    assertEquals(List.of(), slept);
  }

  @Test
  void fewerThanTwoExpectedEventsAreNotWorthIt() {
    GatheringIoHandler loop = loop(1, false);
    publishSteadily(loop, 3_900, 0);
    assertEquals(List.of(), slept);
    publishSteadily(loop, 4_300, 0);
    assertFalse(slept.isEmpty());
  }

  @Test
  void loopsShareTheEvents() {
    GatheringIoHandler loop = loop(4, false);
    publishSteadily(loop, 15_000, 0);
    assertEquals(List.of(), slept);
    publishSteadily(loop, 17_000, 0);
    assertFalse(slept.isEmpty());
  }

  @Test
  void publishersThatWaitForAnswersAreNotSlowedDown() {
    GatheringIoHandler loop = loop(1, false);
    publishSteadily(loop, 0, 30_000);
    publishSteadily(loop, 20_000, 3_000);
    assertEquals(List.of(), slept);
    publishSteadily(loop, 20_000, 2_000);
    assertFalse(slept.isEmpty());
  }

  @Test
  void whatIsOnlyWrittenWhenTheHandlerRunsIsWrittenBeforeTheSleep() {
    GatheringIoHandler loop = busyLoop(1, true);
    slept.clear();
    calls.clear();
    loop.run(context);
    assertEquals(List.of("poll", "sleep", "wait"), calls);
    assertEquals(List.of(FULL_SLEEP_NANOS), slept);
  }

  @Test
  void whatIsReadyThenIsHandledFirst() {
    GatheringIoHandler loop = busyLoop(1, true);
    calls.clear();
    readyWithoutWait = 3;
    assertEquals(3, loop.run(context));
    assertEquals(List.of("poll"), calls);
  }

  private GatheringIoHandler busyLoop(int loopCount, boolean submitsInRun) {
    GatheringIoHandler loop = loop(loopCount, submitsInRun);
    publishSteadily(loop, 20_000, 0);
    return loop;
  }

  /** A turn every ms for a tenth of a second: the average knows no other rate any more. */
  private void publishSteadily(GatheringIoHandler loop, int perSecond, int postedPerSecond) {
    slept.clear();
    for (int ms = 1; ms <= 100; ms++) {
      nowNanos += TimeUnit.MILLISECONDS.toNanos(1) - TURN_NANOS;
      streamed += (long) perSecond * ms / 1000 - (long) perSecond * (ms - 1) / 1000;
      posted += (long) postedPerSecond * ms / 1000 - (long) postedPerSecond * (ms - 1) / 1000;
      context.canBlock = false;
      loop.run(context);
      context.canBlock = true;
      loop.run(context);
      if (ms < 100) {
        // What was slept for while the average was still on its way says nothing.
        slept.clear();
      }
    }
  }

  private GatheringIoHandler loop(int loopCount, boolean submitsInRun) {
    WakeModeration moderation =
        new WakeModeration(BUDGET_NANOS, loopCount, () -> streamed, () -> posted);
    return new GatheringIoHandler(
        new Waiting(),
        moderation,
        submitsInRun,
        () -> nowNanos,
        nanos -> {
          calls.add("sleep");
          slept.add(nanos);
        });
  }

  private static final class Context implements IoHandlerContext {
    private boolean canBlock = true;
    private long delayNanos = TimeUnit.SECONDS.toNanos(1);

    @Override
    public boolean canBlock() {
      return canBlock;
    }

    @Override
    public long delayNanos(long currentTimeNanos) {
      return delayNanos;
    }

    @Override
    public long deadlineNanos() {
      return delayNanos;
    }
  }

  private final class Waiting implements IoHandler {
    @Override
    public int run(IoHandlerContext given) {
      boolean mayBlock = given.canBlock();
      calls.add(mayBlock ? "wait" : "poll");
      int handled = mayBlock ? 1 : readyWithoutWait;
      if (handled > 0) {
        nowNanos += TURN_NANOS;
      }
      given.reportActiveIoTime(handled > 0 ? TURN_NANOS : 0);
      return handled;
    }

    @Override
    public void prepareToDestroy() {}

    @Override
    public void destroy() {}

    @Override
    public IoRegistration register(IoHandle handle) {
      throw new UnsupportedOperationException();
    }

    @Override
    public void wakeup() {}

    @Override
    public boolean isCompatible(Class<? extends IoHandle> handleType) {
      return true;
    }
  }
}
