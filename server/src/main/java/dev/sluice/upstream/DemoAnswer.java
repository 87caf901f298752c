package dev.sluice.upstream;

import dev.sluice.chat.Prompt;
import dev.sluice.chat.RunPublisher;
import io.netty.channel.EventLoop;
import io.netty.util.concurrent.ScheduledFuture;
import java.util.List;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** One answer of the demo, step by step on its event loop. */
final class DemoAnswer {
  private static final Logger LOG = LoggerFactory.getLogger(DemoAnswer.class);
  private static final int STEPS_PER_TURN = 32;
  private static final long NO_ROOM_MS = 30_000;

  private final RunPublisher run;
  private final EventLoop loop;
  private final long tokenDelayMs;
  private final AnswerPublisher answer;
  private final RoomWatch room;
  private final List<DemoScript.Step> steps;
  private final TokenUsage usage;
  private int next;
  private boolean over;
  private @Nullable ScheduledFuture<?> timer;

  DemoAnswer(Prompt prompt, RunPublisher run, EventLoop loop, long tokenDelayMs) {
    this.run = run;
    this.loop = loop;
    this.tokenDelayMs = tokenDelayMs;
    answer = new AnswerPublisher(prompt, run);
    room = new RoomWatch(run, loop, NO_ROOM_MS, this::turn, this::giveUp);
    DemoScript script = DemoScript.about(prompt.question());
    steps = script.steps();
    usage = script.usage();
  }

  /** Sets out. On the loop, once. */
  void begin() {
    run.listen(this::stopSoon);
    turn();
  }

  private void turn() {
    for (int i = 0; i < STEPS_PER_TURN; i++) {
      if (over || answer.refusal() != null || !room.hasRoom()) {
        return;
      }
      if (next == steps.size()) {
        over = true;
        answer.end(usage);
        LOG.debug("demo answer: run={} tokens={}", run.runId(), answer.tokenCount());
        return;
      }
      steps.get(next).publish(answer);
      next++;
      long delayMs = delayMs(next);
      if (delayMs > 0) {
        timer = loop.schedule(this::turn, delayMs, TimeUnit.MILLISECONDS);
        return;
      }
    }
    loop.execute(this::turn);
  }

  /** There was no memory for long; an answer that would have a hole ends with an error. */
  private void giveUp() {
    over = true;
    CallFailure failure = CallFailure.of(UpstreamFault.OVER_BUDGET);
    run.error(failure.message(), failure.detailJson(DemoUpstream.FLOW));
  }

  /** Between half and one and a half times the mean, always the same for the same step. */
  private long delayMs(int step) {
    long percent = 50 + ((step * 0x9E3779B9L) >>> 16) % 101;
    return (tokenDelayMs * percent + 50) / 100;
  }

  /** From any thread: the run was stopped. */
  private void stopSoon() {
    try {
      loop.execute(
          () -> {
            over = true;
            room.close();
            if (timer != null) {
              timer.cancel(false);
            }
          });
    } catch (RejectedExecutionException e) {
      LOG.debug("the loop is gone, and its timers with it", e);
    }
  }
}
