package dev.sluice.http;

/** Why a stream ended, by the name under which it is counted. */
enum CloseReason {
  /** The body was completed: everything that was asked for has been sent. */
  COMPLETED("completed"),
  /** The client closed the connection, or it broke. */
  CLIENT_GONE("client_gone"),
  /** The client took no byte for the stall timeout. */
  STALLED("stalled"),
  /** The buffers of all streams together were full, and this client took nothing for long. */
  NO_ROOM("no_room"),
  /** The client took some, but stayed further behind than it may for the stall timeout. */
  LAG_LIMIT("lag_limit"),
  /** The chat was deleted. */
  CHAT_GONE("chat_gone"),
  /** The server is shutting down; the client was told to reconnect. */
  DRAINED("drained"),
  /** A fault of the server's own; it is in the log. */
  FAILED("failed");

  private final String label;

  CloseReason(String label) {
    this.label = label;
  }

  /** True if the client was too slow to be kept. */
  boolean isSlowness() {
    return this == STALLED || this == LAG_LIMIT;
  }

  String label() {
    return label;
  }
}
