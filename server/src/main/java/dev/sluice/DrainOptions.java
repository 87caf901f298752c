package dev.sluice;

import picocli.CommandLine.Option;

/** How a server goes out of service. */
final class DrainOptions {
  private static final String OR_DEFAULT = " Default: ${DEFAULT-VALUE}.";

  @Option(
      names = "--drain-timeout-ms",
      defaultValue = "10000",
      paramLabel = "N",
      description = "How long open runs may go on after SIGTERM." + OR_DEFAULT)
  long timeoutMs;

  @Option(
      names = "--drain-spread-ms",
      defaultValue = "5000",
      paramLabel = "N",
      description = "Over how long streams are closed then, 100 a second at least." + OR_DEFAULT)
  long spreadMs;
}
