package dev.sluice.upstream;

import dev.sluice.chat.EventDraft;
import dev.sluice.chat.EventNames;
import dev.sluice.chat.Prompt;
import dev.sluice.chat.PublishResult;
import dev.sluice.chat.RunPublisher;
import dev.sluice.frame.TokenType;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;
import tools.jackson.databind.node.JsonNodeFactory;
import tools.jackson.databind.node.ObjectNode;

/**
 * Publishes one answer, and nothing more from the first event on that the chat has refused: a text
 * with a hole is worse than one that ends. One thread at a time.
 */
final class AnswerPublisher {
  private final RunPublisher run;
  private final String metadataJson;
  private @Nullable PublishResult refusal;
  private long tokenCount;

  AnswerPublisher(Prompt prompt, RunPublisher run) {
    this.run = run;
    ObjectNode metadata = JsonNodeFactory.instance.objectNode();
    metadata.put("chatId", run.chatId());
    metadata.put("chatMessageId", prompt.chatMessageId());
    metadata.put("question", prompt.question());
    if (prompt.sessionId() != null) {
      metadata.put("sessionId", prompt.sessionId());
    }
    metadataJson = metadata.toString();
  }

  /** Why the chat takes no more of this answer, or null while it does. */
  @Nullable PublishResult refusal() {
    return refusal;
  }

  /** Tokens that were published. */
  long tokenCount() {
    return tokenCount;
  }

  void token(TokenType type, String text) {
    if (refusal == null && !text.isEmpty()) {
      note(run.token(type, text));
      tokenCount++;
    }
  }

  /** The chat that the answer goes to. */
  String chatId() {
    return run.chatId();
  }

  /** Publishes an event that follows the rules; the draft stays the caller's. */
  void event(EventDraft event) {
    if (refusal == null) {
      note(run.event(event));
      if (event.name().equals(EventNames.TOKEN)) {
        tokenCount++;
      }
    }
  }

  /** Says what the model server itself calls the answer. */
  void chatMessageId(String id) {
    run.chatMessageId(id);
  }

  /** One {@code calledTools} with all calls, then a {@code tool} for each. */
  void calledTools(ArrayNode calls) {
    json(EventNames.CALLED_TOOLS, calls.toString());
    for (JsonNode call : calls) {
      json(EventNames.TOOL, call.toString());
    }
  }

  /** Publishes what stands at the end of an answer, and ends the run. */
  void end(@Nullable TokenUsage usage) {
    if (usage != null) {
      json(EventNames.USAGE_METADATA, usage.json());
    }
    json(EventNames.METADATA, metadataJson);
    if (refusal == null) {
      note(run.end());
    }
  }

  private void json(String name, String dataJson) {
    if (refusal == null) {
      note(run.json(name, dataJson));
    }
  }

  private void note(PublishResult result) {
    if (result != PublishResult.ACCEPTED) {
      refusal = result;
    }
  }
}
