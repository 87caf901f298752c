package dev.sluice.frame;

import org.jspecify.annotations.Nullable;

/** What a token's text is for. The wire names are those that existing clients switch on. */
public enum TokenType {
  AGENT_REASONING("agentReasoning"),
  FINAL_RESPONSE("finalResponse"),
  TOOL_RESPONSE("toolResponse");

  private final String wireName;

  TokenType(String wireName) {
    this.wireName = wireName;
  }

  public String wireName() {
    return wireName;
  }

  /** The type of that wire name, or null where there is none. */
  public static @Nullable TokenType of(String wireName) {
    return switch (wireName) {
      case "agentReasoning" -> AGENT_REASONING;
      case "finalResponse" -> FINAL_RESPONSE;
      case "toolResponse" -> TOOL_RESPONSE;
      default -> null;
    };
  }
}
