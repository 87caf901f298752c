package dev.sluice.bench;

import dev.sluice.chat.Prompt;
import dev.sluice.chat.RunPublisher;
import dev.sluice.chat.Upstream;
import dev.sluice.frame.TokenType;
import io.netty.channel.EventLoop;
import io.netty.channel.EventLoopGroup;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.LongSupplier;

/**
 * Answers without a model. Once as many are asked for as a round has, each gets its tokens, in
 * turn, at one rate over all: what is measured then is delivery alone, as there is no publisher to
 * read from. The tokens are made on one event loop, once a millisecond. Any thread may ask.
 */
final class TokenGenerator implements Upstream {
  /**
   * What a round came to.
   *
   * @param cpuNanos of this process, from the first token to the last
   */
  record Round(long tokens, long nanos, long cpuNanos) {
    double tokensPerSecond() {
      return tokens * (double) TimeUnit.SECONDS.toNanos(1) / nanos;
    }

    double cpuMicrosPerToken() {
      return cpuNanos / 1000.0 / tokens;
    }
  }

  private static final String TEXT = "@0123456789";

  private final int answersPerRound;
  private final int tokensPerAnswer;
  private final double tokensPerNano;
  private final EventLoopGroup loops;
  private final LongSupplier cpuNanos;
  private final Consumer<Round> done;
  private final List<RunPublisher> waiting = new ArrayList<>();

  /**
   * @param tokensPerSecond of all answers together
   * @param cpuNanos how much this process has used up to now
   * @param done told after each round, on an event loop
   */
  TokenGenerator(
      int answersPerRound,
      int tokensPerAnswer,
      int tokensPerSecond,
      EventLoopGroup loops,
      LongSupplier cpuNanos,
      Consumer<Round> done) {
    this.answersPerRound = answersPerRound;
    this.tokensPerAnswer = tokensPerAnswer;
    tokensPerNano = tokensPerSecond / (double) TimeUnit.SECONDS.toNanos(1);
    this.loops = loops;
    this.cpuNanos = cpuNanos;
    this.done = done;
  }

  @Override
  public synchronized void answer(Prompt prompt, RunPublisher run) {
    waiting.add(run);
    if (waiting.size() == answersPerRound) {
      Making making = new Making(List.copyOf(waiting), loops.next());
      waiting.clear();
      making.loop.execute(making::tick);
    }
  }

  /** One round. On its loop. */
  private final class Making {
    private final List<RunPublisher> runs;
    private final EventLoop loop;
    private final long total;
    private final long beganNanos = System.nanoTime();
    private final long beganCpuNanos = cpuNanos.getAsLong();
    private long made;

    Making(List<RunPublisher> runs, EventLoop loop) {
      this.runs = runs;
      this.loop = loop;
      total = (long) runs.size() * tokensPerAnswer;
    }

    void tick() {
      long nanos = System.nanoTime() - beganNanos;
      long due = Math.min(total, (long) (nanos * tokensPerNano));
      for (; made < due; made++) {
        runs.get((int) (made % runs.size())).token(TokenType.FINAL_RESPONSE, TEXT);
      }
      if (made < total) {
        loop.schedule(this::tick, 1, TimeUnit.MILLISECONDS);
      } else {
        done.accept(new Round(total, nanos, cpuNanos.getAsLong() - beganCpuNanos));
        runs.forEach(RunPublisher::end);
      }
    }
  }
}
