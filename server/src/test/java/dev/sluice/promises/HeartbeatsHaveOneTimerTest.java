package dev.sluice.promises;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.Sluice;
import io.netty.channel.IoEventLoop;
import io.netty.channel.IoHandlerFactory;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SingleThreadIoEventLoop;
import io.netty.channel.nio.NioIoHandler;
import io.netty.util.concurrent.ScheduledFuture;
import java.io.InputStream;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Callable;
import java.util.concurrent.Executor;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;

/** Silent streams get their heartbeats, and the loop that serves them sets no timer for any. */
class HeartbeatsHaveOneTimerTest {
  private static final int STREAMS = 100;
  private static final int HEARTBEATS = 3;

  private final AtomicInteger timers = new AtomicInteger();

  @Test
  void aStreamMoreIsNoTimerMore() throws Exception {
    try (CountingLoops loops = new CountingLoops(timers);
        Sluice server =
            Sluice.embed().port(0).option("heartbeat-ms", 100).eventLoops(loops).start()) {
      List<EventStream> streams = new ArrayList<>();
      try {
        streams.add(EventStream.open(server.uri(), "c0"));
        int before = timers.get();
        assertTrue(before > 0, "timers are not counted");
        for (int i = 1; i < STREAMS; i++) {
          streams.add(EventStream.open(server.uri(), "c" + i));
        }
        for (EventStream stream : streams) {
          awaitHeartbeats(stream);
        }
        assertEquals(before, timers.get());
      } finally {
        streams.forEach(EventStream::close);
      }
    }
  }

  private static void awaitHeartbeats(EventStream stream) throws Exception {
    InputStream in = stream.connection().in();
    int seen = 0;
    for (int b = in.read(); seen < HEARTBEATS; b = in.read()) {
      assertTrue(b >= 0, "the stream ended");
      if (b == ':') {
        seen++;
      }
    }
  }

  /** One NIO loop that counts what is scheduled on it. */
  private static final class CountingLoops extends MultiThreadIoEventLoopGroup
      implements AutoCloseable {
    CountingLoops(AtomicInteger timers) {
      super(1, (Executor) null, NioIoHandler.newFactory(), timers);
    }

    @Override
    protected IoEventLoop newChild(
        Executor executor, IoHandlerFactory ioHandlerFactory, Object... args) {
      return new CountingLoop(this, executor, ioHandlerFactory, (AtomicInteger) args[0]);
    }

    @Override
    public void close() {
      shutdownGracefully(0, 2, TimeUnit.SECONDS).awaitUninterruptibly();
    }
  }

  private static final class CountingLoop extends SingleThreadIoEventLoop {
    private final AtomicInteger timers;

    CountingLoop(
        CountingLoops parent,
        Executor executor,
        IoHandlerFactory ioHandlerFactory,
        AtomicInteger timers) {
      super(parent, executor, ioHandlerFactory);
      this.timers = timers;
    }

    @Override
    public ScheduledFuture<?> schedule(Runnable command, long delay, TimeUnit unit) {
      timers.incrementAndGet();
      return super.schedule(command, delay, unit);
    }

    @Override
    public <V> ScheduledFuture<V> schedule(Callable<V> callable, long delay, TimeUnit unit) {
      timers.incrementAndGet();
      return super.schedule(callable, delay, unit);
    }

    @Override
    public ScheduledFuture<?> scheduleAtFixedRate(
        Runnable command, long initialDelay, long period, TimeUnit unit) {
      timers.incrementAndGet();
      return super.scheduleAtFixedRate(command, initialDelay, period, unit);
    }

    @Override
    public ScheduledFuture<?> scheduleWithFixedDelay(
        Runnable command, long initialDelay, long delay, TimeUnit unit) {
      timers.incrementAndGet();
      return super.scheduleWithFixedDelay(command, initialDelay, delay, unit);
    }
  }
}
