package dev.sluice.loadtest;

import static dev.sluice.loadtest.OptionRule.atLeast;
import static dev.sluice.loadtest.OptionRule.percent;
import static dev.sluice.loadtest.OptionRule.rule;

import dev.sluice.loadtest.plan.Publish;
import dev.sluice.loadtest.plan.ReaderSpec;
import picocli.CommandLine.Option;

/** How the streams are read. */
final class ReaderOptions {
  @Option(
      names = "--slow-percent",
      defaultValue = "0",
      description = "Streams that crawl; checked to the end, not measured.")
  private int slowPercent;

  @Option(
      names = "--slow-bytes-per-second",
      defaultValue = "2000",
      description = "How fast these read.")
  private int slowBytesPerSecond;

  @Option(
      names = "--stalled-percent",
      defaultValue = "0",
      description = "Streams that stop reading after their first bytes; not measured.")
  private int stalledPercent;

  @Option(
      names = "--drop-every-ms",
      defaultValue = "0",
      description = "Drop connections so often, and resume them by Last-Event-ID; 0: never.")
  private int dropEveryMs;

  @Option(
      names = "--drop-percent",
      defaultValue = "100",
      description = "The share of the streams that is dropped each time.")
  private int dropPercent;

  ReaderSpec spec(Publish publish) {
    percent("--slow-percent", slowPercent);
    percent("--stalled-percent", stalledPercent);
    rule(
        "--slow-percent, --stalled-percent",
        slowPercent + stalledPercent < 100,
        "leave no stream that is measured");
    atLeast("--slow-bytes-per-second", slowBytesPerSecond, 1);
    atLeast("--drop-every-ms", dropEveryMs, 0);
    percent("--drop-percent", dropPercent);
    boolean odd = slowPercent > 0 || stalledPercent > 0 || dropEveryMs > 0;
    rule(
        "--slow-percent, --stalled-percent, --drop-every-ms",
        !odd || publish.byRig(),
        "need --publish lines or post");
    return new ReaderSpec(
        slowPercent, slowBytesPerSecond, stalledPercent, dropEveryMs, dropPercent);
  }
}
