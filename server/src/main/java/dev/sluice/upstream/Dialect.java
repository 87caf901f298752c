package dev.sluice.upstream;

import dev.sluice.chat.Prompt;
import io.netty.channel.EventLoop;
import java.util.function.Consumer;

/** How one call is put to a kind of model server, and how its answer is read. One event loop. */
interface Dialect {
  /** The request; called once. */
  UpstreamRequest request(Prompt prompt);

  /** Who reads the answer; called once. */
  AnswerReader reader(AnswerPublisher answer);

  /** After how long without a response head {@link #headIsLate} is called, in ms; 0 for never. */
  default long headPatienceMs() {
    return 0;
  }

  /**
   * There is no response head yet. Whoever knows by other means that none will come says so to
   * {@code verdict}, on that loop.
   */
  default void headIsLate(EventLoop loop, Consumer<CallFailure> verdict) {}

  /**
   * The call is given up while the model server is at work: closing the connection, which follows,
   * is all that is done unless this does more.
   */
  default void abandoned(EventLoop loop) {}
}
