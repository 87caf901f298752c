package dev.sluice.agent;

import dev.sluice.chat.Chats;
import dev.sluice.chat.StartAt;
import java.util.Objects;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import org.jspecify.annotations.Nullable;

/**
 * The frames of one chat, for clients that this process serves by other means than the edge: a
 * servlet, a WebSocket, a test. To subscribe registers a client, to cancel removes it. Each item is
 * one frame, as it stands on the wire.
 *
 * <p>A subscriber that asks for little misses nothing and holds nobody up: what it has not asked
 * for stays in the log, and adjacent tokens are merged until it does. Without {@code follow} the
 * stream completes after the end of a run when none is open any more.
 *
 * <p>May be subscribed to many times, from any thread. If there are too many chats a subscriber is
 * told so by {@code onError} with an {@link IllegalStateException}; if the executor refuses a task,
 * with its {@link java.util.concurrent.RejectedExecutionException}, on whatever thread that was.
 *
 * @param chats where to look
 * @param chatId a chat that does not exist yet is awaited
 * @param startAt where to begin
 * @param runId the run to read alone, or null for all
 * @param follow stay for the runs to come
 * @param executor what signals are given on; a subscriber gets one at a time
 */
public record ChatFrames(
    Chats chats,
    String chatId,
    StartAt startAt,
    @Nullable String runId,
    boolean follow,
    Executor executor)
    implements Flow.Publisher<String> {

  @Override
  public void subscribe(Flow.Subscriber<? super String> subscriber) {
    new FrameSubscription(this, Objects.requireNonNull(subscriber)).begin();
  }
}
