package dev.sluice.loadtest.plan;

import dev.sluice.loadtest.target.TargetAddress;

/**
 * The settings of one run.
 *
 * @param scenario the name of the scenario, for people
 * @param target where to
 * @param dialect how to talk to it
 * @param runTag names the run; part of every chatId and the seed of all texts
 * @param load what is published
 * @param readers how it is read
 * @param mishaps what goes wrong on purpose besides
 * @param rig how the rig goes about it
 */
public record RunSpec(
    String scenario,
    TargetAddress target,
    Dialect dialect,
    String runTag,
    LoadSpec load,
    ReaderSpec readers,
    MishapSpec mishaps,
    RigSpec rig) {

  /**
   * The chat with a number in the timetable. Letters, digits and hyphens only, so that it needs no
   * encoding.
   */
  public String chatId(int number) {
    return chatPrefix() + load.chatOf(number);
  }

  /** How fast a stream is read. */
  public ReaderSpec.Pace pace(int stream) {
    return load.isStalled(stream) ? ReaderSpec.Pace.STALLED : readers.pace(stream);
  }

  /** What the names of all chats begin with; their number follows. */
  public String chatPrefix() {
    return "load-" + runTag + "-";
  }
}
