package dev.sluice;

import static dev.sluice.ServeOptions.MAX_MS;
import static dev.sluice.ServeOptions.OR_DEFAULT;

import dev.sluice.chat.OnLag;
import dev.sluice.http.HttpSettings;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;

/** The options of {@code serve} about readers: how they are paced, and how slow they may be. */
final class ReaderOptions {
  static final String ON_LAG_KEY = "on-lag";

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
      names = "--" + ON_LAG_KEY,
      defaultValue = "shed",
      paramLabel = "VALUE",
      description =
          "What is done when a log is full and a connected reader still needs the oldest of it,"
              + " unless a flow says it: shed, push-back."
              + OR_DEFAULT)
  String onLag = "";

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
   * What runs do whose flow does not say it.
   *
   * @throws IllegalArgumentException with the option's name and what is allowed
   */
  OnLag onLag() {
    return onLag("--" + ON_LAG_KEY, onLag);
  }

  /**
   * What a flow of the configuration file says; null if it leaves that to the option.
   *
   * @throws IllegalArgumentException with the key and what is allowed
   */
  static @Nullable OnLag onLagOfFlow(String name, @Nullable String value) {
    return value == null ? null : onLag(ON_LAG_KEY + " of the flow " + name, value);
  }

  private static OnLag onLag(String what, String value) {
    OnLag onLag = OnLag.of(value);
    if (onLag == null) {
      throw new IllegalArgumentException(
          what + " is " + value + "; allowed is one of shed, push-back");
    }
    return onLag;
  }

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
