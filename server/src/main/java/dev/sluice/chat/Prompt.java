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
 */
public record Prompt(
    String question, String messagesJson, String chatMessageId, @Nullable String sessionId) {}
