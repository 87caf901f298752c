package dev.sluice.chat;

/**
 * What became of a published event. A refusal is a value, not an exception: it is part of normal
 * work, and nothing else is disturbed by it.
 *
 * <p>When another thread is appending to the same chat at that moment the event is handed to it and
 * the answer is {@link #ACCEPTED}; if the run turns out to have been stopped just then, the event
 * is dropped, and the next call says so.
 */
public enum PublishResult {
  /** It is in the log, or was swallowed by rule (a second {@code start}, an empty token). */
  ACCEPTED("accepted", "the event was accepted"),
  /** The chat was deleted or forgotten; publish to it anew, or stop. */
  CHAT_GONE("chat_gone", "the chat is gone"),
  /** The run was stopped by a client: stop producing. */
  RUN_STOPPED("run_stopped", "the run was stopped; begin the next one with a start event"),
  /** The named run is over; a run id is not used again. */
  RUN_ENDED("run_ended", "the run named by \"run\" is over; name another"),
  /** The chat has as many open runs as it may have: end one first. */
  TOO_MANY_RUNS("too_many_runs", "the chat has as many open runs as it may have"),
  /** Too many chats: try again when some have been forgotten. */
  TOO_MANY_CHATS("too_many_chats", "the server has as many chats as it may have"),
  /** The logs use all the memory they may: try again later. */
  OVER_BUDGET("over_budget", "the logs use all the memory they may; try again later"),
  /** A connected reader still needs what the log would have to shed: try again later. */
  PUSHED_BACK("pushed_back", "a reader is behind, and publishers wait for it; try again later"),
  /** Numbered events are missing before this one. */
  SEQ_GAP("seq_gap", "events of this producer are missing before this one"),
  /** A newer start of the same producer has published to the chat: this one is to end. */
  PRODUCER_FENCED("producer_fenced", "a newer epoch of this producer has published to the chat");

  private final String code;
  private final String detail;

  PublishResult(String code, String detail) {
    this.code = code;
    this.detail = detail;
  }

  /** True if the same event may be accepted a little later. */
  public boolean isForNow() {
    return this == OVER_BUDGET || this == PUSHED_BACK;
  }

  /** The machine-readable name, as problem documents carry it. */
  public String code() {
    return code;
  }

  /** A sentence for people. */
  public String detail() {
    return detail;
  }
}
