package dev.sluice.metrics;

/** What a frame is, by the name under which it is counted. */
public enum FrameType {
  /** Tokens of a model that thinks or plans. */
  AGENT_REASONING("agentReasoning"),
  /** Tokens of the answer. */
  FINAL_RESPONSE("finalResponse"),
  /** Tokens of a tool. */
  TOOL_RESPONSE("toolResponse"),
  /** Any event that is not a token. */
  EVENT("event");

  private static final FrameType[] ALL = values();

  /** How many there are. */
  static final int COUNT = ALL.length;

  private final String label;

  FrameType(String label) {
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

  static FrameType at(int index) {
    return ALL[index];
  }
}
