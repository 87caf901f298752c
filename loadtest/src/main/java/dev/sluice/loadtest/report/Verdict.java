package dev.sluice.loadtest.report;

/** How a run came out, as a word and as an exit code. Exit code 2 is a wrong command line. */
public enum Verdict {
  /** Nothing wrong, and the figures can be relied on. */
  PASS("PASS", 0),
  /** The target broke the contract. */
  FAIL_SERVER("FAIL(server)", 1),
  /**
   * The rig could not make the load that was asked for: the figures say nothing about the target.
   */
  FAIL_RIG("FAIL(rig)", 3);

  private final String word;
  private final int exitCode;

  Verdict(String word, int exitCode) {
    this.word = word;
    this.exitCode = exitCode;
  }

  /** The exit code of the process. */
  public int exitCode() {
    return exitCode;
  }

  @Override
  public String toString() {
    return word;
  }
}
