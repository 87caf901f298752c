package dev.sluice.loadtest.plan;

import java.util.SplittableRandom;

/**
 * The times of one answer: {@code start} at 0, a first token after the model has read, then tokens
 * at the rate of this answer, with bursts and pauses, and {@code end} right after the last. A pure
 * function of the seed.
 */
final class ModelTrace {
  private static final double NANOS_PER_MS = 1e6;
  private static final double READING_SHARE = 0.2;
  private static final int MAX_BURST = 8;

  /** A mean token takes its time give or take this share of it. */
  private static final double JITTER = 0.5;

  private ModelTrace() {}

  /**
   * Draws an answer.
   *
   * @param medianTokens half of all answers are shorter
   * @return the offsets of its events in nanoseconds, start and end included
   */
  static long[] draw(long seed, int medianTokens, ModelSpec spec) {
    SplittableRandom random = new SplittableRandom(seed);
    int tokens = length(random, medianTokens, spec);
    double range = spec.fastestTokensPerSecond() - spec.slowestTokensPerSecond();
    double rate = spec.slowestTokensPerSecond() + range * random.nextDouble();
    double gapNanos = 1e9 / rate;
    long[] offsets = new long[tokens + 2];
    double atNanos = exponential(random) * spec.thinkMs() * READING_SHARE * NANOS_PER_MS;
    int index = 0;
    while (index < tokens) {
      int together = burst(random, spec);
      int until = Math.min(tokens, index + together);
      int came = until - index;
      while (index < until) {
        offsets[++index] = (long) atNanos;
      }
      // A burst took as long to make as its tokens one by one: the rate stays what it is.
      atNanos += came * gapNanos * (1 - JITTER + 2 * JITTER * random.nextDouble());
      if (random.nextDouble() * 100 < spec.pausePercent()) {
        atNanos += exponential(random) * spec.pauseMs() * NANOS_PER_MS;
      }
    }
    offsets[tokens + 1] = offsets[tokens];
    return offsets;
  }

  /** The time from the end of an answer to the start of the next, in nanoseconds. */
  static long thinkNanos(long seed, ModelSpec spec) {
    return (long) (exponential(new SplittableRandom(seed)) * spec.thinkMs() * NANOS_PER_MS);
  }

  private static int length(SplittableRandom random, int medianTokens, ModelSpec spec) {
    double length = medianTokens * Math.exp(spec.tailSigma() * gaussian(random));
    return (int) Math.max(1, Math.min(spec.maxTokens(), Math.round(length)));
  }

  private static int burst(SplittableRandom random, ModelSpec spec) {
    return random.nextDouble() * 100 < spec.burstPercent() ? random.nextInt(2, MAX_BURST + 1) : 1;
  }

  private static double exponential(SplittableRandom random) {
    return -Math.log(1 - random.nextDouble());
  }

  /** A standard normal number, by the method of Box and Muller. */
  private static double gaussian(SplittableRandom random) {
    double radius = Math.sqrt(2 * exponential(random));
    return radius * Math.cos(2 * Math.PI * random.nextDouble());
  }
}
