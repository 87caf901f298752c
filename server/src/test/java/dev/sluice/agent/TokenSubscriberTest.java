package dev.sluice.agent;

import static dev.sluice.agent.AgentFixture.CHAT;
import static dev.sluice.chat.PublishResult.ACCEPTED;
import static dev.sluice.chat.PublishResult.OVER_BUDGET;
import static dev.sluice.chat.PublishResult.RUN_ENDED;
import static dev.sluice.chat.PublishResult.RUN_STOPPED;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.chat.PublishResult;
import dev.sluice.frame.TokenType;
import java.util.List;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.Flow;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;
import java.util.concurrent.atomic.AtomicLong;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;
import reactor.adapter.JdkFlowAdapter;
import reactor.core.publisher.Flux;
import reactor.core.scheduler.Schedulers;

class TokenSubscriberTest {
  private final AgentFixture fixture = new AgentFixture();

  /** What a publisher sees of its subscriber; it publishes when the test says so. */
  private static class Source implements Flow.Subscription {
    final AtomicLong requested = new AtomicLong();
    final CompletableFuture<Boolean> cancelled = new CompletableFuture<>();

    @Override
    public void request(long count) {
      requested.addAndGet(count);
    }

    @Override
    public void cancel() {
      cancelled.complete(true);
    }
  }

  @Test
  void publishesWhatAFluxStreams() throws Exception {
    TokenSubscriber subscriber = begin(fixture);
    List<String> tokens = IntStream.range(0, 5000).mapToObj(i -> " " + i).toList();
    Flux<String> model = Flux.fromIterable(tokens).publishOn(Schedulers.boundedElastic());
    JdkFlowAdapter.publisherToFlowPublisher(model).subscribe(subscriber);
    assertEquals(ACCEPTED, done(subscriber));
    fixture.events.end(CHAT);
    List<String> all = fixture.all();
    assertEquals(3, all.size());
    assertTrue(all.get(1).contains("\"data\":\"" + String.join("", tokens) + "\""));
  }

  @Test
  void publishesWhatASynchronousPublisherStreams() throws Exception {
    TokenSubscriber subscriber = begin(fixture);
    JdkFlowAdapter.publisherToFlowPublisher(Flux.range(0, 100_000).map(i -> "x"))
        .subscribe(subscriber);
    assertEquals(ACCEPTED, done(subscriber));
    assertEquals(100_001, fixture.chat().lastId().offset());
  }

  @Test
  void asksForAsMuchAsItHasPublished() {
    TokenSubscriber subscriber = begin(fixture);
    Source source = new Source();
    subscriber.onSubscribe(source);
    long window = source.requested.get();
    assertTrue(window > 0 && window < 1000, () -> "" + window);
    for (int i = 0; i < 10; i++) {
      subscriber.onNext("a");
    }
    assertEquals(window + 10, source.requested.get());
  }

  @Test
  void asksForNothingWhileThereIsNoRoomAndLosesNothing() throws Exception {
    AgentFixture small = new AgentFixture(4096);
    small.events.inRun("other").start("another chat");
    while (small.events.inRun("other").token("another chat", "x".repeat(256)) == ACCEPTED) {}
    assertEquals(ACCEPTED, small.events.end("another chat"));
    small.chats.delete("another chat");
    small.events.start(CHAT);
    small.events.start("hog");
    TokenSubscriber subscriber =
        new TokenSubscriber(new LlmNode(small.events, CHAT, NodeOutput.ANSWER), 60_000);
    Source source = new Source();
    subscriber.onSubscribe(source);
    long window = source.requested.get();
    while (small.events.token("hog", "x".repeat(256)) == ACCEPTED) {}
    subscriber.onNext("held ");
    subscriber.onNext("back");
    assertEquals(window, source.requested.get());
    small.chats.delete("hog");
    subscriber.onComplete();
    assertEquals(ACCEPTED, done(subscriber));
    assertEquals(window + 2, source.requested.get());
    assertTrue(small.all().toString().contains("\"held back\""), small.all()::toString);
  }

