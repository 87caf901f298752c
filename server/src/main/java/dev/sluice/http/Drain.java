package dev.sluice.http;

import dev.sluice.chat.Cursor;
import io.netty.channel.Channel;
import java.util.ArrayList;
import java.util.Comparator;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;
import java.util.function.BooleanSupplier;
import java.util.function.Predicate;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * Takes a server out of service. First nothing new is let in, and open runs may come to their end,
 * with readers or without. Then the listening socket is closed, so that whoever comes from now on
 * is refused by the kernel (a browser tries that again, a 503 it would not) or gets another
 * process. Then the streams that are left are closed as {@link DrainPlan} says, those that wait for
 * a run before those that read one; each gets what the log has first.
 *
 * <p>For one thread, which is not an event loop: it blocks.
 */
final class Drain {
  private static final Logger LOG = LoggerFactory.getLogger(Drain.class);
  private static final long POLL_MS = 50;
  private static final long STEP_MS = 10;

  /** For a slow client to take its last bytes, and again for it to close. */
  private static final long GOODBYE_MS = 2000;

  private record Leaver(StreamLoop loop, SseStream stream, boolean reading, int turn) {}

  private final Edge edge;
  private final StreamLoops loops;
  private final Channel listener;

  Drain(Edge edge, StreamLoops loops, Channel listener) {
    this.edge = edge;
    this.loops = loops;
    this.listener = listener;
  }

  /**
   * Does it all.
   *
   * @param timeoutMs how long open runs may go on
   * @param spreadMs the longest time to close streams in
   */
  void run(long timeoutMs, long spreadMs) throws InterruptedException {
    edge.admission().drain();
    LOG.info("draining: streams={}", edge.admission().openStreams());
    await(timeoutMs, () -> !edge.chats().hasOpenRun() && !isAny(TimedHandler::isBusy));
    listener.close().awaitUninterruptibly();
    sendAway(spreadMs);
    await(GOODBYE_MS, () -> !isAny(TimedHandler::isBusy));
    for (StreamLoop loop : loops.all()) {
      onLoop(
          loop,
          () -> {
            loop.forEach(TimedHandler::leave);
            return true;
          });
    }
    await(GOODBYE_MS, () -> !isAny(handler -> true));
  }

  private void sendAway(long spreadMs) throws InterruptedException {
    List<Leaver> leavers = leavers();
    DrainPlan plan = new DrainPlan(leavers.size(), spreadMs, edge.settings().retryMs());
    long startNanos = System.nanoTime();
    int next = 0;
    while (next < leavers.size()) {
      int due = plan.dueBy(elapsedMs(startNanos));
      for (; next < due; next++) {
        Leaver leaver = leavers.get(next);
        int place = next;
        double jitter = ThreadLocalRandom.current().nextDouble();
        leaver
            .loop
            .eventLoop()
            .execute(
                () ->
                    leaver.stream.sendAway(
                        () -> plan.retryMs(place, jitter, elapsedMs(startNanos))));
      }
      Thread.sleep(STEP_MS);
    }
    LOG.info("drained: streams sent away={} ms={}", leavers.size(), elapsedMs(startNanos));
  }

  /** The open streams in their order; the loops take turns. */
  private List<Leaver> leavers() throws InterruptedException {
    List<Leaver> leavers = new ArrayList<>();
    for (StreamLoop loop : loops.all()) {
      List<Leaver> ofLoop = new ArrayList<>();
      onLoop(
          loop,
          () -> {
            loop.forEach(
                handler -> {
                  Cursor at = handler instanceof SseStream stream ? stream.cursor() : null;
                  if (at != null) {
                    boolean reading = at.chat().openRunId(at.run()) != null;
                    ofLoop.add(new Leaver(loop, (SseStream) handler, reading, ofLoop.size()));
                  }
                });
            return true;
          });
      leavers.addAll(ofLoop);
    }
    leavers.sort(Comparator.comparing(Leaver::reading).thenComparing(Leaver::turn));
    return leavers;
  }

  private boolean isAny(Predicate<TimedHandler> what) {
    for (StreamLoop loop : loops.all()) {
      if (onLoop(loop, () -> loop.isAny(what))) {
        return true;
      }
    }
    return false;
  }

  /** Waits for the command to be done; false if the loop has ended and its connections with it. */
  private static boolean onLoop(StreamLoop loop, Callable<Boolean> command) {
    return !loop.eventLoop().isShuttingDown()
        && Boolean.TRUE.equals(loop.eventLoop().submit(command).awaitUninterruptibly().getNow());
  }

  private static void await(long timeoutMs, BooleanSupplier condition) throws InterruptedException {
    long startNanos = System.nanoTime();
    while (!condition.getAsBoolean() && elapsedMs(startNanos) < timeoutMs) {
      Thread.sleep(POLL_MS);
    }
  }

  private static long elapsedMs(long startNanos) {
    return TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - startNanos);
  }
}
