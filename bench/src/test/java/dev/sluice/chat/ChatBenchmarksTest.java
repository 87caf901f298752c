package dev.sluice.chat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.frame.Utf8Buffer;
import org.jspecify.annotations.NullMarked;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** What is measured is what is said to be. */
@NullMarked
class ChatBenchmarksTest {
  @Test
  void everySubscriberHasTheTokenWhenPublishReturns() {
    WakeAndDrainBenchmark one = fanOut(1);
    WakeAndDrainBenchmark many = fanOut(100);
    one.publish();
    many.publish();
    long frame = one.publish();
    long before = many.publish();
    assertEquals(100 * (one.publish() - frame), many.publish() - before);
  }

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void whoJoinsLateGetsTheAnswerInOneFrame(boolean ended) {
    LateJoinBenchmark join = new LateJoinBenchmark();
    join.tokens = 10_000;
    join.ended = ended;
    join.setUp();
    String frames = join.joinAndRead().toString();
    assertTrue(frames.contains("\"data\":\"" + " answer".repeat(10_000) + "\""));
    assertEquals(ended, frames.contains("\"event\":\"end\""));
    assertEquals(frames, join.joinAndRead().toString());
  }

  @Test
  void theFrameOfEachTokenIsRead() {
    PublishAndReadBenchmark each = new PublishAndReadBenchmark();
    each.setUp();
    each.publishAndRead();
    Utf8Buffer frame = each.publishAndRead();
    assertTrue(frame.toString().contains("{\"event\":\"token\",\"data\":\" answer\","));
    assertEquals(4, frame.toString().lines().count());
  }

  @Test
  void aLongRunIsReadAtItsTailAndFoundInItsMiddle() {
    LongRunBenchmark run = new LongRunBenchmark();
    run.published = 100_000;
    run.setUp();
    assertTrue(run.publishAndRead().toString().contains("\"data\":\" answer\""));
    assertTrue(run.resume().toString().contains("\"" + " answer".repeat(10) + "\""));
    assertNotNull(run.lookUp());
  }

  @Test
  void bothMapsKeepAsManyChats() {
    ChatMapBenchmark maps = new ChatMapBenchmark();
    ChatMapBenchmark.Churn churn = new ChatMapBenchmark.Churn();
    ChatMapBenchmark.Churn other = new ChatMapBenchmark.Churn();
    churn.setUp(maps);
    other.setUp(maps);
    for (int i = 0; i < 3 * ChatMapBenchmark.LIVE_CHATS; i++) {
      maps.sluice(churn);
      maps.nonBlockingHashMap(other);
    }
    assertEquals(ChatMapBenchmark.LIVE_CHATS, maps.nonBlocking.size());
    assertEquals(ChatMapBenchmark.LIVE_CHATS, maps.concurrent.size());
  }

  private static WakeAndDrainBenchmark fanOut(int subscribers) {
    WakeAndDrainBenchmark fanOut = new WakeAndDrainBenchmark();
    fanOut.subscribers = subscribers;
    fanOut.setUp();
    return fanOut;
  }
}
