package dev.sluice.chat;

import dev.sluice.metrics.Metrics;
import java.time.InstantSource;
import org.jspecify.annotations.NullMarked;

/** Chats without limits that matter here. */
@NullMarked
public final class BenchChats {
  private static final long FOR_EVER_MS = 1L << 40;

  /** So small that segments are small too, and each iteration makes many of them. */
  private static final long SMALL_LOG_BYTES = 16 * 1024;

  private BenchChats() {}

  /** New, empty, with small logs. */
  public static Chats create(Metrics metrics) {
    return create(metrics, SMALL_LOG_BYTES);
  }

  static Chats create(Metrics metrics, long maxLogBytes) {
    return new Chats(
        new ChatLimits(16, 16, maxLogBytes, 1 << 30, FOR_EVER_MS, FOR_EVER_MS, 0, false),
        InstantSource.system(),
        metrics);
  }
}
