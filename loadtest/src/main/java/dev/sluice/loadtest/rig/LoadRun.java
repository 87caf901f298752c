package dev.sluice.loadtest.rig;

import dev.sluice.loadtest.check.FaultKind;
import dev.sluice.loadtest.check.FaultLog;
import dev.sluice.loadtest.check.TokenText;
import dev.sluice.loadtest.measure.Measurements;
import dev.sluice.loadtest.plan.RunSpec;
import dev.sluice.loadtest.plan.Scenario;
import dev.sluice.loadtest.plan.Timeline;
import dev.sluice.loadtest.plan.Transport;
import dev.sluice.loadtest.report.RigAudit;
import dev.sluice.loadtest.report.RunResult;
import dev.sluice.loadtest.target.MemoryReading;
import dev.sluice.loadtest.target.TargetProcess;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Supplier;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * One run from the first connect to the result: open all streams, look at the target's memory,
 * publish or hold, wait for the streams to complete, close. Use it once, on one thread.
 */
public final class LoadRun {
  /** Between the end of the preparations and the first event. */
  private static final long LEAD_NANOS = 20_000_000;

  private static final long INTERVAL_NANOS = 1_000_000_000;
  private static final long PROGRESS_NANOS = 200_000_000;

  private final RunSpec spec;
  private final RunObserver observer;
  private final Measurements measurements = new Measurements();
  private final FaultLog faults = new FaultLog();
  private final TokenText text;
  private final Timeline timeline;
  private final @Nullable TargetProcess process;
  private final long deadlineNanos;
  private MemoryReading memoryBefore = MemoryReading.NONE;
  private MemoryReading memoryOpen = MemoryReading.NONE;
  private long targetCpuNanos = MemoryReading.UNKNOWN;
  private long targetCpuTokens;
  private long beginNanos;
  private long nextProgressNanos = System.nanoTime();
  private @Nullable String obstacle;

  /** A run of {@code spec}; its time limit begins now. */
  public LoadRun(RunSpec spec, RunObserver observer) {
    this.spec = spec;
    this.observer = observer;
    this.text = new TokenText(spec.runTag());
    this.timeline = new Timeline(spec.schedule());
    this.process = spec.pid() == null ? null : new TargetProcess(spec.pid());
    this.deadlineNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(spec.timeoutSeconds());
  }

  /**
   * Does the run. Returns within the time limit and what it takes to close the connections.
   *
   * @throws UnsupportedOperationException if the transport is not there
   */
  public RunResult run() throws InterruptedException {
    memoryBefore = readMemory();
    Subscribers subscribers = new Subscribers(spec, timeline, text, measurements, faults);
    Publisher publisher = null;
    Transport transport;
    try (EventLoops loops = EventLoops.start(spec.transport(), spec.loops())) {
      transport = loops.transport();
      subscribers.openAll(
          loops.bootstrap(loops.receiving()), phase(() -> "opened " + subscribers.opened()));
      if (subscribers.allOpened()) {
        memoryOpen = readMemory();
        if (spec.scenario() == Scenario.UNICAST) {
          publisher = publish(loops, subscribers);
        } else {
          hold(subscribers);
        }
      } else {
        noteNotOpened(subscribers);
      }
      subscribers.giveUp(publisher != null && publisher.sentAll());
    }
    return result(subscribers, publisher, transport);
  }

