package dev.sluice.chat;

/**
 * What the chats may use.
 *
 * @param maxChats chats that exist at once
 * @param maxOpenRunsPerChat runs of one chat that are open at once
 * @param maxLogBytes heap of one chat's log, in bytes; the oldest events are shed beyond it
 * @param maxTotalLogBytes heap of all logs together, in bytes; publishing is refused beyond it
 * @param chatTtlMs how long a chat without an open run and without a reader is kept, in ms
 * @param runIdleTimeoutMs how long an open run may be without an event before its producer counts
 *     as lost, in ms
 * @param producerGraceMs how long the run of a publisher whose connection broke waits for it to
 *     come back, in ms; 0 for not at all
 * @param dropBlankTokens drop a token of white space alone, instead of letting its text ride along
 * @param onLag what runs do that say nothing of it themselves when readers lag
 */
public record ChatLimits(
    int maxChats,
    int maxOpenRunsPerChat,
    long maxLogBytes,
    long maxTotalLogBytes,
    long chatTtlMs,
    long runIdleTimeoutMs,
    long producerGraceMs,
    boolean dropBlankTokens,
    OnLag onLag) {
  /** Limits under which runs shed what readers are too slow for. */
  public ChatLimits(
      int maxChats,
      int maxOpenRunsPerChat,
      long maxLogBytes,
      long maxTotalLogBytes,
      long chatTtlMs,
      long runIdleTimeoutMs,
      long producerGraceMs,
      boolean dropBlankTokens) {
    this(
        maxChats,
        maxOpenRunsPerChat,
        maxLogBytes,
        maxTotalLogBytes,
        chatTtlMs,
        runIdleTimeoutMs,
        producerGraceMs,
        dropBlankTokens,
        OnLag.SHED);
  }
}
