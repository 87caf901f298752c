package dev.sluice.agent;

import dev.sluice.chat.PublishResult;
import java.util.Objects;
import java.util.Queue;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.Executor;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jspecify.annotations.Nullable;

/**
 * Publishes the tokens of a {@link Flow.Publisher}, and with a bridge those of any Reactive Streams
 * publisher: a subscriber in the sense of that specification, which asks for no more than it can
 * put in the log.
 *
 * <p>While the logs have no room ({@link PublishResult#isForNow}) nothing is asked for, and the
 * token at hand is offered again and again, for so long as the caller allows; then the run ends
 * with an error. The text of a node that is not streamed is kept until it is whole. When the run is
 * stopped, or its chat is gone, the subscription is cancelled.
 *
 * <p>The run has begun before, and is ended by whoever began it, once {@link #done} says so. For
 * one subscription. Signals come on any thread, one at a time, as the specification has it; no call
 * blocks, and nothing of the publisher is called with a lock held.
 */
public final class TokenSubscriber implements Flow.Subscriber<CharSequence> {
  private static final int WINDOW = 32;
  private static final long RETRY_MS = 50;
  private static final Executor LATER =
      CompletableFuture.delayedExecutor(RETRY_MS, TimeUnit.MILLISECONDS);

  private final LlmNode node;
  private final long patienceMs;
  private final CompletableFuture<PublishResult> done = new CompletableFuture<>();
  // What was asked for and is not published yet: WINDOW tokens at most.
  private final Queue<CharSequence> held = new ConcurrentLinkedQueue<>();
  private final StringBuilder unstreamed = new StringBuilder();
  // Whoever takes it from 0 does the work, and does it again for each who came meanwhile.
  private final AtomicInteger pending = new AtomicInteger();
  private volatile Flow.@Nullable Subscription subscription;
  private volatile boolean completed;
  private volatile @Nullable Throwable failure;
  private volatile boolean waiting;
  private long waitedMs;

  /**
   * @param node what is done with the tokens; for this subscription alone
   * @param patienceMs how long to wait for room in the logs, in ms
   */
  public TokenSubscriber(LlmNode node, long patienceMs) {
    this.node = node;
    this.patienceMs = patienceMs;
  }

  /**
   * When the last token was published, or none will be any more: {@link PublishResult#ACCEPTED}, or
   * why not; {@link PublishResult#RUN_ENDED} if the publisher has failed, and the run with it.
   */
  public CompletionStage<PublishResult> done() {
    return done.minimalCompletionStage();
  }

  @Override
  public void onSubscribe(Flow.Subscription newSubscription) {
    Objects.requireNonNull(newSubscription);
    if (subscription != null) {
      newSubscription.cancel();
      return;
    }
    subscription = newSubscription;
    node.events().listen(node.chatId(), () -> giveUp(newSubscription, PublishResult.RUN_STOPPED));
    newSubscription.request(WINDOW);
  }

  @Override
  public void onNext(CharSequence token) {
    held.add(Objects.requireNonNull(token));
    work();
  }

  @Override
  public void onError(Throwable cause) {
    failure = Objects.requireNonNull(cause);
    work();
  }

  @Override
  public void onComplete() {
    completed = true;
    work();
  }

  private void work() {
    if (pending.getAndIncrement() == 0) {
      int seen = 1;
      do {
        try {
          publish();
        } catch (RuntimeException e) {
          breakDown(e);
        }
        seen = pending.addAndGet(-seen);
      } while (seen != 0);
    }
  }

  private void publish() {
    Flow.Subscription current = subscription;
    if (waiting || done.isDone() || current == null) {
      return;
    }
    for (CharSequence token = held.peek(); token != null; token = held.peek()) {
      PublishResult result = take(token);
      if (result.isForNow() && waitedMs < patienceMs) {
        waitedMs += RETRY_MS;
        waiting = true;
        LATER.execute(this::retry);
        return;
      }
      if (result != PublishResult.ACCEPTED) {
        node.note(result);
        giveUp(current, result);
        return;
      }
      waitedMs = 0;
      held.remove();
      current.request(1);
    }
    Throwable cause = failure;
    if (cause != null) {
      node.onError(cause);
      done.complete(PublishResult.RUN_ENDED);
    } else if (completed) {
      done.complete(node.onComplete(unstreamed.toString()));
    }
  }

  /** What is not to be streamed is kept until it is whole. */
  private PublishResult take(CharSequence token) {
    if (node.isStreamed()) {
      return node.offer(token);
    }
    unstreamed.append(token);
    return PublishResult.ACCEPTED;
  }

  /** The publisher, or a token of its own making, has thrown that. */
  private void breakDown(RuntimeException cause) {
    Flow.Subscription current = subscription;
    try {
      if (current != null) {
        current.cancel();
      }
      node.onError(cause);
      done.complete(PublishResult.RUN_ENDED);
    } catch (RuntimeException e) {
      done.completeExceptionally(e);
    }
  }

  private void retry() {
    waiting = false;
    work();
  }

  private void giveUp(Flow.Subscription current, PublishResult why) {
    current.cancel();
    done.complete(why);
  }
}
