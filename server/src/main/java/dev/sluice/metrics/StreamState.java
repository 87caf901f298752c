package dev.sluice.metrics;

/** What an open stream is doing, by the name under which it is counted. */
public enum StreamState {
  /** Nothing has been sent on it but its head and heartbeats. */
  WAITING("waiting"),
  /** Frames have been sent, and its client takes what comes. */
  LIVE("live"),
  /** Its client is slower than its chat: nothing is written until it has taken what is pending. */
  BLOCKED("blocked");

  private static final StreamState[] ALL = values();

  /** How many there are. */
  static final int COUNT = ALL.length;

  private final String label;

  StreamState(String label) {
    this.label = label;
  }

  String label() {
    return label;
  }

  /** Its place in arrays, which no other process sees. */
  @SuppressWarnings("EnumOrdinal")
  int index() {
    return ordinal();
  }

  static StreamState at(int index) {
    return ALL[index];
  }
}
