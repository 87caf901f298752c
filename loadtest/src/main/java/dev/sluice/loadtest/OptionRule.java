package dev.sluice.loadtest;

/** Says what is wrong with an option. */
final class OptionRule {
  private OptionRule() {}

  /**
   * Demands something of an option.
   *
   * @throws IllegalArgumentException with the option and what is wrong
   */
  static void rule(String option, boolean holds, String otherwise) {
    if (!holds) {
      throw new IllegalArgumentException(option + ": " + otherwise);
    }
  }

  /** Demands a number of at least so much. */
  static void atLeast(String option, double value, double least) {
    rule(option, value >= least, number(value) + " is too small, at least " + number(least));
  }

  /** Demands a share. */
  static void percent(String option, double value) {
    rule(option, value >= 0 && value <= 100, number(value) + " is not between 0 and 100");
  }

  private static String number(double value) {
    return value == Math.rint(value) && Math.abs(value) < 1e15
        ? Long.toString((long) value)
        : Double.toString(value);
  }
}
