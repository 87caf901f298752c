package dev.sluice.loadtest.rig;

import dev.sluice.loadtest.check.FaultKind;
import dev.sluice.loadtest.check.FaultLog;
import dev.sluice.loadtest.check.TokenText;
import dev.sluice.loadtest.measure.Measurements;
import dev.sluice.loadtest.plan.RunSpec;
import dev.sluice.loadtest.plan.Timeline;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelOption;
import io.netty.channel.EventLoop;
import io.netty.channel.WriteBufferWaterMark;
import java.util.ArrayList;
import java.util.List;
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
  private final PublishLine lines;
  private final Measurements measurements;
  private final FaultLog faults;
  private final EventLoop loop;
  private final List<PublishConnection> connections = new ArrayList<>();
  private final long size;
  private final long firstMeasured;
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
    this.lines = new PublishLine(spec, text);
    this.measurements = measurements;
    this.faults = faults;
    this.loop = loop;
    this.size = spec.order().size();
    this.firstMeasured = spec.firstMeasured();
  }

  /**
   * Opens the connections; one that can not be opened is a fault, and {@link #failed} is true then.
   */
  void connect(Bootstrap bootstrap) {
    bootstrap.option(
        ChannelOption.WRITE_BUFFER_WATER_MARK,
        new WriteBufferWaterMark(HIGH_WATER_BYTES / 2, HIGH_WATER_BYTES));
    for (int number = 0; number < spec.connections(); number++) {
      PublishConnection connection = new PublishConnection(number, faults);
      connections.add(connection);
      ChannelFuture connecting =
          bootstrap
              .clone()
              .handler(connection)
              .connect(spec.target().address())
              .awaitUninterruptibly();
      if (connecting.isSuccess()) {
        loop.submit(() -> connection.begin(connecting.channel(), spec.target().authority()))
            .awaitUninterruptibly();
      } else {
        connection.fail(FaultKind.PUBLISH_BROKEN, String.valueOf(connecting.cause()));
      }
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
    return connections.stream().allMatch(PublishConnection::answered);
  }

  boolean failed() {
    return connections.stream().anyMatch(PublishConnection::failed);
  }

  /** Stops publishing and closes the connections. */
  void stop() {
    loop.submit(() -> connections.forEach(PublishConnection::abandon)).awaitUninterruptibly();
  }

  private void tick() {
    if (failed()) {
      return;
    }
    long from = next;
    long now = System.nanoTime();
    boolean writable = connections.stream().allMatch(PublishConnection::isWritable);
    if (!writable) {
      heldBack = true;
      loop.schedule(this::tick, HELD_BACK_NANOS, TimeUnit.NANOSECONDS);
      return;
    }
    while (next < size && next - from < MAX_EVENTS_PER_TICK && timeline.dueNanos(next) - now <= 0) {
      lines.write(next, connectionOf(next).line());
      next++;
    }
    connections.forEach(PublishConnection::flush);
    long flushedNanos = System.nanoTime();
    for (long sequence = Math.max(from, firstMeasured); sequence < next; sequence++) {
      measurements.lateness().record(flushedNanos - timeline.dueNanos(sequence));
    }
    lastSentNanos = flushedNanos;
    sent = next;
    if (next == size) {
      connections.forEach(PublishConnection::finish);
      return;
    }
    long waitNanos = timeline.dueNanos(next) - System.nanoTime();
    if (waitNanos <= 0) {
      loop.execute(this::tick);
    } else {
      loop.schedule(this::tick, Math.max(waitNanos, MIN_WAKE_NANOS), TimeUnit.NANOSECONDS);
    }
  }

  private PublishConnection connectionOf(long sequence) {
    return connections.get(spec.order().stream(sequence) % connections.size());
  }
}
