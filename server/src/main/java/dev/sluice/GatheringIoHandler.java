package dev.sluice;

import io.netty.channel.IoHandle;
import io.netty.channel.IoHandler;
import io.netty.channel.IoHandlerContext;
import io.netty.channel.IoRegistration;
import java.util.concurrent.TimeUnit;
import java.util.function.LongConsumer;
import java.util.function.LongSupplier;
import org.jspecify.annotations.Nullable;

/**
 * An event loop's I/O that sleeps for a moment before it waits, as {@link WakeModeration} says. All
 * but {@link #wakeup} is called on the loop.
 */
final class GatheringIoHandler implements IoHandler {
  /** The kernel lets sleepers sleep so much longer than they asked to, by default. */
  private static final long TIMER_SLACK_NANOS = TimeUnit.MICROSECONDS.toNanos(50);

  /** A shorter sleep costs as much as it saves. */
  private static final long MIN_SLEEP_NANOS = TimeUnit.MICROSECONDS.toNanos(50);

  private static final double WORTHWHILE_EVENTS = 2;
  private static final double MAX_POSTED_SHARE = 0.125;

  private final IoHandler handler;
  private final WakeModeration moderation;
  private final boolean submitsInRun;
  private final LongSupplier nanoClock;
  private final LongConsumer sleep;
  private final WakeRate streamed;
  private final WakeRate posted;
  private long wokenNanos;
  private boolean closing;
  private @Nullable Noting noting;

  /**
   * @param sleep waits for so many nanoseconds, or less
   */
  GatheringIoHandler(
      IoHandler handler,
      WakeModeration moderation,
      boolean submitsInRun,
      LongSupplier nanoClock,
      LongConsumer sleep) {
    this.handler = handler;
    this.moderation = moderation;
    this.submitsInRun = submitsInRun;
    this.nanoClock = nanoClock;
    this.sleep = sleep;
    wokenNanos = nanoClock.getAsLong();
    streamed = new WakeRate(moderation.streamed().getAsLong(), wokenNanos);
    posted = new WakeRate(moderation.posted().getAsLong(), wokenNanos);
  }

  @Override
  public int run(IoHandlerContext context) {
    Noting noted = noting;
    if (noted == null || noted.context != context) {
      noted = new Noting(context);
      noting = noted;
    }
    if (!closing && context.canBlock() && isWorthwhile() && sleepNanos(context) > 0) {
      if (submitsInRun) {
        noted.mayBlock = false;
        int handled = handler.run(noted);
        noted.mayBlock = true;
        if (handled > 0 || !context.canBlock()) {
          return handled;
        }
      }
      // Asked again: the time may have passed meanwhile.
      long sleepNanos = sleepNanos(context);
      if (sleepNanos > 0) {
        sleep.accept(sleepNanos);
      }
    }
    return handler.run(noted);
  }

  private boolean isWorthwhile() {
    long nowNanos = nanoClock.getAsLong();
    streamed.see(moderation.streamed().getAsLong(), nowNanos);
    posted.see(moderation.posted().getAsLong(), nowNanos);
    double expected = streamed.expected(moderation.budgetNanos());
    return expected >= WORTHWHILE_EVENTS * moderation.loopCount()
        && posted.expected(moderation.budgetNanos()) <= MAX_POSTED_SHARE * expected;
  }

  /** How long the loop may sleep now; 0 if that is not worth it. */
  private long sleepNanos(IoHandlerContext context) {
    long nowNanos = nanoClock.getAsLong();
    long restNanos = moderation.budgetNanos() - (nowNanos - wokenNanos);
    long sleepNanos = Math.min(restNanos, context.delayNanos(nowNanos)) - TIMER_SLACK_NANOS;
    return sleepNanos < MIN_SLEEP_NANOS ? 0 : sleepNanos;
  }

  @Override
  public void initialize() {
    handler.initialize();
  }

  @Override
  public void prepareToDestroy() {
    closing = true;
    handler.prepareToDestroy();
  }

  @Override
  public void destroy() {
    handler.destroy();
  }

  @Override
  public IoRegistration register(IoHandle handle) throws Exception {
    return handler.register(handle);
  }

  @Override
  public void wakeup() {
    handler.wakeup();
  }

  @Override
  public boolean isCompatible(Class<? extends IoHandle> handleType) {
    return handler.isCompatible(handleType);
  }

  /** The loop's context, by which it is seen when a wait was over: the handling began then. */
  private final class Noting implements IoHandlerContext {
    private final IoHandlerContext context;
    private boolean mayBlock = true;

    Noting(IoHandlerContext context) {
      this.context = context;
    }

    @Override
    public boolean canBlock() {
      return mayBlock && context.canBlock();
    }

    @Override
    public long delayNanos(long currentTimeNanos) {
      return context.delayNanos(currentTimeNanos);
    }

    @Override
    public long deadlineNanos() {
      return context.deadlineNanos();
    }

    @Override
    public boolean shouldReportActiveIoTime() {
      return true;
    }

    @Override
    public void reportActiveIoTime(long activeNanos) {
      if (mayBlock) {
        wokenNanos = nanoClock.getAsLong() - activeNanos;
      }
      if (context.shouldReportActiveIoTime()) {
        context.reportActiveIoTime(activeNanos);
      }
    }
  }
}
