package dev.sluice.loadtest.plan;

import java.util.ArrayList;
import java.util.BitSet;
import java.util.Comparator;
import java.util.List;
import java.util.SplittableRandom;

/**
 * What goes wrong, where and when. A pure function of the seed, so that a run can be repeated.
 *
 * @param steps in the order of their times
 * @param struck the streams that any of them is about, and those that read a chat whose publisher
 *     is cut or that has two: they are checked, not measured
 * @param paused the streams that stop reading at some time
 */
public record MishapPlan(List<Step> steps, BitSet struck, BitSet paused) {

  /**
   * One mishap.
   *
   * @param offsetNanos from the first event's being due
   * @param what which
   * @param where the stream, or for {@link Mishap#CUT} the publish connection
   * @param hard for a cut: by a reset, which loses what is under way; else the bytes still arrive
   */
  public record Step(long offsetNanos, Mishap what, int where, boolean hard) {}

  /** Whether any of it is about this stream, so that its times say nothing. */
  public boolean isStruck(int stream) {
    return struck.get(stream);
  }

  /** Whether this stream is paused at some time. */
  public boolean pauses(int stream) {
    return paused.get(stream);
  }

  /** Draws the mishaps of a run between its first token and its last. */
  public static MishapPlan draw(
      LoadSpec load, ReaderSpec readers, MishapSpec spec, Timetable timetable) {
    SplittableRandom random = new SplittableRandom(load.seed());
    Lanes lanes = Lanes.of(load, spec);
    List<Integer> brisk = new ArrayList<>();
    BitSet struck = new BitSet();
    for (int stream = 0; stream < load.streams(); stream++) {
      if (!load.isStalled(stream) && readers.pace(stream) == ReaderSpec.Pace.BRISK) {
        brisk.add(stream);
      }
      int chat = load.chatOfStream(stream);
      if (lanes.mayBeCut(chat) || load.runOf(chat) != null) {
        struck.set(stream);
      }
    }
    long lastNanos =
        timetable.sizeToLastToken() == 0
            ? 0
            : timetable.offsetNanos(timetable.sizeToLastToken() - 1);
    List<Step> steps = new ArrayList<>();
    readers(steps, random.split(), Mishap.PAUSE, spec.pauses(), brisk, lastNanos);
    BitSet paused = new BitSet();
    steps.forEach(step -> paused.set(step.where()));
    readers(steps, random.split(), Mishap.RESET, spec.resets(), brisk, lastNanos);
    readers(steps, random.split(), Mishap.HALF_OPEN, spec.halfOpens(), brisk, lastNanos);
    steps.forEach(step -> struck.set(step.where()));
    SplittableRandom cuts = random.split();
    for (int cut = 0; cut < spec.cuts(); cut++) {
      // In turn, so that each is cut as often; hard and soft ones in turn too.
      int lane = lanes.cuttable(cut);
      steps.add(new Step(cuts.nextLong(lastNanos + 1), Mishap.CUT, lane, cut % 2 == 0));
    }
    steps.sort(Comparator.comparingLong(Step::offsetNanos));
    return new MishapPlan(List.copyOf(steps), struck, paused);
  }

  private static void readers(
      List<Step> steps,
      SplittableRandom random,
      Mishap what,
      int count,
      List<Integer> streams,
      long lastNanos) {
    for (int i = 0; i < count && !streams.isEmpty(); i++) {
      int stream = streams.get(random.nextInt(streams.size()));
      steps.add(new Step(random.nextLong(lastNanos + 1), what, stream, false));
    }
  }
}
