package dev.sluice.http;

import dev.sluice.metrics.Metrics;
import io.netty.channel.EventLoop;
import java.util.Collection;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.LongStream;

/** The {@link StreamLoop} of each event loop. Any thread. */
final class StreamLoops {
  private static final long MAX_TICK_MS = 1000;
  private static final long MIN_TICK_MS = 10;

  private final ConcurrentHashMap<EventLoop, StreamLoop> loops = new ConcurrentHashMap<>();
  private final Metrics metrics;
  private final long tickMs;

  private StreamLoops(Metrics metrics, long tickMs) {
    this.metrics = metrics;
    this.tickMs = tickMs;
  }

  /** Loops whose timers are as fine as the shortest of these deadlines needs. */
  static StreamLoops keeping(HttpSettings settings, Metrics metrics) {
    long shortestMs =
        LongStream.of(
                settings.headTimeoutMs(),
                settings.bodyTimeoutMs(),
                settings.lineTimeoutMs(),
                settings.idleTimeoutMs(),
                settings.heartbeatMs(),
                settings.stallTimeoutMs())
            .min()
            .orElse(MAX_TICK_MS);
    return new StreamLoops(metrics, Math.max(MIN_TICK_MS, Math.min(MAX_TICK_MS, shortestMs / 4)));
  }

  StreamLoop of(EventLoop eventLoop) {
    return loops.computeIfAbsent(
        eventLoop, loop -> new StreamLoop(loop, tickMs, metrics.newLoop()));
  }

  Collection<StreamLoop> all() {
    return loops.values();
  }
}
