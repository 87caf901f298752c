package dev.sluice.chat;

/** Why a run is over. */
public enum RunEnding {
  /** Its producer published {@code end}. */
  COMPLETED("completed"),
  /** Its producer published {@code error}; the server added {@code end}. */
  FAILED("failed"),
  /** Its producer published {@code abort}; the server added {@code end}. */
  ABORTED("aborted"),
  /**
   * A client stopped it, its chat was deleted, or its readers went and {@link UnreadPolicy} said
   * so: {@code abort} and {@code end} by the server.
   */
  STOPPED("stopped"),
  /** Its producer went away without a word: {@code error} and {@code end} by the server. */
  PRODUCER_LOST("producer_lost");

  private final String wireName;

  RunEnding(String wireName) {
    this.wireName = wireName;
  }

  /** True if it was not the producer that ended the run, so that it has to be told. */
  boolean isFromOutside() {
    return this == STOPPED || this == PRODUCER_LOST;
  }

  public String wireName() {
    return wireName;
  }
}
