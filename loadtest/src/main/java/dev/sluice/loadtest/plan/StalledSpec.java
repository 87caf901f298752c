package dev.sluice.loadtest.plan;

/**
 * Readers that stop reading, with much published to each of them; and as much to as many chats that
 * nobody reads, before, to compare with.
 *
 * @param readers how many; 0 for none
 * @param bytesEach how much text is published to each, about
 */
public record StalledSpec(int readers, long bytesEach) {
  /** There are none. */
  public static final StalledSpec NONE = new StalledSpec(0, 0);

  /** The length of one token of theirs: long, since what is looked at is memory. */
  public static final int TOKEN_BYTES = 4096;

  /** How many tokens each gets. */
  int tokensEach() {
    return (int) ((bytesEach + TOKEN_BYTES - 1) / TOKEN_BYTES);
  }
}
