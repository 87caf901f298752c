package dev.sluice.loadtest;

import static dev.sluice.loadtest.OptionRule.atLeast;
import static dev.sluice.loadtest.OptionRule.rule;

import dev.sluice.loadtest.plan.Dialect;
import dev.sluice.loadtest.plan.Form;
import dev.sluice.loadtest.plan.Lanes;
import dev.sluice.loadtest.plan.LoadSpec;
import dev.sluice.loadtest.plan.MishapSpec;
import dev.sluice.loadtest.plan.Publish;
import picocli.CommandLine.Option;

/** What goes wrong on purpose, at times and places that {@code --seed} draws. */
final class MishapOptions {
  private static final int MAX_EACH = 1_000_000;

  @Option(
      names = "--pauses",
      defaultValue = "0",
      description = "So often a reader stops reading for --pause-ms, and goes on.")
  private int pauses;

  @Option(names = "--pause-ms", defaultValue = "3000", description = "How long such a pause is.")
  private int pauseMs;

  @Option(
      names = "--resets",
      defaultValue = "0",
      description = "So often a stream is broken by a reset, and resumed.")
  private int resets;

  @Option(
      names = "--half-opens",
      defaultValue = "0",
      description = {
        "So often a stream is resumed on a new connection, while the old one is neither",
        "read nor closed."
      })
  private int halfOpens;

  @Option(
      names = "--cuts",
      defaultValue = "0",
      description = {
        "So often a publish connection is cut in the middle of a line, and resumed after",
        "what the target has; with --publish lines. Every other connection is never cut."
      })
  private int cuts;

  /**
   * What goes wrong.
   *
   * @throws IllegalArgumentException if the options make no sense, with the one that is wrong
   */
  MishapSpec spec(LoadSpec load, Dialect dialect, int settleSeconds) {
    each("--pauses", pauses);
    each("--resets", resets);
    each("--half-opens", halfOpens);
    each("--cuts", cuts);
    atLeast("--pause-ms", pauseMs, 1);
    rule(
        "--pause-ms",
        pauses == 0 || pauseMs < settleSeconds * 1000L,
        pauseMs + " is not below --settle-seconds: the run would end within a pause");
    MishapSpec spec = new MishapSpec(pauses, pauseMs, resets, halfOpens, cuts);
    boolean toReaders = pauses > 0 || resets > 0 || halfOpens > 0;
    rule(
        "--pauses, --resets, --half-opens",
        !toReaders || load.publish().byRig(),
        "need --publish lines or post");
    if (cuts > 0 || load.twoRunChats() > 0) {
      String options = "--cuts, --two-run-chats";
      boolean lines = load.publish() == Publish.LINES;
      rule(options, lines && load.answers() == 1, "need --publish lines, and one answer a stream");
      rule(options, dialect.form() == Form.CONTRACT, "need a target of Sluice's contract");
      int connections = Lanes.needed(load.twoRunChats(), cuts > 0);
      rule(options, load.connections() >= connections, "need --connections " + connections);
    }
    return toReaders || cuts > 0 ? spec : MishapSpec.NONE;
  }

  private static void each(String option, int value) {
    atLeast(option, value, 0);
    rule(option, value <= MAX_EACH, "at most " + MAX_EACH);
  }
}
