package dev.sluice.loadtest;

import static dev.sluice.loadtest.OptionRule.atLeast;

import dev.sluice.loadtest.plan.RigLimits;
import dev.sluice.loadtest.plan.RigSpec;
import dev.sluice.loadtest.plan.Transport;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** How the rig goes about it. */
final class RigOptions {
  @Option(
      names = "--connects-in-flight",
      defaultValue = "64",
      description = "Streams that may be between connect and response head.")
  private int connectsInFlight;

  @Option(
      names = "--loops",
      description = "Event loops that receive, one for every two cores here.")
  private int loops = Math.max(1, Runtime.getRuntime().availableProcessors() / 2);

  @Option(
      names = "--transport",
      paramLabel = "epoll|nio",
      description = "Default: epoll where it is there.")
  private @Nullable Transport transport;

  @Option(
      names = "--timeout-seconds",
      defaultValue = "120",
      description = "The run stops then, however far it is.")
  private int timeoutSeconds;

  @Option(
      names = "--settle-seconds",
      defaultValue = "10",
      description = "So long without a frame after the last publish: nothing more is awaited.")
  private int settleSeconds;

  @Option(
      names = "--min-rate-percent",
      defaultValue = "99",
      description = "The rig fails itself below this share of the rate.")
  private double minRatePercent;

  @Option(
      names = "--max-lateness-ms",
      defaultValue = "10",
      description = "The rig fails itself when the p99 of its own lateness is above.")
  private double maxLatenessMs;

  @Option(
      names = "--max-idle-bytes",
      defaultValue = "0",
      description = "Fail above so much live heap of the target per idle stream; 0: no limit.")
  private long maxIdleBytes;

  @Option(
      names = "--max-growth-bytes",
      defaultValue = "0",
      description = {
        "Fail if the target's resident memory grows by more in a run with",
        "--stalled-readers; 0: no limit."
      })
  private long maxGrowthBytes;

  RigSpec spec(@Nullable Long pid) {
    atLeast("--connects-in-flight", connectsInFlight, 1);
    atLeast("--loops", loops, 1);
    atLeast("--timeout-seconds", timeoutSeconds, 1);
    atLeast("--settle-seconds", settleSeconds, 1);
    atLeast("--max-idle-bytes", (double) maxIdleBytes, 0);
    OptionRule.rule("--max-idle-bytes", maxIdleBytes == 0 || pid != null, "needs --pid");
    atLeast("--max-growth-bytes", (double) maxGrowthBytes, 0);
    return new RigSpec(
        connectsInFlight,
        loops,
        transport,
        timeoutSeconds,
        settleSeconds,
        pid,
        new RigLimits(minRatePercent, maxLatenessMs),
        maxIdleBytes,
        maxGrowthBytes);
  }
}
