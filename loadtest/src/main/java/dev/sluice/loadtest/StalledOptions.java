package dev.sluice.loadtest;

import static dev.sluice.loadtest.OptionRule.atLeast;
import static dev.sluice.loadtest.OptionRule.rule;

import dev.sluice.loadtest.plan.StalledSpec;
import picocli.CommandLine.Option;

/** Readers that stop reading, and what is published to them. */
final class StalledOptions {
  private static final int MAX_READERS = 100_000;
  private static final long MAX_BYTES_EACH = 1L << 30;

  @Option(
      names = "--stalled-readers",
      defaultValue = "0",
      description = {
        "Streams besides, each of a chat of its own, that stop reading after the first frame.",
        "They are written to in the second half; in the first, as many chats without a reader",
        "are: what the stalled readers cost is what differs."
      })
  private int readers;

  @Option(
      names = "--stalled-bytes",
      defaultValue = "5000000",
      description = "Text that is published to each of these, in tokens of 4 KiB.")
  private long bytesEach;

  boolean some() {
    return readers > 0;
  }

  StalledSpec spec() {
    atLeast("--stalled-readers", readers, 0);
    rule("--stalled-readers", readers <= MAX_READERS, "at most " + MAX_READERS);
    atLeast("--stalled-bytes", (double) bytesEach, 1);
    rule("--stalled-bytes", bytesEach <= MAX_BYTES_EACH, "at most " + MAX_BYTES_EACH);
    return readers == 0 ? StalledSpec.NONE : new StalledSpec(readers, bytesEach);
  }
}
