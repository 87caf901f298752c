package dev.sluice.loadtest.rig;

import dev.sluice.loadtest.check.FaultKind;
import dev.sluice.loadtest.check.FaultLog;
import dev.sluice.loadtest.check.TokenText;
import dev.sluice.loadtest.measure.Measurements;
import dev.sluice.loadtest.plan.MishapPlan;
import dev.sluice.loadtest.plan.Publish;
import dev.sluice.loadtest.plan.RunSpec;
import dev.sluice.loadtest.plan.Timeline;
import dev.sluice.loadtest.plan.Transport;
import dev.sluice.loadtest.report.RigAudit;
import dev.sluice.loadtest.report.RunResult;
import dev.sluice.loadtest.report.TargetCost;
import dev.sluice.loadtest.target.MemoryReading;
import dev.sluice.loadtest.target.TargetMetrics;
import dev.sluice.loadtest.target.TargetProcess;
import dev.sluice.loadtest.target.TargetUse;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import org.HdrHistogram.Histogram;
import org.jspecify.annotations.Nullable;

/**
 * One run from the first connect to the result: open all streams, look at the target's memory,
 * publish or hold, wait for the streams to complete, close. Use it once, on one thread.
 */
public final class LoadRun {
  private static final long PROGRESS_NANOS = 200_000_000;

  private final RunSpec spec;
  private final RunObserver observer;
  private final Measurements measurements = new Measurements();
  private final FaultLog faults = new FaultLog();
  private final TokenText text;
  private final Timeline timeline;
  private final @Nullable TargetUse use;
  private final long deadlineNanos;
  private final ProgressText progress;
  private MemoryReading memoryBefore = MemoryReading.NONE;
  private MemoryReading memoryOpen = MemoryReading.NONE;
  private long nextProgressNanos = System.nanoTime();
  private @Nullable String obstacle;

  /** A run of {@code spec}; its time limit begins now. */
  public LoadRun(RunSpec spec, RunObserver observer) {
    this.spec = spec;
    this.observer = observer;
    this.text = new TokenText(spec.runTag(), spec.load()::tokenBytes);
    this.timeline = new Timeline(spec.load().timetable());
    this.use = targetUse(spec);
    this.deadlineNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(spec.rig().timeoutSeconds());
    this.progress = new ProgressText(spec.load().streams(), measurements);
  }

  /** The process, if its number is given: it tells more than what the target says of itself. */
  private static @Nullable TargetUse targetUse(RunSpec spec) {
    Long pid = spec.rig().pid();
    return pid == null ? TargetMetrics.find(spec.target()) : new TargetProcess(pid);
  }

  /**
   * Does the run. Returns within the time limit and what it takes to close the connections.
   *
   * @throws UnsupportedOperationException if the transport is not there
   */
  public RunResult run() throws InterruptedException {
    memoryBefore = readMemory();
    Publisher publisher = null;
    Delivery delivery = null;
    Subscribers subscribers;
    Transport transport;
    try (EventLoops loops = EventLoops.start(spec.rig().transport(), spec.rig().loops())) {
      transport = loops.transport();
      subscribers =
          new Subscribers(
              spec,
              timeline,
              MishapPlan.draw(spec.load(), spec.readers(), spec.mishaps(), timeline.timetable()),
              text,
              measurements,
              faults,
              loops.receiving(),
              loops.bootstrap(loops.receiving()));
      Publish publish = spec.load().publish();
      if (publish == Publish.OWN) {
        delivery = delivery(subscribers);
        delivery.ask(loops.receiving());
      } else {
        subscribers.openAll(phase("opening", subscribers));
        if (!subscribers.allOpened()) {
          noteNotOpened(subscribers);
        } else {
          memoryOpen = readMemory();
          if (publish.byRig()) {
            publisher = publisher(loops);
            delivery = delivery(subscribers);
            delivery.publish(publisher, loops.receiving());
          } else {
            hold(subscribers);
          }
        }
      }
      boolean all = publish == Publish.OWN || (publisher != null && publisher.sentAll());
      subscribers.giveUp(all);
    }
    return result(subscribers, publisher, delivery, transport);
  }

