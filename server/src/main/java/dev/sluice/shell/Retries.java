package dev.sluice.shell;

import java.util.OptionalLong;
import java.util.concurrent.TimeUnit;
import java.util.function.LongSupplier;
import java.util.random.RandomGenerator;

/**
 * When to try again after a connection has failed, and when to give up: as the server's {@code
 * retry} says, then after twice that, and so on up to half a minute; each wait but the server's own
 * is shortened by chance, so that clients do not all come at once. One thread.
 */
final class Retries {
  private static final long FIRST_MS = 1000;
  private static final long MAX_MS = 30_000;

  private final long maxRetries;
  private final long timeoutMs;
  private final LongSupplier nanoTime;
  private final RandomGenerator random;

  private long toldMs = -1;
  private long tries;
  private long failingSinceNanos;

  /**
   * @param maxRetries how often in a row, at most
   * @param timeoutMs how long after the first failure, at most; 0 for ever
   */
  Retries(long maxRetries, long timeoutMs, LongSupplier nanoTime, RandomGenerator random) {
    this.maxRetries = maxRetries;
    this.timeoutMs = timeoutMs;
    this.nanoTime = nanoTime;
    this.random = random;
  }

  /** What the server asks for, in ms; negative if it has not. */
  void told(long retryMs) {
    if (retryMs >= 0) {
      toldMs = retryMs;
    }
  }

  /** The connection was of use: the next failure is the first one again. */
  void worked() {
    tries = 0;
  }

  /** How long to wait before the next try, in ms; empty if there is to be none. */
  OptionalLong nextWaitMs() {
    long nowNanos = nanoTime.getAsLong();
    if (tries == 0) {
      failingSinceNanos = nowNanos;
    }
    long leftMs = timeoutMs - TimeUnit.NANOSECONDS.toMillis(nowNanos - failingSinceNanos);
    if (tries >= maxRetries || (timeoutMs > 0 && leftMs <= 0)) {
      return OptionalLong.empty();
    }
    long waitMs = waitMs();
    tries++;
    return OptionalLong.of(timeoutMs > 0 ? Math.min(waitMs, leftMs) : waitMs);
  }

  private long waitMs() {
    if (tries == 0 && toldMs >= 0) {
      return Math.min(toldMs, MAX_MS);
    }
    long firstMs = Math.max(1, toldMs >= 0 ? toldMs : FIRST_MS);
    long fullMs = Math.min(MAX_MS, firstMs << Math.min(tries, 20));
    return fullMs / 2 + random.nextLong(fullMs / 2 + 1);
  }
}