  @Test
  void doesNotWaitForRoomForEver() throws Exception {
    AgentFixture small = new AgentFixture(4096);
    small.events.start(CHAT);
    while (small.events.token(CHAT, TokenType.FINAL_RESPONSE, "x".repeat(256)) == ACCEPTED) {}
    TokenSubscriber subscriber =
        new TokenSubscriber(new LlmNode(small.events, CHAT, NodeOutput.ANSWER), 200);
    Source source = new Source();
    subscriber.onSubscribe(source);
    subscriber.onNext("never");
    assertEquals(OVER_BUDGET, done(subscriber));
    assertTrue(source.cancelled.isDone());
    assertTrue(small.all().toString().contains("over_budget"));
  }

  @Test
  void cancelsWhenTheRunIsStopped() throws Exception {
    TokenSubscriber subscriber = begin(fixture);
    Source source = new Source();
    subscriber.onSubscribe(source);
    subscriber.onNext("a");
    fixture.chat().stop();
    assertTrue(source.cancelled.isDone());
    assertEquals(RUN_STOPPED, done(subscriber));
    long last = fixture.chat().lastId().offset();
    subscriber.onNext("still under way");
    subscriber.onComplete();
    assertEquals(last, fixture.chat().lastId().offset());
  }

  @Test
  void aFailingPublisherEndsTheRun() throws Exception {
    TokenSubscriber subscriber = begin(fixture);
    JdkFlowAdapter.publisherToFlowPublisher(
            Flux.concat(Flux.just("a"), Flux.<String>error(new IllegalStateException("secret"))))
        .subscribe(subscriber);
    assertEquals(RUN_ENDED, done(subscriber));
    String all = fixture.all().toString();
    assertTrue(all.contains("node_failed") && !all.contains("secret"), all);
  }

  @Test
  void textThatIsNotStreamedIsPublishedWhole() throws Exception {
    for (boolean connected : new boolean[] {true, false}) {
      AgentFixture quiet = new AgentFixture();
      quiet.events.start(CHAT);
      LlmNode node = new LlmNode(quiet.events, CHAT, new NodeOutput(false, connected));
      TokenSubscriber subscriber = new TokenSubscriber(node, 10_000);
      Source source = new Source();
      subscriber.onSubscribe(source);
      long window = source.requested.get();
      subscriber.onNext("a ");
      subscriber.onNext("b");
      assertEquals(1, quiet.chat().lastId().offset());
      assertEquals(window + 2, source.requested.get());
      subscriber.onComplete();
      assertEquals(ACCEPTED, done(subscriber));
      assertEquals(connected, quiet.all().toString().contains("\"data\":\"a b\""));
      assertEquals(connected ? 2 : 1, quiet.chat().lastId().offset());
    }
  }

  @Test
  void aPublisherThatThrowsWhenAskedEndsTheRun() throws Exception {
    TokenSubscriber subscriber = begin(fixture);
    Source source =
        new Source() {
          @Override
          public void request(long count) {
            if (requested.getAndAdd(count) > 0) {
              throw new IllegalStateException("secret");
            }
          }
        };
    subscriber.onSubscribe(source);
    subscriber.onNext("a");
    assertEquals(RUN_ENDED, done(subscriber));
    assertTrue(source.cancelled.isDone());
    String all = fixture.all().toString();
    assertTrue(all.contains("node_failed") && !all.contains("secret"), all);
  }

  @Test
  void takesOneSubscriptionOnly() {
    TokenSubscriber subscriber = begin(fixture);
    subscriber.onSubscribe(new Source());
    Source second = new Source();
    subscriber.onSubscribe(second);
    assertTrue(second.cancelled.isDone());
    assertEquals(0, second.requested.get());
  }

  private static TokenSubscriber begin(AgentFixture fixture) {
    fixture.events.start(CHAT);
    return new TokenSubscriber(new LlmNode(fixture.events, CHAT, NodeOutput.ANSWER), 10_000);
  }

  private static PublishResult done(TokenSubscriber subscriber)
      throws InterruptedException, ExecutionException, TimeoutException {
    return subscriber.done().toCompletableFuture().get(60, TimeUnit.SECONDS);
  }
}
