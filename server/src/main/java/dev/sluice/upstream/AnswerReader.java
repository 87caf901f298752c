package dev.sluice.upstream;

import org.jspecify.annotations.Nullable;

/**
 * Reads what one model server answers, in the dialect it speaks, and publishes it. One call; one
 * thread.
 */
interface AnswerReader extends SseParser.Listener {
  /** True once the model server has said that nothing more comes. */
  boolean isDone();

  /** True once the answer itself is whole; something about it may still come. */
  boolean isFinished();

  /** What is wrong with the answer, or null. Nothing is read after it. */
  @Nullable CallFailure failure();

  /** Reads an answer that was not streamed, although it was asked for. */
  void document(String json);

  /** Publishes what is left, and ends the run. */
  void end();

  /** The words of the body of a refusal, or null if it has none for people. */
  @Nullable String errorMessage(String body);
}
