package dev.sluice.agent;

import dev.sluice.frame.TokenType;

/**
 * What becomes of a node's text.
 *
 * @param streamed whether it is published token by token; otherwise it is published at its end, in
 *     one piece, if it is the answer, and not at all if it is a step on the way
 * @param connectedToEnd whether it is (part of) the answer, or a step on the way to it
 */
public record NodeOutput(boolean streamed, boolean connectedToEnd) {
  /** The answer, token by token. */
  public static final NodeOutput ANSWER = new NodeOutput(true, true);

  /** A step on the way to the answer, token by token. */
  public static final NodeOutput STEP = new NodeOutput(true, false);

  /** The type that the node's tokens have. */
  public TokenType tokenType() {
    return connectedToEnd ? TokenType.FINAL_RESPONSE : TokenType.AGENT_REASONING;
  }
}
