package dev.sluice.agent;

import dev.sluice.chat.PublishResult;
import java.util.List;
import java.util.Map;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The streaming callback of a node that calls a model: publishes what the model says as the events
 * of a run that has begun.
 *
 * <p>From the first event on that was refused nothing more is published, and every call says why: a
 * text with a hole is worse than one that ends. If it was refused for want of room the run ends
 * with an error that says so. Otherwise the node does not end the run, except when the model fails;
 * that is for whoever began it.
 *
 * <p>One thread at a time, which may change; no call blocks.
 */
public final class LlmNode {
  private static final Logger LOG = LoggerFactory.getLogger(LlmNode.class);
  private static final String FAILED = "The model failed to answer.";

  private final EventPublisher events;
  private final String chatId;
  private final NodeOutput output;
  private volatile PublishResult result = PublishResult.ACCEPTED;
  private boolean hasPublishedText;

  public LlmNode(EventPublisher events, String chatId, NodeOutput output) {
    this.events = events;
    this.chatId = chatId;
    this.output = output;
  }

  /** {@link PublishResult#ACCEPTED}, or why nothing is published any more. Any thread. */
  public PublishResult result() {
    return result;
  }

  /** The model has said that. */
  public PublishResult onToken(@Nullable String text) {
    if (result == PublishResult.ACCEPTED && output.streamed()) {
      note(offer(text));
    }
    return result;
  }

  /** The model has said that to itself. */
  public PublishResult onThinking(String text) {
    if (result == PublishResult.ACCEPTED && output.streamed() && !text.isEmpty()) {
      note(events.thinking(chatId, text));
    }
    return result;
  }

  /** The model has asked for tools. */
  public PublishResult onToolCalls(List<?> calls) {
    if (result == PublishResult.ACCEPTED) {
      note(events.calledTools(chatId, calls));
    }
    return result;
  }

  /** The model has finished; {@code text} is all it has said. */
  public PublishResult onComplete(@Nullable String text) {
    return onComplete(text, null);
  }

  /**
   * The model has finished. If no token was published, the whole text is, where it should be seen.
   *
   * @param text all it has said
   * @param usage what that has cost, or null
   */
  public PublishResult onComplete(@Nullable String text, @Nullable Object usage) {
    boolean visible = output.streamed() || output.connectedToEnd();
    if (result == PublishResult.ACCEPTED && visible && !hasPublishedText) {
      note(offer(text));
    }
    if (result == PublishResult.ACCEPTED && usage != null) {
      note(events.usage(chatId, usage));
    }
    return result;
  }

  /** The model has failed: the cause goes to the log, a plain sentence to the readers. */
  public PublishResult onError(Throwable cause) {
    LOG.warn("the model of a node failed: chat={}", chatId, cause);
    return onError(FAILED);
  }

  /**
   * The model has failed; the run ends with that.
   *
   * @param message for people
   */
  public PublishResult onError(String message) {
    if (result == PublishResult.ACCEPTED) {
      result = events.error(chatId, message, Map.of("code", "node_failed"));
    }
    return result;
  }

  /** Publishes a token that may be offered again if it was refused. */
  PublishResult offer(@Nullable CharSequence text) {
    PublishResult offered = events.token(chatId, output.tokenType(), text);
    if (offered == PublishResult.ACCEPTED && text != null && text.length() > 0) {
      hasPublishedText = true;
    }
    return offered;
  }

  /** Notes what became of an event. */
  void note(PublishResult what) {
    result = what;
    if (what.isForNow()) {
      // An error is let in all the same.
      events.error(chatId, what.detail(), Map.of("code", what.code(), "retryable", true));
    }
  }

  boolean isStreamed() {
    return output.streamed();
  }

  EventPublisher events() {
    return events;
  }

  String chatId() {
    return chatId;
  }
}
