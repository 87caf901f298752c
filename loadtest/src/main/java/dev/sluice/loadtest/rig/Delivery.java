package dev.sluice.loadtest.rig;

import dev.sluice.loadtest.check.FaultKind;
import dev.sluice.loadtest.check.FaultLog;
import dev.sluice.loadtest.measure.Measurements;
import dev.sluice.loadtest.measure.Series;
import dev.sluice.loadtest.plan.RunSpec;
import dev.sluice.loadtest.plan.Timeline;
import dev.sluice.loadtest.plan.Timetable;
import dev.sluice.loadtest.report.StalledCost;
import dev.sluice.loadtest.target.MemoryReading;
import dev.sluice.loadtest.target.TargetUse;
import io.netty.channel.EventLoopGroup;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;

/**
 * The part of a run in which tokens flow: follows the timetable, drops and resumes, waits for the
 * streams to complete, takes the figures. Belongs to the thread that leads the run.
 */
final class Delivery {
  /** Between the end of the preparations and the first event. */
  private static final long LEAD_NANOS = 20_000_000;

  private static final long INTERVAL_NANOS = 1_000_000_000;

  private final RunSpec spec;
  private final Timeline timeline;
  private final Measurements measurements;
  private final FaultLog faults;
  private final RunObserver observer;
  private final @Nullable TargetUse use;
  private final Subscribers subscribers;
  private final Phase phase;
  private final long settleNanos;
  private final long beginNanos = System.nanoTime() + LEAD_NANOS;
  private long nextIntervalNanos = beginNanos + INTERVAL_NANOS;
  private long nextDropNanos;
  private int dropRound;
  private long targetCpuNanos = MemoryReading.UNKNOWN;
  private long targetCpuTokens;
  private final @Nullable StalledWatch stalledWatch;
  private @Nullable Mishaps mishaps;
  private long asked;
  private long lastAskedNanos;

  Delivery(
      RunSpec spec,
      Timeline timeline,
      Measurements measurements,
      FaultLog faults,
      RunObserver observer,
      @Nullable TargetUse use,
      Subscribers subscribers,
      Phase outer) {
    this.spec = spec;
    this.timeline = timeline;
    this.measurements = measurements;
    this.faults = faults;
    this.observer = observer;
    this.use = use;
    this.subscribers = subscribers;
    this.phase = outer.with(this::eachLook);
    this.settleNanos = TimeUnit.SECONDS.toNanos(spec.rig().settleSeconds());
    this.stalledWatch =
        spec.load().stalled().readers() == 0
            ? null
            : new StalledWatch(use, spec.load().stalledFromNanos());
    this.nextDropNanos = beginNanos + dropEveryNanos();
    for (Series series : Series.values()) {
      measurements.of(series).takeInterval(); // Empty; so that the first one begins now.
    }
    timeline.begin(beginNanos);
  }

  /** Publishes the whole timetable, and waits for all streams to get it. */
  void publish(Publisher publisher, EventLoopGroup receiving) throws InterruptedException {
    Timetable timetable = timeline.timetable();
    publisher.start();
    mishaps = new Mishaps(subscribers.plan(), subscribers, publisher);
    long measuredNanos = timeline.measuredFromNanos();
    phase.await(() -> System.nanoTime() - measuredNanos >= 0 || publisher.failed());
    LoopLag lag = new LoopLag(receiving, measurements.loopLag());
    long cpuBeforeNanos = readCpuNanos();
    // The end of all streams at once is not part of the figures: so many closes hold a loop up and
    // take CPU time, but they carry no token.
    long toLastToken = timetable.sizeToLastToken();
    phase.await(() -> publisher.sent() >= toLastToken || publisher.failed());
    lag.stop();
    takeIntervals();
    targetCpuTokens = measurements.of(Series.LATENCY).total().getTotalCount();
    takeCpu(cpuBeforeNanos);
    phase.await(
        () -> {
          boolean done = subscribers.briskOver() && publisher.answeredAll();
          return done
              || settled(publisher.sentAll(), publisher.lastSentNanos())
              || publisher.failed();
        });
    if (publisher.sentAll() && !publisher.answeredAll() && !publisher.failed()) {
      faults.record(FaultKind.NOT_COMPLETED, "publishing", "a request was not answered");
    }
    publisher.stop();
    subscribers.releaseSlow();
    phase.await(() -> subscribers.slowOver() || settled(true, publisher.lastSentNanos()));
    takeIntervals();
  }

