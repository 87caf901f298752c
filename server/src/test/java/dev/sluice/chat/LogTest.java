package dev.sluice.chat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class LogTest {
  private static final long EPOCH = 77;
  private static final long LARGE = 1L << 30;

  private final Budget budget = new Budget(LARGE, () -> {});
  private final Stretch[] stretches = {
    Run.unnamed("a").eventStretch(), Run.named("b").eventStretch()
  };

  @Test
  void anEmptyLog() {
    Log log = new Log(EPOCH, LARGE, budget);
    assertEquals(EPOCH, log.epoch());
    assertEquals("id:77-", new String(log.idPrefix(), StandardCharsets.US_ASCII));
    assertEquals(0, log.tail());
    assertEquals(1, log.first());
    assertEquals(0, log.segments().length);
    assertEquals(0, budget.usedBytes());
  }

  @Test
  void offsetsAreDenseAndEntriesComeBackAcrossSegments() {
    Log log = new Log(EPOCH, LARGE, budget);
    int count = 30_000;
    for (int i = 1; i <= count; i++) {
      assertEquals(i, append(log, i, content(i)));
      assertEquals(i, log.tail());
    }
    assertTrue(log.segments().length > 4, "this is to cross segments");
    assertEquals(1, log.first());
    for (int i = 1; i <= count; i++) {
      assertEntry(log, i, content(i));
    }
  }

  @Test
  void segmentsFollowOneAnotherWithoutAHole() {
    Log log = new Log(EPOCH, LARGE, budget);
    for (int i = 1; i <= 10_000; i++) {
      append(log, i, "0123456789");
    }
    long last = 0;
    for (Segment segment : log.segments()) {
      assertTrue(segment.base > last);
      last = segment.base;
    }
    assertEquals(1, log.segments()[0].base);
  }

  @Test
  void anEntryMayBeLargerThanAnySegment() {
    Log log = new Log(EPOCH, LARGE, budget);
    String[] contents = {
      "a", "x".repeat(300), "", "y".repeat(1 << 20), "z", "w".repeat(70_000), ""
    };
    for (int i = 0; i < contents.length; i++) {
      append(log, i + 1, contents[i]);
    }
    for (int i = 0; i < contents.length; i++) {
      assertEntry(log, i + 1, contents[i]);
    }
  }

  @Test
  void keepsAPieceOfAnArray() {
    Log log = new Log(EPOCH, LARGE, budget);
    byte[] source = "0123456789".getBytes(StandardCharsets.US_ASCII);
    log.append(stretches[0], source, 3, 4, true);
    Arrays.fill(source, (byte) 'x');
    Segment segment = log.segments()[0];
    assertEquals("3456", text(segment, 0));
    assertTrue(segment.isBlank(0, 1));
  }

  @Test
  void anEntryCannotBeReadBeforeItIsThere() {
    Log log = new Log(EPOCH, LARGE, budget);
    append(log, 1, "a");
    Segment segment = log.segments()[0];
    assertThrows(IllegalStateException.class, () -> segment.stretch(1));
  }

  /** The bound is the heap that a log costs, not its text alone. */
  @ParameterizedTest
  @ValueSource(longs = {4096, 10_000, 65_536, 1 << 20})
  void theOldestEventsAreShedAtTheBound(long maxLogBytes) {
    Log log = new Log(EPOCH, maxLogBytes, budget);
    for (int i = 1; i <= 60_000; i++) {
      append(log, i, content(i));
      assertTrue(heapBytes(log) <= maxLogBytes, () -> heapBytes(log) + " bytes of heap");
      assertEquals(heapBytes(log), budget.usedBytes());
    }
    assertTrue(log.first() > 1);
    assertTrue(heapBytes(log) > maxLogBytes / 4, () -> "keeps only " + heapBytes(log));
    for (long i = log.first(); i <= log.tail(); i++) {
      assertEntry(log, i, content((int) i));
    }
    log.release();
    assertEquals(0, budget.usedBytes());
  }

  @Test
  void oneEntryLargerThanTheBoundIsKeptAlone() {
    Log log = new Log(EPOCH, 4096, budget);
    append(log, 1, "a");
    append(log, 2, "x".repeat(10_000));
    assertEquals(2, log.first());
    assertEntry(log, 2, "x".repeat(10_000));
    append(log, 3, "b");
    assertEquals(3, log.first());
    assertEntry(log, 3, "b");
    assertEquals(heapBytes(log), budget.usedBytes());
  }

  @Test
  void manyLogsShareOneBudgetAndGiveAllBack() {
    Random random = new Random(1);
    Log[] logs = new Log[20];
    Arrays.setAll(logs, i -> new Log(i, 50_000, budget));
    for (int i = 0; i < 20_000; i++) {
      Log log = logs[random.nextInt(logs.length)];
      append(log, log.tail() + 1, "x".repeat(random.nextInt(300)));
    }
    assertEquals(Arrays.stream(logs).mapToLong(LogTest::heapBytes).sum(), budget.usedBytes());
    for (Log log : logs) {
      log.release();
    }
    assertEquals(0, budget.usedBytes());
  }

  @Test
  void shedsAsMuchAsItIsToldButNotItsNewestSegment() {
    Log log = new Log(EPOCH, LARGE, budget);
    for (int i = 1; i <= 60_000; i++) {
      append(log, i, content(i));
    }
    long before = log.heapBytes();
    log.shedTo(before / 2);
    assertTrue(log.heapBytes() <= before / 2 && log.heapBytes() > before / 4);
    assertEquals(log.heapBytes(), budget.usedBytes());
    for (long i = log.first(); i <= log.tail(); i++) {
      assertEntry(log, i, content((int) i));
    }
    log.shedTo(0);
    assertEquals(1, log.segments().length);
    assertEntry(log, 60_000, content(60_000));
    assertEquals(60_001, append(log, 60_001, "x"));
  }

  @Test
  void aBudgetTellsOfAShortageOnceUntilThereIsRoom() {
    AtomicInteger told = new AtomicInteger();
    Budget small = new Budget(1000, told::incrementAndGet);
    small.charge(874);
    assertEquals(0, told.get());
    small.charge(1);
    small.charge(100);
    assertEquals(1, told.get());
    assertEquals(225, small.excessBytes());
    small.charge(-500);
    assertFalse(small.isTight());
    small.charge(500);
    assertEquals(2, told.get());
  }

  @Test
  void aBudgetIsExhaustedAtItsBound() {
    Budget small = new Budget(100, () -> {});
    assertFalse(small.isExhausted());
    small.charge(99);
    assertFalse(small.isExhausted());
    small.charge(1);
    assertTrue(small.isExhausted());
    small.charge(-1);
    assertFalse(small.isExhausted());
    assertEquals(99, small.usedBytes());
  }

  private long append(Log log, long i, String content) {
    byte[] bytes = content.getBytes(StandardCharsets.US_ASCII);
    return log.append(stretch(i), bytes, 0, bytes.length, i % 3 == 0);
  }

  private Stretch stretch(long i) {
    return stretches[(int) (i % 2)];
  }

  private static String content(int i) {
    return "<" + i + ">".repeat(i % 40);
  }

  private void assertEntry(Log log, long offset, String content) {
    Segment segment = segmentOf(log, offset);
    int index = (int) (offset - segment.base);
    assertEquals(content, text(segment, index));
    assertSame(stretch(offset), segment.stretch(index));
    if (segment.stretch(index).isToken()) {
      assertEquals(offset % 3 == 0, segment.isBlank(index, index + 1));
    }
  }

  private static Segment segmentOf(Log log, long offset) {
    Segment found = log.segments()[0];
    for (Segment segment : log.segments()) {
      if (segment.base <= offset) {
        found = segment;
      }
    }
    return found;
  }

  private static String text(Segment segment, int index) {
    int start = segment.start(index);
    int count = segment.end(index) - start;
    return new String(segment.bytes(), start, count, StandardCharsets.US_ASCII);
  }

  private static long heapBytes(Log log) {
    return Arrays.stream(log.segments()).mapToLong(Segment::heapBytes).sum();
  }
}
