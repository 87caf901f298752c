package dev.sluice.agent;

import static dev.sluice.agent.AgentFixture.CHAT;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertInstanceOf;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.chat.PublishResult;
import dev.sluice.chat.StartAt;
import dev.sluice.frame.TokenType;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicBoolean;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

class ChatFramesTest {
  private static final Executor DIRECT = Runnable::run;
  private final AgentFixture fixture = new AgentFixture();

  @Test
  void givesEachFrameAsItStandsOnTheWireAndCompletes() {
    FrameReader reader = subscribe(null, false, Long.MAX_VALUE);
    fixture.events.start(CHAT);
    fixture.events.token(CHAT, TokenType.FINAL_RESPONSE, "Hel");
    fixture.events.token(CHAT, TokenType.FINAL_RESPONSE, "lo");
    assertFalse(reader.isCompleted());
    fixture.events.end(CHAT);
    assertTrue(reader.isCompleted());
    long epoch = fixture.chat().lastId().epoch();
    assertEquals(4, reader.frames().size());
    assertEquals(
        "id:"
            + epoch
            + "-2\nmessage:\ndata:{\"event\":\"token\",\"data\":\"Hel\",\"type\":\"finalResponse\"}\n\n",
        reader.frames().get(1));
    assertEquals(0, fixture.chat().subscriberCount());
  }

  @Test
  void whoAsksForLittleMissesNothing() {
    FrameReader reader = subscribe(null, false, 1);
    fixture.events.start(CHAT);
    for (String token : List.of("a", "b", "c")) {
      fixture.events.token(CHAT, token);
    }
    fixture.events.end(CHAT);
    assertEquals(1, reader.frames().size());
    reader.subscription().request(1);
    assertTrue(reader.frames().get(1).contains("\"abc\""), reader.frames()::toString);
    assertFalse(reader.isCompleted());
    reader.subscription().request(1);
    assertTrue(reader.isCompleted());
    assertEquals(3, reader.frames().size());
  }

  @Test
  void followsToTheNextRunIfAsked() {
    FrameReader reader = subscribe(null, true, Long.MAX_VALUE);
    for (int i = 0; i < 2; i++) {
      fixture.events.start(CHAT);
      fixture.events.end(CHAT);
    }
    assertEquals(4, reader.frames().size());
    fixture.chats.delete(CHAT);
    assertTrue(reader.isCompleted());
  }

  @Test
  void readsOneRunAlone() {
    FrameReader reader = subscribe("b", false, Long.MAX_VALUE);
    EventPublisher a = fixture.events.inRun("a");
    EventPublisher b = fixture.events.inRun("b");
    a.start(CHAT);
    b.start(CHAT);
    a.token(CHAT, "x");
    b.token(CHAT, "y");
    b.end(CHAT);
    assertTrue(reader.isCompleted());
    assertFalse(reader.frames().toString().contains("\"x\""));
  }

  @Test
  void cancellingRemovesTheClient() {
    FrameReader reader = subscribe(null, true, Long.MAX_VALUE);
    fixture.events.start(CHAT);
    reader.subscription().cancel();
    reader.subscription().cancel();
    fixture.events.token(CHAT, "late");
    assertEquals(1, reader.frames().size());
    assertEquals(0, fixture.chat().subscriberCount());
    assertFalse(reader.isCompleted());
  }

  @Test
  void aSenselessRequestIsAnError() {
    FrameReader reader = subscribe(null, false, 1);
    reader.subscription().request(0);
    assertInstanceOf(IllegalArgumentException.class, reader.failure());
    assertNull(fixture.chats.find(CHAT));
  }

  @Test
  void aClientThatThrowsIsRemovedAndDisturbsNobody() {
    FrameReader good = subscribe(null, true, Long.MAX_VALUE);
    FrameReader bad =
        new FrameReader(Long.MAX_VALUE) {
          @Override
          public void onNext(String frame) {
            throw new IllegalStateException("client");
          }
        };
    subscribe(bad, null, true, DIRECT);
    fixture.events.start(CHAT);
    fixture.events.token(CHAT, "a");
    assertEquals(2, good.frames().size());
    assertInstanceOf(IllegalStateException.class, bad.failure());
    assertEquals(1, fixture.chat().subscriberCount());
  }

  @Test
  void aDeadExecutorCostsTheClientAlone() {
    ExecutorService executor = Executors.newSingleThreadExecutor();
    FrameReader reader = new FrameReader(0);
    subscribe(
        reader,
        null,
        true,
        task -> {
          if (executor.isShutdown()) {
            throw new RejectedExecutionException();
          }
          task.run();
        });
    fixture.events.start(CHAT);
    executor.shutdown();
    reader.subscription().cancel();
    fixture.events.token(CHAT, "a");
    assertEquals(0, fixture.chat().subscriberCount());
  }

  @Test
  void anExecutorThatRefusesIsAnErrorForItsClient() {
    Executor refusing =
        task -> {
          throw new RejectedExecutionException("full");
        };
    FrameReader atOnce = new FrameReader(Long.MAX_VALUE);
    subscribe(atOnce, null, true, refusing);
    assertInstanceOf(RejectedExecutionException.class, atOnce.failure());
    AtomicBoolean full = new AtomicBoolean();
    FrameReader later = new FrameReader(Long.MAX_VALUE);
    subscribe(later, null, true, task -> (full.get() ? refusing : DIRECT).execute(task));
    fixture.events.start(CHAT);
    assertEquals(1, later.frames().size());
    full.set(true);
    assertEquals(PublishResult.ACCEPTED, fixture.events.token(CHAT, "a"));
    assertInstanceOf(RejectedExecutionException.class, later.failure());
    assertEquals(1, later.frames().size());
    assertEquals(0, fixture.chat().subscriberCount());
  }

  @Test
  void worksOnAnyExecutor() throws InterruptedException {
    ExecutorService executor = Executors.newFixedThreadPool(3);
    try {
      FrameReader reader = new FrameReader(Long.MAX_VALUE);
      subscribe(reader, null, false, executor);
      fixture.events.start(CHAT);
      StringBuilder expected = new StringBuilder();
      for (int i = 0; i < 2000; i++) {
        String token = " " + i;
        expected.append(token);
        fixture.events.token(CHAT, token);
      }
      fixture.events.end(CHAT);
      assertTrue(reader.over.await(60, TimeUnit.SECONDS));
      assertTrue(reader.isCompleted());
      StringBuilder text = new StringBuilder();
      for (String event : reader.events()) {
        if (event.startsWith("{\"event\":\"token\"")) {
          text.append(event, event.indexOf("data\":\"") + 7, event.indexOf("\",\"type"));
        }
      }
      assertEquals(expected.toString(), text.toString());
    } finally {
      executor.shutdownNow();
    }
  }

  private FrameReader subscribe(@Nullable String run, boolean follow, long demand) {
    FrameReader reader = new FrameReader(demand);
    subscribe(reader, run, follow, DIRECT);
    return reader;
  }

  private void subscribe(
      FrameReader reader, @Nullable String run, boolean follow, Executor executor) {
    new ChatFrames(fixture.chats, CHAT, new StartAt.CurrentRun(), run, follow, executor)
        .subscribe(reader);
  }
}