  private Publisher publisher(EventLoops loops) {
    Publisher publisher =
        new Publisher(spec, timeline, text, measurements, faults, loops.publishing().next());
    publisher.connect(loops.bootstrap(loops.publishing()));
    return publisher;
  }

  private Delivery delivery(Subscribers subscribers) {
    String doing = spec.load().publish() == Publish.OWN ? "asking" : "publishing";
    Phase phase = phase(doing, subscribers);
    return new Delivery(spec, timeline, measurements, faults, observer, use, subscribers, phase);
  }

  private void hold(Subscribers subscribers) throws InterruptedException {
    long untilNanos = System.nanoTime() + TimeUnit.SECONDS.toNanos(spec.load().holdSeconds());
    phase("holding", subscribers)
        .await(() -> System.nanoTime() - untilNanos >= 0 || subscribers.over() > 0);
  }

  private void noteNotOpened(Subscribers subscribers) {
    if (subscribers.ranOut() == null) {
      String opened = "opened " + subscribers.opened() + " of " + spec.load().streams();
      faults.record(FaultKind.CONNECT_FAILED, "run", opened + " streams, so nothing was published");
    }
  }

  private RunResult result(
      Subscribers subscribers,
      @Nullable Publisher publisher,
      @Nullable Delivery delivery,
      Transport transport) {
    if (subscribers.ranOut() != null) {
      obstacle =
          "opened "
              + subscribers.opened()
              + " of "
              + spec.load().streams()
              + " streams: "
              + subscribers.ranOut();
    }
    List<String> notes = new ArrayList<>();
    if (use != null) {
      notes.addAll(use.notes());
    }
    if (publisher != null) {
      Mishaps.count(spec, subscribers, publisher, measurements.mishaps());
    }
    if (subscribers.stalledCut() > 0) {
      notes.add("the target closed " + subscribers.stalledCut() + " stalled streams");
    }
    return new RunResult(
        spec,
        transport,
        measurements,
        faults,
        subscribers.opened(),
        audit(publisher, delivery),
        new TargetCost(
            use == null ? null : use.source(),
            memoryBefore,
            memoryOpen,
            subscribers.opened(),
            delivery == null ? MemoryReading.UNKNOWN : delivery.targetCpuNanos(),
            delivery == null ? 0 : delivery.targetCpuTokens()),
        delivery == null ? null : delivery.stalledCost(),
        notes);
  }

  private RigAudit audit(@Nullable Publisher publisher, @Nullable Delivery delivery) {
    long events = delivery == null ? 0 : timeline.timetable().size();
    long sent = 0;
    long lastNanos = 0;
    if (publisher != null) {
      sent = publisher.sent();
      lastNanos = publisher.lastSentNanos();
    } else if (delivery != null) {
      sent = delivery.asked();
      lastNanos = delivery.lastAskedNanos();
    }
    return new RigAudit(
        events,
        sent,
        events == 0 ? 0 : timeline.timetable().offsetNanos(events - 1),
        delivery == null ? 0 : lastNanos - delivery.beginNanos(),
        p99Ms(measurements.lateness().total()),
        p99Ms(measurements.loopLag().total()),
        publisher != null && publisher.heldBack(),
        obstacle);
  }

  private static double p99Ms(Histogram histogram) {
    return histogram.getValueAtPercentile(99) / 1e6;
  }

  private Phase phase(String doing, Subscribers subscribers) {
    return new Phase(
        deadlineNanos,
        () -> {
          long now = System.nanoTime();
          if (now - nextProgressNanos >= 0) {
            nextProgressNanos = now + PROGRESS_NANOS;
            observer.onProgress(progress.line(doing, subscribers.open()));
          }
        });
  }

  private MemoryReading readMemory() throws InterruptedException {
    return use == null ? MemoryReading.NONE : use.readMemory();
  }
}
