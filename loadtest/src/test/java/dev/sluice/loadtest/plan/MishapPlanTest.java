package dev.sluice.loadtest.plan;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class MishapPlanTest {
  private static final int STREAMS = 200;
  private static final int CHATS = 100;
  private static final int TWO_RUN_CHATS = 10;
  private static final int CONNECTIONS = 8;
  private static final MishapSpec MISHAPS = new MishapSpec(30, 1_000, 20, 10, 12);

  @Test
  void theSameSeedDrawsTheSameMishapsAndAnotherOthers() {
    assertEquals(draw(1, MISHAPS), draw(1, MISHAPS));
    assertNotEquals(draw(1, MISHAPS), draw(2, MISHAPS));
  }

  @Test
  void thereAreAsManyAsWereAskedForAndInTheOrderOfTheirTimes() {
    MishapPlan plan = draw(1, MISHAPS);
    assertEquals(30, count(plan, Mishap.PAUSE));
    assertEquals(20, count(plan, Mishap.RESET));
    assertEquals(10, count(plan, Mishap.HALF_OPEN));
    assertEquals(12, count(plan, Mishap.CUT));
    long before = 0;
    Timetable timetable = load(1).timetable();
    long last = timetable.offsetNanos(timetable.sizeToLastToken() - 1);
    for (MishapPlan.Step step : plan.steps()) {
      assertTrue(step.offsetNanos() >= before && step.offsetNanos() <= last, step::toString);
      before = step.offsetNanos();
    }
  }

  @Test
  void onlyBriskReadersAreStruckAndThoseAreNotMeasured() {
    MishapPlan plan = draw(1, MISHAPS);
    ReaderSpec readers = readers();
    for (MishapPlan.Step step : plan.steps()) {
      if (step.what() != Mishap.CUT) {
        assertEquals(ReaderSpec.Pace.BRISK, readers.pace(step.where()));
        assertTrue(plan.isStruck(step.where()));
        assertEquals(
            step.what() == Mishap.PAUSE || plan.pauses(step.where()), plan.pauses(step.where()));
      }
    }
    MishapPlan none = draw(1, MishapSpec.NONE);
    assertFalse(none.isStruck(TWO_RUN_CHATS));
    assertTrue(none.isStruck(TWO_RUN_CHATS - 1), "its latency could not be told from another's");
  }

  @Test
  void halfOfTheCutsAreHardAndEachConnectionWithAnOddNumberIsCut() {
    MishapPlan plan = draw(1, MISHAPS);
    Set<Integer> cut = new HashSet<>();
    long hard = 0;
    for (MishapPlan.Step step : plan.steps()) {
      if (step.what() == Mishap.CUT) {
        cut.add(step.where());
        hard += step.hard() ? 1 : 0;
      }
    }
    assertEquals(Set.of(1, 3, 5, 7), cut);
    assertEquals(6, hard);
  }

  @Test
  void theRunsOfOneChatAreOnTwoConnectionsThatAreNeverCut() {
    Lanes lanes = Lanes.of(load(1), MISHAPS);
    for (int chat = 0; chat < TWO_RUN_CHATS; chat++) {
      int first = lanes.lane(chat);
      int second = lanes.lane(CHATS + chat);
      assertNotEquals(first, second);
      assertFalse(lanes.isCut(first) || lanes.isCut(second) || lanes.mayBeCut(chat));
    }
    assertTrue(lanes.mayBeCut(TWO_RUN_CHATS + 1));
    assertFalse(lanes.mayBeCut(TWO_RUN_CHATS));
    // Without cuts two connections are enough.
    Lanes two = new Lanes(Lanes.needed(TWO_RUN_CHATS, false), CHATS, TWO_RUN_CHATS, false);
    for (int chat = 0; chat < TWO_RUN_CHATS; chat++) {
      assertNotEquals(two.lane(chat), two.lane(CHATS + chat));
    }
  }

  @Test
  void aStalledReadersChatIsWrittenInTheSecondHalfAndItsLikeInTheFirst() {
    LoadSpec load = load(1, 0, new StalledSpec(5, 40_000));
    Timetable timetable = load.timetable();
    long half = load.stalledFromNanos();
    for (int reader = 0; reader < 5; reader++) {
      int quiet = CHATS + reader;
      int stalled = CHATS + 5 + reader;
      assertEquals(stalled, load.chatOfStream(STREAMS + reader));
      assertTrue(load.isStalled(STREAMS + reader) && !load.isStalled(STREAMS - 1));
      assertEquals(10, timetable.tokens(quiet));
      assertEquals(10, timetable.tokens(stalled));
      assertTrue(timetable.offsetNanos(quiet, 10) <= half);
      assertTrue(timetable.offsetNanos(stalled, -1) >= half);
    }
    assertEquals(StalledSpec.TOKEN_BYTES, load.tokenBytes(CHATS));
    assertEquals(0, load.tokenBytes(CHATS - 1));
  }

  private static long count(MishapPlan plan, Mishap what) {
    return plan.steps().stream().filter(step -> step.what() == what).count();
  }

  private static ReaderSpec readers() {
    return new ReaderSpec(10, 1, 5, 0, 0);
  }

  private static MishapPlan draw(long seed, MishapSpec mishaps) {
    LoadSpec load = load(seed);
    return MishapPlan.draw(load, readers(), mishaps, load.timetable());
  }

  private static LoadSpec load(long seed) {
    return load(seed, TWO_RUN_CHATS, StalledSpec.NONE);
  }

  private static LoadSpec load(long seed, int twoRunChats, StalledSpec stalled) {
    ModelSpec model = new ModelSpec(20, 50, 100, 0, 0, 0, 0, 0, 0);
    return new LoadSpec(
        CHATS,
        twoRunChats,
        STREAMS + stalled.readers(),
        1,
        5,
        0,
        50,
        0,
        Publish.LINES,
        Schedule.CONSTANT,
        1_000,
        seed,
        model,
        CONNECTIONS,
        0,
        stalled);
  }
}
