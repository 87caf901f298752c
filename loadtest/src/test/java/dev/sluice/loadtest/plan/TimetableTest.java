package dev.sluice.loadtest.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.stream.IntStream;
import org.junit.jupiter.api.Test;

class TimetableTest {
  private static final long SECOND = 1_000_000_000;
  private static final ModelSpec MODEL = new ModelSpec(20, 50, 400, 0.8, 5, 1, 800, 2000, 3000);

  @Test
  void poissonArrivalsAreAFunctionOfTheSeed() {
    PoissonArrivals one = new PoissonArrivals(7, 10_000, 1000);
    PoissonArrivals same = new PoissonArrivals(7, 10_000, 1000);
    PoissonArrivals other = new PoissonArrivals(8, 10_000, 1000);
    int differ = 0;
    for (int i = 0; i < 10_000; i++) {
      assertEquals(one.offsetNanos(i), same.offsetNanos(i));
      assertTrue(i == 0 || one.offsetNanos(i) >= one.offsetNanos(i - 1));
      differ += one.offsetNanos(i) == other.offsetNanos(i) ? 0 : 1;
    }
    assertTrue(differ > 9_000);
  }

  @Test
  void poissonArrivalsHaveTheirMeanRateAndItsSpread() {
    int events = 100_000;
    PoissonArrivals arrivals = new PoissonArrivals(1, events, 1000);
    assertEquals(100.0, arrivals.offsetNanos(events - 1) / 1e9, 1.5);
    // Of exponential gaps, 1/e are longer than the mean.
    long longer =
        IntStream.range(1, events)
            .filter(i -> arrivals.offsetNanos(i) - arrivals.offsetNanos(i - 1) > 1_000_000)
            .count();
    assertEquals(Math.exp(-1), (double) longer / events, 0.01);
  }

  @Test
  void aModelsTimetableIsAFunctionOfTheSeed() {
    List<Long> one = offsets(draw(3));
    assertEquals(one, offsets(draw(3)));
    assertNotEquals(one, offsets(draw(4)));
  }

  @Test
  void everyEventOfEveryAnswerComesOnceAndInOrder() {
    KeptTimetable timetable = draw(5);
    int[] next = new int[timetable.chats()];
    long last = 0;
    for (long sequence = 0; sequence < timetable.size(); sequence++) {
      int chat = timetable.chat(sequence);
      assertEquals(next[chat]++ - 1, timetable.index(sequence));
      long due = timetable.offsetNanos(sequence);
      assertEquals(due, timetable.offsetNanos(chat, timetable.index(sequence)));
      assertTrue(due >= last, "an event is due before the one before it");
      last = due;
      boolean token = timetable.index(sequence) >= 0 && !isEnd(timetable, sequence);
      assertTrue(!token || sequence < timetable.sizeToLastToken());
    }
    for (int chat = 0; chat < timetable.chats(); chat++) {
      assertEquals(timetable.tokens(chat) + 2, next[chat]);
    }
  }

  @Test
  void aSlotsAnswersFollowEachOther() {
    KeptTimetable timetable = draw(6);
    for (int slot = 0; slot < 200; slot++) {
      for (int answer = 1; answer < 3; answer++) {
        int before = (answer - 1) * 200 + slot;
        int chat = answer * 200 + slot;
        long ended = timetable.offsetNanos(before, timetable.tokens(before));
        assertTrue(timetable.offsetNanos(chat, -1) >= ended);
      }
    }
  }

  @Test
  void answersAreLongTailedAndPaced() {
    KeptTimetable timetable = draw(7);
    List<Integer> lengths = new ArrayList<>();
    int together = 0;
    int paused = 0;
    int tokens = 0;
    for (int chat = 0; chat < timetable.chats(); chat++) {
      lengths.add(timetable.tokens(chat));
      for (int index = 1; index < timetable.tokens(chat); index++) {
        long gap = timetable.offsetNanos(chat, index) - timetable.offsetNanos(chat, index - 1);
        together += gap == 0 ? 1 : 0;
        // Beyond what eight tokens of the slowest answer take.
        paused += gap > 8 * 1.5 * SECOND / 20 ? 1 : 0;
        tokens++;
      }
    }
    lengths.sort(null);
    int median = lengths.get(lengths.size() / 2);
    assertEquals(100, median, 15);
    assertTrue(lengths.get(lengths.size() * 95 / 100) > 2.5 * median, lengths::toString);
    assertTrue(lengths.get(lengths.size() - 1) <= MODEL.maxTokens());
    assertTrue(together > tokens / 20, together + " of " + tokens + " came with others");
    assertTrue(paused > 0 && paused < tokens / 100, paused + " pauses in " + tokens + " tokens");
  }

  @Test
  void withoutSpreadAllAnswersAreAlike() {
    ModelSpec plain = new ModelSpec(10, 10, 50, 0, 0, 0, 0, 0, 0);
    KeptTimetable timetable = ModelTimetable.draw(1, 3, 1, 20, plain, 0);
    for (int chat = 0; chat < 3; chat++) {
      assertEquals(20, timetable.tokens(chat));
      double seconds = timetable.offsetNanos(chat, 19) / 1e9;
      assertEquals(1.9, seconds, 0.5);
    }
  }

  private static KeptTimetable draw(long seed) {
    return ModelTimetable.draw(seed, 200, 3, 100, MODEL, SECOND);
  }

  private static boolean isEnd(Timetable timetable, long sequence) {
    return timetable.index(sequence) == timetable.tokens(timetable.chat(sequence));
  }

  private static List<Long> offsets(Timetable timetable) {
    List<Long> all = new ArrayList<>();
    for (long sequence = 0; sequence < timetable.size(); sequence++) {
      all.add(timetable.offsetNanos(sequence));
    }
    return all;
  }
}
