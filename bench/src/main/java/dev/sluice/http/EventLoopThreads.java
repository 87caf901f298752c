package dev.sluice.http;

import io.netty.util.concurrent.DefaultThreadFactory;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.ThreadPoolExecutor;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.NullMarked;

/**
 * Runs benchmarks on threads of the kind that event loops have: Netty keeps its objects for reuse
 * on those alone. JMH makes it, by its name.
 */
@NullMarked
public final class EventLoopThreads extends ThreadPoolExecutor {
  /** What has JMH's fork use it. */
  static final String USE_CUSTOM = "-Djmh.executor=CUSTOM";

  /** Netty's leak detector writes down one buffer in 128; that is not what is measured. */
  static final String NO_LEAK_DETECTION = "-Dio.netty.leakDetection.level=disabled";

  static final String USE_THIS = "-Djmh.executor.class=dev.sluice.http.EventLoopThreads";

  public EventLoopThreads(int maxThreads, String prefix) {
    super(
        maxThreads,
        maxThreads,
        0,
        TimeUnit.SECONDS,
        new LinkedBlockingQueue<>(),
        new DefaultThreadFactory(prefix));
  }
}
