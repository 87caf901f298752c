package dev.sluice.http;

import dev.sluice.metrics.GaugeName;
import io.netty.channel.EventLoop;
import io.netty.util.internal.PlatformDependent;
import java.util.Collection;
import java.util.concurrent.ConcurrentHashMap;
import java.util.stream.LongStream;

/** The {@link StreamLoop} of each event loop. Any thread. */
final class StreamLoops {
  private static final long MAX_TICK_MS = 1000;
  private static final long MIN_TICK_MS = 10;

  private final ConcurrentHashMap<EventLoop, StreamLoop> loops = new ConcurrentHashMap<>();
  private final Edge edge;
  private final long tickMs;
  // Half, as the other half is for what is being read and written at the moment.
  private final OutboundBudget outbound =
      new OutboundBudget(PlatformDependent.maxDirectMemory() / 2);

  private StreamLoops(Edge edge, long tickMs) {
    this.edge = edge;
    this.tickMs = tickMs;
    edge.metrics().gauge(GaugeName.OUTBOUND_BYTES, outbound::usedBytes);
    edge.metrics().gauge(GaugeName.OUTBOUND_BUDGET_BYTES, outbound::maxBytes);
  }

  /** Loops whose timers are as fine as the shortest of these deadlines needs. */
  static StreamLoops keeping(Edge edge) {
    HttpSettings settings = edge.settings();
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
    return new StreamLoops(edge, Math.max(MIN_TICK_MS, Math.min(MAX_TICK_MS, shortestMs / 4)));
  }

  StreamLoop of(EventLoop eventLoop) {
    return loops.computeIfAbsent(eventLoop, loop -> new StreamLoop(loop, edge, tickMs, outbound));
  }

  Collection<StreamLoop> all() {
    return loops.values();
  }
}
