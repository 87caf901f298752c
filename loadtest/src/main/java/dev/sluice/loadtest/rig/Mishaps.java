package dev.sluice.loadtest.rig;

import dev.sluice.loadtest.measure.MishapTally;
import dev.sluice.loadtest.plan.Lanes;
import dev.sluice.loadtest.plan.Mishap;
import dev.sluice.loadtest.plan.MishapPlan;
import dev.sluice.loadtest.plan.RunSpec;

/** Makes the planned mishaps happen when they are due. Belongs to the thread that leads the run. */
final class Mishaps {
  private final MishapPlan plan;
  private final Subscribers subscribers;
  private final Publisher publisher;
  private int next;

  Mishaps(MishapPlan plan, Subscribers subscribers, Publisher publisher) {
    this.plan = plan;
    this.subscribers = subscribers;
    this.publisher = publisher;
  }

  /** Does what is due so long after the first event. */
  void until(long offsetNanos) {
    while (next < plan.steps().size() && plan.steps().get(next).offsetNanos() <= offsetNanos) {
      MishapPlan.Step step = plan.steps().get(next++);
      if (step.what() == Mishap.CUT) {
        publisher.cut(step.where(), step.hard());
      } else {
        subscribers.suffer(step.where(), step.what());
      }
    }
  }

  /**
   * Counts what happened to publishers, when the run is over: it was survived if all readers of
   * their chats have the exact text.
   */
  static void count(RunSpec spec, Subscribers subscribers, Publisher publisher, MishapTally tally) {
    int chats = spec.load().chats();
    Lanes lanes = Lanes.of(spec.load(), spec.mishaps());
    boolean[] laneHarmed = new boolean[lanes.connections()];
    boolean[] chatHarmed = new boolean[chats + 2 * spec.load().stalled().readers()];
    for (int stream : subscribers.inexact()) {
      laneHarmed[lanes.lane(spec.load().chatOfStream(stream))] = true;
      chatHarmed[spec.load().chatOfStream(stream)] = true;
    }
    for (int lane = 0; lane < lanes.connections(); lane++) {
      tally.made(Mishap.CUT, publisher.cutsMade(lane));
      tally.survived(Mishap.CUT, laneHarmed[lane] ? 0 : publisher.cutsMade(lane));
    }
    for (int chat = 0; chat < spec.load().twoRunChats(); chat++) {
      tally.made(Mishap.TWO_RUNS, 1);
      tally.survived(Mishap.TWO_RUNS, chatHarmed[chat] ? 0 : 1);
    }
  }
}