  private Publisher publish(EventLoops loops, Subscribers subscribers) throws InterruptedException {
    Publisher publisher =
        new Publisher(spec, timeline, text, measurements, faults, loops.publishing().next());
    publisher.connect(loops.bootstrap(loops.publishing()));
    measurements.latency().takeInterval(); // Empty; so that the first one begins now.
    beginNanos = System.nanoTime() + LEAD_NANOS;
    timeline.begin(beginNanos);
    publisher.start();

    Phase phase = publishPhase(publisher, subscribers);
    long measuredNanos = timeline.dueNanos(spec.firstMeasured());
    phase.await(() -> System.nanoTime() >= measuredNanos || publisher.failed());
    LoopLag lag = new LoopLag(loops.receiving(), measurements.loopLag());
    long cpuBeforeNanos = readCpuNanos();
    // The end of all streams at once is not part of the figures: so many closes hold a loop up and
    // take CPU time, but they carry no token.
    long ends = spec.order().sequence(0, spec.order().tokens());
    phase.await(() -> publisher.sent() >= ends || publisher.failed());
    lag.stop();
    observer.onLatencyInterval(measurements.latency().takeInterval());
    targetCpuTokens = measurements.latency().total().getTotalCount();
    long cpuAfterNanos = readCpuNanos();
    if (cpuBeforeNanos >= 0 && cpuAfterNanos >= 0) {
      targetCpuNanos = cpuAfterNanos - cpuBeforeNanos;
    }
    long settleNanos = TimeUnit.SECONDS.toNanos(spec.settleSeconds());
    phase.await(
        () -> {
          boolean done = subscribers.over() == spec.streams() && publisher.answeredAll();
          long quietSince = Math.max(subscribers.progressNanos(), publisher.lastSentNanos());
          boolean settled = publisher.sentAll() && System.nanoTime() - quietSince > settleNanos;
          return done || settled || publisher.failed();
        });
    if (publisher.sentAll() && !publisher.answeredAll() && !publisher.failed()) {
      faults.record(FaultKind.NOT_COMPLETED, "publishing", "a request was not answered");
    }
    publisher.stop();
    observer.onLatencyInterval(measurements.latency().takeInterval());
    return publisher;
  }

  private void hold(Subscribers subscribers) throws InterruptedException {
    long untilNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(spec.holdSeconds());
    phase(() -> "holding " + (subscribers.opened() - subscribers.over()))
        .await(() -> System.nanoTime() - untilNanos >= 0 || subscribers.over() > 0);
  }

  private void noteNotOpened(Subscribers subscribers) {
    String opened = "opened " + subscribers.opened() + " of " + spec.streams() + " streams";
    if (subscribers.ranOut() != null) {
      obstacle = opened + ": " + subscribers.ranOut();
    } else {
      faults.record(FaultKind.CONNECT_FAILED, "run", opened + ", so nothing was published");
    }
  }

  private RunResult result(
      Subscribers subscribers, @Nullable Publisher publisher, Transport transport) {
    long events = spec.scenario() == Scenario.IDLE ? 0 : spec.order().size();
    long plannedNanos = events == 0 ? 0 : spec.schedule().offsetNanos(events - 1);
    RigAudit rig =
        new RigAudit(
            publisher == null ? 0 : events,
            publisher == null ? 0 : publisher.sent(),
            plannedNanos,
            publisher == null ? 0 : publisher.lastSentNanos() - beginNanos,
            p99Ms(measurements.lateness().total()),
            p99Ms(measurements.loopLag().total()),
            publisher != null && publisher.heldBack(),
            obstacle);
    List<String> notes = new ArrayList<>();
    if (process != null) {
      notes.addAll(process.notes());
    }
    return new RunResult(
        spec,
        transport,
        measurements,
        faults,
        subscribers.opened(),
        rig,
        memoryBefore,
        memoryOpen,
        targetCpuNanos,
        targetCpuTokens,
        notes);
  }

  private static double p99Ms(Histogram histogram) {
    return histogram.getValueAtPercentile(99) / 1e6;
  }

  private Phase phase(Supplier<String> progress) {
    return new Phase(
        deadlineNanos,
        () -> {
          long now = System.nanoTime();
          if (now - nextProgressNanos >= 0) {
            nextProgressNanos = now + PROGRESS_NANOS;
            observer.onProgress(progress.get() + " of " + spec.streams() + " streams");
          }
        });
  }

  private Phase publishPhase(Publisher publisher, Subscribers subscribers) {
    Phase progress =
        phase(
            () ->
                "published "
                    + publisher.sent()
                    + " of "
                    + spec.order().size()
                    + " events, completed "
                    + subscribers.over());
    long[] nextIntervalNanos = {beginNanos + INTERVAL_NANOS};
    return new Phase(
        deadlineNanos,
        () -> {
          progress.goesOn();
          if (System.nanoTime() - nextIntervalNanos[0] >= 0) {
            nextIntervalNanos[0] += INTERVAL_NANOS;
            observer.onLatencyInterval(measurements.latency().takeInterval());
          }
        });
  }

  private MemoryReading readMemory() throws InterruptedException {
    return process == null ? MemoryReading.NONE : process.readMemory();
  }

  private long readCpuNanos() {
    return process == null ? MemoryReading.UNKNOWN : process.readCpuNanos();
  }
}
