package dev.sluice;

import static dev.sluice.ServeOptions.MAX_MS;
import static dev.sluice.ServeOptions.OR_DEFAULT;

import dev.sluice.http.HttpSettings;
import picocli.CommandLine.Option;

/** The options of {@code serve} about readers: how they are paced, and how slow they may be. */
final class ReaderOptions {
  @Option(
      names = "--batch-ms",
      defaultValue = "0",
      paramLabel = "N",
      description =
          "Shortest time between two writes of tokens, for readers that ask for none and flows"
              + " that say none; 0: each at once."
              + OR_DEFAULT)
  int batchMs;

  @Option(
      names = "--stall-timeout-ms",
      defaultValue = "30000",
      paramLabel = "N",
      description = "How long a stream with bytes waiting may take none." + OR_DEFAULT)
  long stallTimeoutMs;

  @Option(
      names = "--max-lag-bytes",
      defaultValue = "4194304",
      paramLabel = "N",
      description =
          "How much of its chat's log a stream may lack for longer than the stall timeout, however"
              + " it crawls; 0 for no limit."
              + OR_DEFAULT)
  long maxLagBytes;

  /**
   * Checks the values.
   *
   * @throws IllegalArgumentException with an option's name and what is allowed
   */
  void check() {
    ServeOptions.check("--batch-ms", batchMs, 0, HttpSettings.MAX_BATCH_MS);
    ServeOptions.check("--max-lag-bytes", maxLagBytes, 0, 1099511627776L);
    ServeOptions.check("--stall-timeout-ms", stallTimeoutMs, 10, MAX_MS);
  }
}
