package dev.sluice.loadtest.rig;

import dev.sluice.loadtest.check.FaultLog;
import dev.sluice.loadtest.check.TokenText;
import dev.sluice.loadtest.measure.Measurements;
import dev.sluice.loadtest.plan.Dialect.PublishForm;
import dev.sluice.loadtest.plan.Form;
import dev.sluice.loadtest.plan.Lanes;
import dev.sluice.loadtest.plan.Publish;
import dev.sluice.loadtest.plan.RunSpec;
import dev.sluice.loadtest.plan.Timeline;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.WriteBufferWaterMark;
import java.util.ArrayList;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;

/**
 * Publishes all events, each when it is due. A chat's lines go over one connection, so their order
 * is kept.
 *
 * <p>The load is open: a slow target is not waited for. Only when more than {@value
 * #HIGH_WATER_BYTES} bytes wait in this process for a target that does not read, publishing pauses,
 * and {@link #heldBack} says so.
 *
 * <p>The ticks run on the one publishing loop; everything else is for the thread that leads the
 * run.
 */
final class Publisher {
  private static final int HIGH_WATER_BYTES = 32 << 20;

  /**
   * Wakes no closer together than this: events due within it leave together, and count as that much
   * late.
   */
  private static final long MIN_WAKE_NANOS = 200_000;

  private static final long HELD_BACK_NANOS = 1_000_000;

  /** So many events leave in one tick at most, so that the loop gets to its sockets in between. */
  private static final int MAX_EVENTS_PER_TICK = 8192;

  private final RunSpec spec;
  private final Timeline timeline;
  private final PublishForm form;
  private final TemplateWriter writer;
  private final Measurements measurements;
  private final FaultLog faults;
  private final EventLoop loop;
  private final List<PublishLane> lanes = new ArrayList<>();
  private final Lanes order;
  private final Progress progress;
  private final long size;
  private long next;
  private volatile long sent;
  private volatile long lastSentNanos;
  private volatile boolean heldBack;

  Publisher(
      RunSpec spec,
      Timeline timeline,
      TokenText text,
      Measurements measurements,
      FaultLog faults,
      EventLoop loop) {
    this.spec = spec;
    this.timeline = timeline;
    this.form = form(spec);
    this.writer = new TemplateWriter(spec, timeline.timetable(), text, form);
    this.measurements = measurements;
    this.faults = faults;
    this.loop = loop;
    this.size = timeline.timetable().size();
    this.order = Lanes.of(spec.load(), spec.mishaps());
    this.progress = new Progress(spec);
  }

  private static PublishForm form(RunSpec spec) {
    boolean post = spec.load().publish() == Publish.POST;
    PublishForm form = post ? spec.dialect().post() : spec.dialect().lines();
    return Objects.requireNonNull(form, "the dialect has no such way to publish");
  }

  /**
   * Opens the connections; one that can not be opened is a fault, and {@link #failed} is true then.
   */
  void connect(Bootstrap bootstrap) {
    bootstrap.option(
        ChannelOption.WRITE_BUFFER_WATER_MARK,
        new WriteBufferWaterMark(HIGH_WATER_BYTES / 2, HIGH_WATER_BYTES));
    for (int number = 0; number < spec.load().connections(); number++) {
      connect(bootstrap, number);
    }
  }

  private PublishLane lane(int number) {
    String name = "publish connection " + number;
    if (spec.load().publish() != Publish.LINES) {
      return new PostLane(name, spec, form, writer, measurements.answer(), faults);
    }
    boolean counted = spec.dialect().form() == Form.CONTRACT;
    return order.isCut(number)
        ? new ResumingLane(
            name, () -> new LinesLane(name, form, counted, writer, faults), progress, faults)
        : new LinesLane(name, form, counted, writer, faults);
  }

  private void connect(Bootstrap bootstrap, int number) {
    PublishLane lane = lane(number);
    lanes.add(lane);
    if (lane instanceof ResumingLane resuming) {
      resuming.reconnectWith(bootstrap, form.endpoint().address().address());
    }
    ChannelFuture connecting =
        bootstrap
            .clone()
            .handler(lane)
            .connect(form.endpoint().address().address())
            .awaitUninterruptibly();
    if (connecting.isSuccess()) {
      loop.submit(() -> lane.begin(connecting.channel())).awaitUninterruptibly();
    } else {
      lane.onConnectFailed(connecting.cause());
    }
  }

  /** Starts publishing along the timeline, which has begun. */
  void start() {
    loop.execute(this::tick);
  }

  /** Events handed to the sockets so far. */
  long sent() {
    return sent;
  }

  boolean sentAll() {
    return sent == size;
  }

  /**
   * When the last event was handed over, on the clock of {@link System#nanoTime}; valid when all
   * are.
   */
  long lastSentNanos() {
    return lastSentNanos;
  }

  /** Whether publishing had to pause because the target did not read. */
  boolean heldBack() {
    return heldBack;
  }

  boolean answeredAll() {
    return lanes.stream().allMatch(PublishLane::answered);
  }

  boolean failed() {
    return lanes.stream().anyMatch(PublishLane::failed);
  }

  /** Cuts a connection in the middle of the next line that it is to carry. */
  void cut(int number, boolean hard) {
    if (lanes.get(number) instanceof ResumingLane resuming) {
      loop.execute(() -> resuming.cut(hard));
    }
  }

  /** How many times a connection has been cut. */
  int cutsMade(int number) {
    return lanes.get(number) instanceof ResumingLane resuming ? resuming.cutsMade() : 0;
  }

  /** Stops publishing and closes the connections. */
  void stop() {
    progress.close();
    loop.submit(() -> lanes.forEach(PublishLane::abandon)).awaitUninterruptibly();
  }

  private void tick() {
    if (failed()) {
      return;
    }
    long from = next;
    long now = System.nanoTime();
    boolean writable = lanes.stream().allMatch(PublishLane::isWritable);
    if (!writable) {
      heldBack = true;
      loop.schedule(this::tick, HELD_BACK_NANOS, TimeUnit.NANOSECONDS);
      return;
    }
    while (next < size && next - from < MAX_EVENTS_PER_TICK && timeline.dueNanos(next) - now <= 0) {
      int chat = timeline.timetable().chat(next);
      lanes.get(order.lane(chat)).add(chat, timeline.timetable().index(next));
      next++;
    }
    lanes.forEach(PublishLane::flush);
    long flushedNanos = System.nanoTime();
    for (long sequence = from; sequence < next; sequence++) {
      long dueNanos = timeline.dueNanos(sequence);
      if (dueNanos - timeline.measuredFromNanos() >= 0) {
        measurements.lateness().record(flushedNanos - dueNanos);
      }
    }
    lastSentNanos = flushedNanos;
    sent = next;
    if (next == size) {
      lanes.forEach(PublishLane::finish);
      return;
    }
    long waitNanos = timeline.dueNanos(next) - System.nanoTime();
    if (waitNanos <= 0) {
      loop.execute(this::tick);
    } else {
      loop.schedule(this::tick, Math.max(waitNanos, MIN_WAKE_NANOS), TimeUnit.NANOSECONDS);
    }
  }
}
