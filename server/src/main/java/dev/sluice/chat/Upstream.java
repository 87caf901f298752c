package dev.sluice.chat;

import java.util.function.Consumer;
import org.jspecify.annotations.Nullable;

/** A producer that Sluice itself calls, a model server for instance. */
public interface Upstream {
  /** No pacing window is said. */
  int NO_BATCH_MS = -1;

  /**
   * Begins to answer and returns at once. Whatever happens, the upstream ends the run: by {@code
   * end}, or by {@code error}. It sets {@link RunPublisher#listen} to give up its work when the run
   * is stopped. Any thread.
   */
  void answer(Prompt prompt, RunPublisher run);

  /** Whether it can be asked for that flow, which is null if none was named. */
  default boolean serves(@Nullable String flow) {
    return true;
  }

  /**
   * Whether it wants {@link Prompt#predictionJson}. Then what a prediction has to hold is for it to
   * say: a form or a recording may stand there in place of a question.
   */
  default boolean readsPredictions() {
    return false;
  }

  /**
   * Whether its runs begin with what it publishes first, instead of at once: it may begin them by
   * something else than {@code start}.
   */
  default boolean beginsRuns() {
    return false;
  }

  /** What becomes of its runs when their last reader goes. */
  default UnreadPolicy unreadPolicy() {
    return UnreadPolicy.CONTINUE;
  }

  /** What becomes of its runs when readers lag; null to leave it to the server. */
  default @Nullable OnLag onLag() {
    return null;
  }

  /**
   * The shortest time between two writes of tokens to one reader of its answers, in ms; 0 for none,
   * {@link #NO_BATCH_MS} to leave it to the server. A reader's own wish beats it.
   */
  default int batchMs() {
    return NO_BATCH_MS;
  }

  /**
   * Asks how a chat window for that flow is to look and what it may do, in Flowise's terms. Any
   * thread.
   *
   * @param taker gets a JSON object as UTF-8, or null if there is nothing to say; once, before
   *     long, on any thread
   */
  default void chatbotConfig(@Nullable String flow, Consumer<byte @Nullable []> taker) {
    taker.accept(null);
  }
}
