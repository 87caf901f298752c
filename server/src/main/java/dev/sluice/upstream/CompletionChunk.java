package dev.sluice.upstream;

import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.JsonNode;

/**
 * What one chunk of a chat completion says, as far as it is of interest: its error, its usage, and
 * its first choice of index 0. It is read as a stream, because there is one for each token; only
 * what is seldom there is made a tree. Unknown keys are passed over, a key that comes twice counts
 * as it stands last. Read again and again by one thread.
 */
final class CompletionChunk {
  private boolean hasError;
  private @Nullable JsonNode error;
  private @Nullable TokenUsage usage;
  private boolean hasChoices;
  private boolean hasChoice;
  private boolean hasDelta;
  private boolean finished;
  private String reasoningContent = "";
  private String reasoning = "";
  private String content = "";
  private String refusal = "";
  private @Nullable JsonNode toolCalls;

  /** Reads a chunk in place of the one before; false if it is not exactly one JSON object. */
  boolean read(String json) {
    hasError = false;
    error = null;
    usage = null;
    hasChoices = false;
    clearChoice();
    JsonTexts texts = JsonTexts.ofThread();
    boolean whole = false;
    try {
      whole = readObject(texts.begin(json)) && texts.isAtEnd();
      return whole;
    } catch (JacksonException e) {
      return false;
    } finally {
      if (!whole) {
        texts.discard();
      }
    }
  }

  /** Whether there is an {@code error}, even if it says nothing. */
  boolean hasError() {
    return hasError;
  }

  /** The error, a string or an object; null if there is none. */
  @Nullable JsonNode error() {
    return error;
  }

  @Nullable TokenUsage usage() {
    return usage;
  }

  /** Whether there is a list of choices, even if it is empty. */
  boolean hasChoices() {
    return hasChoices;
  }

  /** Reasoning of the first choice, empty if there is none; so with the other texts. */
  String reasoning() {
    // Servers that know both spellings send the same text under both.
    return reasoningContent.isEmpty() ? reasoning : reasoningContent;
  }

  String content() {
    return content;
  }

  String refusal() {
    return refusal;
  }

  /** The pieces of tool calls, or null. */
  @Nullable JsonNode toolCalls() {
    return toolCalls;
  }

  /** True if the choice says why it is the last of its answer. */
  boolean isFinished() {
    return finished;
  }

  private boolean readObject(JsonParser parser) {
    if (parser.nextToken() != JsonToken.START_OBJECT) {
      return false;
    }
    for (String name = parser.nextName(); name != null; name = parser.nextName()) {
      parser.nextToken();
      switch (name) {
        case "error" -> readError(parser);
        case "usage" -> usage = TokenUsage.of(parser.<JsonNode>readValueAsTree());
        case "choices" -> readChoices(parser);
        default -> parser.skipChildren();
      }
    }
    return true;
  }

  private void readError(JsonParser parser) {
    JsonNode value = parser.readValueAsTree();
    hasError = true;
    error = value.isObject() || value.isString() ? value : null;
  }

  private void readChoices(JsonParser parser) {
    clearChoice();
    hasChoices = parser.currentToken() == JsonToken.START_ARRAY;
    if (!hasChoices) {
      parser.skipChildren();
      return;
    }
    while (parser.nextToken() != JsonToken.END_ARRAY) {
      if (hasChoice) {
        parser.skipChildren();
      } else {
        readChoice(parser);
      }
    }
  }

  private void readChoice(JsonParser parser) {
    hasChoice = true;
    if (parser.currentToken() != JsonToken.START_OBJECT) {
      parser.skipChildren();
      return;
    }
    for (String name = parser.nextName(); name != null; name = parser.nextName()) {
      JsonToken value = parser.nextToken();
      switch (name) {
        case "index" -> hasChoice = parser.<JsonNode>readValueAsTree().asInt(0) == 0;
        case "delta" -> {
          hasDelta = true;
          readMessage(parser);
        }
        case "message" -> {
          if (hasDelta) {
            parser.skipChildren();
          } else {
            readMessage(parser);
          }
        }
        case "finish_reason" -> {
          finished = value == JsonToken.VALUE_STRING;
          parser.skipChildren();
        }
        default -> parser.skipChildren();
      }
    }
    if (!hasChoice) {
      clearChoice();
    }
  }

  private void readMessage(JsonParser parser) {
    clearMessage();
    if (parser.currentToken() != JsonToken.START_OBJECT) {
      parser.skipChildren();
      return;
    }
    for (String name = parser.nextName(); name != null; name = parser.nextName()) {
      JsonToken value = parser.nextToken();
      switch (name) {
        case "reasoning_content" -> reasoningContent = string(parser);
        case "reasoning" -> reasoning = string(parser);
        case "content" ->
            content =
                value == JsonToken.START_ARRAY
                    ? MessageText.of(parser.readValueAsTree())
                    : string(parser);
        case "refusal" -> refusal = string(parser);
        case "tool_calls" -> toolCalls = parser.readValueAsTree();
        default -> parser.skipChildren();
      }
    }
  }

  /** The value if it is a string, otherwise nothing. */
  private static String string(JsonParser parser) {
    if (parser.currentToken() == JsonToken.VALUE_STRING) {
      return parser.getString();
    }
    parser.skipChildren();
    return "";
  }

  private void clearChoice() {
    hasChoice = false;
    hasDelta = false;
    finished = false;
    clearMessage();
  }

  private void clearMessage() {
    reasoningContent = "";
    reasoning = "";
    content = "";
    refusal = "";
    toolCalls = null;
  }
}
