package dev.sluice.chat;

import org.jspecify.annotations.Nullable;

/**
 * What an upstream is asked.
 *
 * @param question the newest question of the user, as text; may be empty if the messages have none
 * @param messagesJson the conversation, the question included: a finished JSON array of
 *     OpenAI-style {@code {"role","content"}} objects
 * @param chatMessageId names the answer, for the {@code metadata} event
 * @param sessionId the client's session, or null
 * @param flow the flow that was asked for, or null if none was named
 * @param predictionJson what a client that speaks Flowise's dialect sent, whole: a finished JSON
 *     object. Null if the client spoke another one, or the upstream does not {@linkplain
 *     Upstream#readsPredictions read} it
 */
public record Prompt(
    String question,
    String messagesJson,
    String chatMessageId,
    @Nullable String sessionId,
    @Nullable String flow,
    @Nullable String predictionJson) {

  /** A prompt for whoever answers, in no dialect but the messages'. */
  public Prompt(
      String question, String messagesJson, String chatMessageId, @Nullable String sessionId) {
    this(question, messagesJson, chatMessageId, sessionId, null, null);
  }
}
