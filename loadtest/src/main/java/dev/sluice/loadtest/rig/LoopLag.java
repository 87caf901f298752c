package dev.sluice.loadtest.rig;

import dev.sluice.loadtest.measure.Timing;
import io.netty.channel.EventLoopGroup;
import io.netty.util.concurrent.EventExecutor;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * Measures how late each receiving loop runs a timer. A loop that is busy notices its tokens as
 * late as that.
 */
final class LoopLag {
  private static final long PERIOD_NANOS = 10_000_000;

  private final List<ScheduledFuture<?>> probes = new ArrayList<>();

  /** Starts a probe on each loop. */
  LoopLag(EventLoopGroup loops, Timing lag) {
    for (EventExecutor loop : loops) {
      probes.add(
          loop.scheduleAtFixedRate(
              new Probe(lag), PERIOD_NANOS, PERIOD_NANOS, TimeUnit.NANOSECONDS));
    }
  }

  /** Ends the probes. */
  void stop() {
    probes.forEach(probe -> probe.cancel(false));
  }

  /** Runs on one loop. */
  private static final class Probe implements Runnable {
    private final Timing lag;
    private long dueNanos = System.nanoTime() + PERIOD_NANOS;

    Probe(Timing lag) {
      this.lag = lag;
    }

    @Override
    public void run() {
      lag.record(System.nanoTime() - dueNanos);
      dueNanos += PERIOD_NANOS;
    }
  }
}
