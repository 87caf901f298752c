package dev.sluice.loadtest.plan;

import java.util.SplittableRandom;

/**
 * Every stream by itself, as models answer: answer after answer, each with its own length, rate,
 * bursts and pauses.
 */
public final class ModelTimetable {
  private ModelTimetable() {}

  /**
   * Draws the answers of all slots.
   *
   * @param slots how many conversations go on at once
   * @param answers how many answers each gets, one after the other, each in a chat of its own:
   *     answer {@code a} of slot {@code s} is chat {@code a * slots + s}
   * @param medianTokens half of all answers are shorter
   * @param measuredFromNanos what is due before does not count
   */
  public static KeptTimetable draw(
      long seed, int slots, int answers, int medianTokens, ModelSpec spec, long measuredFromNanos) {
    long[][] offsets = new long[Math.multiplyExact(slots, answers)][];
    SplittableRandom seeds = new SplittableRandom(seed);
    for (int slot = 0; slot < slots; slot++) {
      long atNanos = (long) (seeds.nextDouble() * spec.spreadMs() * 1e6);
      for (int answer = 0; answer < answers; answer++) {
        long[] trace = ModelTrace.draw(seeds.nextLong(), medianTokens, spec);
        for (int i = 0; i < trace.length; i++) {
          trace[i] += atNanos;
        }
        offsets[answer * slots + slot] = trace;
        atNanos = trace[trace.length - 1] + ModelTrace.thinkNanos(seeds.nextLong(), spec);
      }
    }
    return new KeptTimetable(offsets, measuredFromNanos);
  }
}
