package dev.sluice.chat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertSame;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.nio.charset.StandardCharsets;
import org.junit.jupiter.api.Test;

class RunsTest {
  private static final int ENDED_THAT_ARE_KEPT = 32;

  private final Runs runs = new Runs(3);
  private long offset;

  @Test
  void newestFirst() {
    assertNull(runs.newest());
    assertNull(runs.newestOpen());
    assertFalse(runs.hasOpen());
    assertEquals(77, runs.currentStart(77));
    Run a = open("a");
    Run b = open("b");
    assertSame(b, runs.newestOpen());
    assertEquals(0, runs.currentStart(77));
    end(a);
    assertSame(b, runs.newestOpen());
    assertEquals(1, runs.currentStart(77));
    end(b);
    assertNull(runs.newestOpen());
    assertSame(b, runs.newest());
    assertEquals(1, runs.currentStart(77));
    assertSame(a, runs.find("a"));
    assertNull(runs.find("c"));
  }

  @Test
  void aRunThatHasNotBegunDoesNotHideTheOthers() {
    Run silent = Run.supervised("silent");
    assertTrue(runs.open(silent));
    assertEquals(77, runs.currentStart(77));
    offset = 10;
    open("b");
    assertEquals(10, runs.currentStart(77));
    silent.appended(20);
    assertEquals(10, runs.currentStart(77));
  }

  @Test
  void runsThatBeganInAnotherOrderThanTheyWereOpenedOverlapAllTheSame() {
    Run late = Run.supervised("late");
    Run early = Run.supervised("early");
    Run current = Run.supervised("current");
    for (Run run : new Run[] {late, early, current}) {
      assertTrue(runs.open(run));
    }
    early.appended(2);
    late.appended(5);
    endAt(early, 6);
    current.appended(7);
    endAt(late, 8);
    assertEquals(1, runs.currentStart(77));
  }

  @Test
  void onlySoManyAreOpen() {
    Run a = open("a");
    open("b");
    open("c");
    assertFalse(runs.open(Run.named("d")));
    assertNull(runs.find("d"));
    end(a);
    assertNotNull(open("d"));
  }

  @Test
  void theNewestOfThoseThatEndedAreKept() {
    Run open = open("open");
    for (int i = 0; i < 100; i++) {
      end(open("r" + i));
      int ended = (int) runs.all().stream().filter(run -> !run.isOpen()).count();
      assertTrue(ended <= ENDED_THAT_ARE_KEPT + 1);
      assertEquals(Math.min(i, ENDED_THAT_ARE_KEPT) + 1, ended);
    }
    assertNotNull(runs.find("r99"));
    assertNotNull(runs.find("r67"));
    assertNull(runs.find("r66"));
    assertSame(open, runs.find("open"));
    assertTrue(runs.hasOpen());
    assertEquals("open", runs.states().get(0).runId());
    assertEquals(0, runs.currentStart(77));
  }

  @Test
  void theOldestGoFirstWhenSeveralAreTooMany() {
    for (int i = 0; i < ENDED_THAT_ARE_KEPT; i++) {
      end(open("r" + i));
    }
    Run a = open("a");
    Run b = open("b");
    Run c = open("c");
    end(a);
    end(b);
    end(c);
    open("d");
    assertNull(runs.find("r1"));
    assertNull(runs.find("r2"));
    assertNotNull(runs.find("r3"));
    assertNotNull(runs.find("r4"));
    assertSame(a, runs.find("a"));
    assertEquals(ENDED_THAT_ARE_KEPT + 1, runs.all().size());
  }

  @Test
  void aRunThatIsNotTheOnlyOneShowsItsId() {
    Run first = Run.unnamed("a");
    assertTrue(runs.open(first));
    assertEquals(0, first.runExtra().length);
    Run second = Run.unnamed("b");
    assertTrue(runs.open(second));
    assertEquals(",\"run\":\"b\"", new String(second.runExtra(), StandardCharsets.UTF_8));
    end(first);
    end(second);
    Run third = Run.unnamed("c");
    assertTrue(runs.open(third));
    assertEquals(0, third.runExtra().length);
  }

  @Test
  void aSignOfLifeCountsLikeAnEvent() {
    Run run = Run.named("a");
    assertEquals(0, run.idleMs(1000));
    assertEquals(10, run.idleMs(1010));
    run.touch();
    assertEquals(0, run.idleMs(1020));
    run.appended(1);
    assertEquals(0, run.idleMs(1030));
    assertEquals(5, run.idleMs(1035));
  }

  @Test
  void aRunWhoseProducerEndsItInAnyCaseIsNeverIdle() {
    Run run = Run.supervised("a");
    assertEquals(0, run.idleMs(1000));
    assertEquals(0, run.idleMs(1_000_000));
  }

  @Test
  void aNumberThatDoesNotChangeIsIdle() {
    IdleWatch watch = new IdleWatch();
    assertEquals(0, watch.idleMs(0, 1000));
    assertEquals(5, watch.idleMs(0, 1005));
    assertEquals(0, watch.idleMs(1, 1007));
    assertEquals(93, watch.idleMs(1, 1100));
    assertEquals(0, watch.idleMs(0, 1200));
  }

  @Test
  void aNegativeNumberIsNeverIdle() {
    IdleWatch watch = new IdleWatch();
    assertEquals(0, watch.idleMs(-1, 1000));
    assertEquals(0, watch.idleMs(-1, 2000));
    assertEquals(0, watch.idleMs(7, 3000));
    assertEquals(10, watch.idleMs(7, 3010));
  }

  private Run open(String name) {
    Run run = Run.named(name);
    assertTrue(runs.open(run));
    run.appended(++offset);
    return run;
  }

  private void end(Run run) {
    runs.close(run);
    run.ending(RunEnding.COMPLETED);
    run.endedAt(offset);
  }

  private void endAt(Run run, long endOffset) {
    offset = endOffset;
    end(run);
  }
}
