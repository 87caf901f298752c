package dev.sluice.upstream;

import dev.sluice.chat.Prompt;
import dev.sluice.chat.RunPublisher;
import dev.sluice.chat.Upstream;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import java.util.concurrent.RejectedExecutionException;

/**
 * Answers without a model, for trying Sluice out: reasoning, a tool call, then a few hundred tokens
 * of Markdown, at the pace of a real model. The same question always gets the same text.
 *
 * <p>Immutable; any thread. The event loops stay the caller's.
 */
public final class DemoUpstream implements Upstream {
  /** The pace of a model that is neither fast nor slow, in ms. */
  public static final long DEFAULT_TOKEN_DELAY_MS = 25;

  static final String FLOW = "demo";

  private final EventLoopGroup loops;
  private final long tokenDelayMs;

  /**
   * @param loops where answers run; each takes the next one
   * @param tokenDelayMs the mean time between two tokens, in ms; 0 for as fast as the loop turns
   * @throws IllegalArgumentException if the delay is negative
   */
  public DemoUpstream(EventLoopGroup loops, long tokenDelayMs) {
    if (tokenDelayMs < 0) {
      throw new IllegalArgumentException("the demo's token delay must be 0 ms or more");
    }
    this.loops = loops;
    this.tokenDelayMs = tokenDelayMs;
  }

  @Override
  public void answer(Prompt prompt, RunPublisher run) {
    EventLoop loop = loops.next();
    DemoAnswer answer = new DemoAnswer(prompt, run, loop, tokenDelayMs);
    try {
      loop.execute(answer::begin);
    } catch (RejectedExecutionException e) {
      CallFailure failure = CallFailure.of(UpstreamFault.SHUT_DOWN);
      run.error(failure.message(), failure.detailJson(FLOW));
    }
  }

  @Override
  public String toString() {
    return "DemoUpstream[tokenDelayMs=" + tokenDelayMs + "]";
  }
}