  /** Asks for all streams, each when it is due, and waits for the answers. */
  void ask(EventLoopGroup receiving) throws InterruptedException {
    LoopLag lag = new LoopLag(receiving, measurements.loopLag());
    long cpuBeforeNanos = readCpuNanos();
    long tokensBefore = measurements.tokens().sum();
    long size = timeline.timetable().size();
    while (asked < size && phase.goesOn()) {
      long waitNanos = timeline.dueNanos(asked) - System.nanoTime();
      if (waitNanos > 0) {
        TimeUnit.NANOSECONDS.sleep(Math.min(waitNanos, TimeUnit.MILLISECONDS.toNanos(50)));
        continue;
      }
      subscribers.ask(timeline.timetable().chat(asked));
      lastAskedNanos = System.nanoTime();
      measurements.lateness().record(lastAskedNanos - timeline.dueNanos(asked));
      asked++;
    }
    phase.await(() -> subscribers.briskOver() || settled(asked == size, lastAskedNanos));
    lag.stop();
    takeIntervals();
    targetCpuTokens = measurements.tokens().sum() - tokensBefore;
    takeCpu(cpuBeforeNanos);
  }

  /** When the first event was due, on the clock of {@link System#nanoTime}. */
  long beginNanos() {
    return beginNanos;
  }

  /** How many streams were asked for. */
  long asked() {
    return asked;
  }

  /** When the last one was. */
  long lastAskedNanos() {
    return lastAskedNanos;
  }

  /** What stalled readers cost the target, or null if there are none. */
  @Nullable StalledCost stalledCost() {
    return stalledWatch == null ? null : stalledWatch.cost();
  }

  /** CPU time that the target took for the measured tokens, or {@link MemoryReading#UNKNOWN}. */
  long targetCpuNanos() {
    return targetCpuNanos;
  }

  /** How many tokens were received within it. */
  long targetCpuTokens() {
    return targetCpuTokens;
  }

  private boolean settled(boolean sentAll, long lastSentNanos) {
    long progressNanos = subscribers.progressNanos();
    long quietSince = progressNanos - lastSentNanos > 0 ? progressNanos : lastSentNanos;
    return sentAll && System.nanoTime() - quietSince > settleNanos;
  }

  private void eachLook() {
    long now = System.nanoTime();
    if (now - nextIntervalNanos >= 0) {
      nextIntervalNanos += INTERVAL_NANOS;
      takeIntervals();
    }
    if (spec.readers().dropEveryMs() > 0) {
      if (now - nextDropNanos >= 0) {
        nextDropNanos += dropEveryNanos();
        subscribers.drop(dropRound++);
      }
    }
    if (stalledWatch != null) {
      stalledWatch.look(now - beginNanos);
    }
    if (mishaps != null) {
      mishaps.until(now - beginNanos);
    }
    subscribers.resumeDropped();
  }

  private long dropEveryNanos() {
    return TimeUnit.MILLISECONDS.toNanos(spec.readers().dropEveryMs());
  }

  private void takeIntervals() {
    for (Series series : Series.values()) {
      observer.onInterval(series, measurements.of(series).takeInterval());
    }
  }

  private long readCpuNanos() {
    return use == null ? MemoryReading.UNKNOWN : use.readCpuNanos();
  }

  private void takeCpu(long beforeNanos) {
    long afterNanos = readCpuNanos();
    if (beforeNanos >= 0 && afterNanos >= 0) {
      targetCpuNanos = afterNanos - beforeNanos;
    }
  }
}
