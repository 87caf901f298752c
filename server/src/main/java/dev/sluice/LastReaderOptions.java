package dev.sluice;

import dev.sluice.chat.UnreadPolicy;
import java.util.List;
import org.jspecify.annotations.Nullable;
import picocli.CommandLine.Option;
import tools.jackson.databind.JsonNode;

/** What becomes of an answer when its last reader goes: the options, and what a flow says of it. */
final class LastReaderOptions {
  static final String KEY = "on-last-reader-gone";
  static final String GRACE_KEY = "last-reader-grace-ms";

  private static final String CONTINUE = "continue";
  private static final String CANCEL = "cancel";
  private static final String CANCEL_AFTER = "cancel-after";
  private static final List<String> CHOICES = List.of(CONTINUE, CANCEL, CANCEL_AFTER);
  private static final String OR_DEFAULT = " Default: ${DEFAULT-VALUE}.";
  private static final long MAX_MS = 24L * 60 * 60 * 1000;

  @Option(
      names = "--upstream-" + KEY,
      defaultValue = CONTINUE,
      paramLabel = "VALUE",
      description =
          "What an answer does when its last reader goes: continue, cancel, cancel-after."
              + OR_DEFAULT)
  String choice = CONTINUE;

  @Option(
      names = "--upstream-" + GRACE_KEY,
      defaultValue = "30000",
      paramLabel = "N",
      description = "How long cancel-after waits for a reader to come back." + OR_DEFAULT)
  long graceMs;

  /**
   * What the options say.
   *
   * @throws IllegalArgumentException with an option's name and what is allowed
   */
  UnreadPolicy policy() {
    requireChoice("--upstream-" + KEY, choice);
    requireGrace("--upstream-" + GRACE_KEY, graceMs);
    return policy(choice, graceMs);
  }

  /**
   * What a flow of the configuration file says; the options say the rest.
   *
   * @throws IllegalArgumentException with the key and what is allowed
   */
  UnreadPolicy ofFlow(String name, @Nullable String flowChoice, @Nullable JsonNode flowGrace) {
    String ofFlow = " of the flow " + name;
    if (flowChoice != null) {
      requireChoice(KEY + ofFlow, flowChoice);
    }
    if (flowGrace == null) {
      return policy(flowChoice == null ? choice : flowChoice, graceMs);
    }
    if (!flowGrace.isIntegralNumber() || !flowGrace.canConvertToLong()) {
      throw new IllegalArgumentException(GRACE_KEY + ofFlow + " has to be a number of ms");
    }
    requireGrace(GRACE_KEY + ofFlow, flowGrace.asLong());
    return policy(flowChoice == null ? choice : flowChoice, flowGrace.asLong());
  }

  private static UnreadPolicy policy(String choice, long graceMs) {
    return switch (choice) {
      case CONTINUE -> UnreadPolicy.CONTINUE;
      case CANCEL -> UnreadPolicy.CANCEL;
      default -> UnreadPolicy.cancelAfter(graceMs);
    };
  }

  private static void requireChoice(String what, String value) {
    if (!CHOICES.contains(value)) {
      throw new IllegalArgumentException(
          what + " is " + value + "; allowed is one of " + String.join(", ", CHOICES));
    }
  }

  private static void requireGrace(String what, long value) {
    if (value < 0 || value > MAX_MS) {
      throw new IllegalArgumentException(what + " is " + value + "; allowed is 0 to " + MAX_MS);
    }
  }
}
