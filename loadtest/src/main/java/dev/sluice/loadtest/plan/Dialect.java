package dev.sluice.loadtest.plan;

import org.jspecify.annotations.Nullable;

/**
 * How one kind of server is talked to.
 *
 * @param name for people
 * @param form what its streams look like
 * @param subscribe where a stream is asked for
 * @param subscribeBody the JSON to ask with, by POST; or null for GET
 * @param post how one event is published by itself, or null if it can not be
 * @param lines how events are published line by line, or null if they can not be
 * @param textKey the path of keys to the token in the JSON of an event ({@code
 *     choices.0.delta.content}), or null if its data is the text; for {@link Form#SSE}
 * @param completes whether the body of a stream is completed after its last event; if not, the rig
 *     closes a stream that has got everything
 */
public record Dialect(
    String name,
    Form form,
    Endpoint subscribe,
    @Nullable Template subscribeBody,
    @Nullable PublishForm post,
    @Nullable PublishForm lines,
    @Nullable String textKey,
    boolean completes) {

  /**
   * How events are written.
   *
   * @param endpoint where to
   * @param contentType of the request
   * @param token the body or line of a token
   * @param start the same of {@code start}, or null if the target wants none
   * @param end the same of {@code end}, or null if the target wants none
   */
  public record PublishForm(
      Endpoint endpoint,
      String contentType,
      Template token,
      @Nullable Template start,
      @Nullable Template end) {}
}
