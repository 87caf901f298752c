package dev.sluice.chat;

import static dev.sluice.chat.Drafts.event;
import static dev.sluice.chat.Drafts.token;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.List;
import java.util.Objects;
import java.util.stream.LongStream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.CsvSource;

/** What goes first when all logs together have no room. */
class SheddingTest {
  private static final long MAX_TOTAL_BYTES = 4 << 20;
  private static final String TEXT = "x".repeat(500);

  private final Room room = new Room(Room.logBytes(MAX_TOTAL_BYTES, MAX_TOTAL_BYTES));
  private int asked;

  @Test
  void isAskedForBeforePublishingIsRefused() {
    room.chats.whenTight(() -> asked++);
    int accepted = 0;
    while (asked == 0) {
      assertEquals(PublishResult.ACCEPTED, room.publish(token(TEXT)));
      accepted++;
    }
    assertTrue((long) accepted * TEXT.length() > MAX_TOTAL_BYTES / 2);
    room.chats.sweep();
    assertTrue(room.chats.budget().usedBytes() <= MAX_TOTAL_BYTES * 3 / 4);
    for (int i = 0; i < accepted; i++) {
      assertEquals(PublishResult.ACCEPTED, room.publish(token(TEXT)));
      if (asked == 2) {
        return;
      }
    }
    throw new AssertionError("was not asked again");
  }

  @Test
  void chatsThatNobodyUsesGoFirstAndTheLongestUnusedBeforeOthers() {
    fill("oldest", 1800);
    end("oldest");
    room.passAndSweep(1);
    fill("newer", 600);
    end("newer");
    room.passAndSweep(1);
    fill("read", 600);
    Reading reading = new Reading();
    Cursor cursor =
        room.chats.subscribe("read", new StartAt.CurrentRun(), null, room.wakeups, reading);
    end("read");
    reading.begin(Objects.requireNonNull(cursor));
    fill("open", 4300);
    room.chats.sweep();
    assertNull(room.chats.find("oldest"));
    assertNotNull(room.chats.find("newer"));
    assertEquals(1, firstOffset("read"));
    assertEquals(1, firstOffset("open"));
    fill("open", 1900);
    room.chats.sweep();
    assertNull(room.chats.find("newer"));
    assertEquals(1, firstOffset("read"), "the largest gives first");
    assertTrue(firstOffset("open") > 1);
    assertEquals("start", reading.read().get(0).event());
    reading.close();
  }

  @Test
  void thenTheLargestLogsAreCutToOneSize() {
    fill("small", 100);
    fill("middle", 1000);
    fill("large", 2500);
    fill("largest", 4000);
    Reading reading = new Reading();
    Cursor cursor =
        room.chats.subscribe("largest", new StartAt.CurrentRun(), null, room.wakeups, reading);
    reading.begin(Objects.requireNonNull(cursor));
    room.chats.sweep();
    assertTrue(room.chats.budget().usedBytes() <= MAX_TOTAL_BYTES * 3 / 4);
    assertEquals(1, firstOffset("small"));
    assertEquals(1, firstOffset("middle"));
    long large = heapBytes("large");
    long largest = heapBytes("largest");
    assertTrue(largest <= large + 64 * 1024, () -> largest + " and " + large);
    assertTrue(large > heapBytes("middle"));
    List<Frame> frames = reading.read();
    assertEquals("gap", frames.get(0).event());
    assertEquals(firstOffset("largest") - 1, frames.get(0).offset());
    long lost = firstOffset("largest") - 1;
    long chars =
        frames.stream().filter(Frame::isToken).mapToLong(frame -> frame.text().length()).sum();
    long last = reading.cursor().chat().lastId().offset();
    assertEquals((last - lost) * TEXT.length(), chars);
    reading.close();
  }

  @ParameterizedTest
  @CsvSource({"0, 90", "10, 80", "30, 60", "40, 55", "110, 20", "130, 15", "190, 0", "999, 0"})
  void theCommonSizeGivesWhatIsWanted(long excess, long expected) {
    long[] sizes = {20, 20, 60, 90};
    long size = Shedding.commonSize(sizes, excess);
    assertEquals(expected, size);
    long given = LongStream.of(sizes).map(each -> Math.max(0, each - size)).sum();
    assertTrue(given >= Math.min(excess, LongStream.of(sizes).sum()), () -> "gives " + given);
  }

  private void fill(String chatId, int tokens) {
    for (int i = 0; i < tokens; i++) {
      room.chats.publish(chatId, token(TEXT));
    }
  }

  private void end(String chatId) {
    room.chats.publish(chatId, event("end"));
  }

  private long firstOffset(String chatId) {
    return Objects.requireNonNull(room.chats.find(chatId)).firstId().offset();
  }

  private long heapBytes(String chatId) {
    return Objects.requireNonNull(room.chats.find(chatId)).log().heapBytes();
  }
}
