package dev.sluice.chat;

import static dev.sluice.chat.Drafts.token;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.frame.Utf8Buffer;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.Executor;
import java.util.concurrent.RejectedExecutionException;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;

/** How often a loop is woken, and who is told. */
class WakeupsTest {
  private final Room room = new Room();

  @Test
  void aBurstCostsOneTaskAndOneCall() {
    Reading reading = room.read(new StartAt.Live());
    for (int burst = 1; burst <= 3; burst++) {
      for (int i = 0; i < 10_000; i++) {
        room.publishAll(token("x"));
      }
      assertEquals(1, room.waitingTasks());
      assertEquals(1, room.turn());
      assertEquals(burst, reading.calls);
      assertEquals(burst, room.bursts);
      reading.read();
    }
    assertEquals(0, room.waitingTasks());
  }

  @Test
  void aBurstOverManyChatsCostsOneTaskToo() {
    List<Reading> readings = new ArrayList<>();
    for (int i = 0; i < 100; i++) {
      readings.add(subscribe("c" + i));
    }
    for (int i = 0; i < 1000; i++) {
      room.chats.publish("c" + i % 50, token("x"));
    }
    assertEquals(1, room.turn());
    assertEquals(50, readings.stream().mapToInt(reading -> reading.calls).sum());
    assertEquals(1, readings.get(49).calls);
    assertEquals(0, readings.get(50).calls);
    assertEquals(1, room.bursts);
    assertEquals(0, room.waitingTasks());
  }

  @Test
  void everyReaderOfAChatIsTold() {
    List<Reading> readings = List.of(subscribe("c"), subscribe("c"), subscribe("c"));
    room.chats.publish("c", token("x"));
    assertEquals(1, room.turn());
    assertEquals(List.of(1, 1, 1), readings.stream().map(reading -> reading.calls).toList());
  }

  @Test
  void whoLeavesInTheMiddleIsNotToldAndAllOthersAre() {
    List<Cursor> cursors = new ArrayList<>();
    List<Integer> told = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      int number = i;
      Cursor.Reader reader =
          () -> {
            told.add(number);
            if (told.size() == 2) {
              cursors.subList(1, 4).forEach(Cursor::close);
            }
          };
      Cursor cursor = room.chats.subscribe("c", new StartAt.Live(), null, room.wakeups, reader);
      assertNotNull(cursor);
      cursors.add(cursor);
    }
    room.chats.publish("c", token("x"));
    room.turn();
    assertEquals(List.of(4, 3, 0), told);
    room.chats.publish("c", token("x"));
    room.turn();
    assertEquals(List.of(4, 3, 0, 4, 0), told);
  }

  @Test
  void whatMakesNoEventWakesNobody() {
    room.publishAll(token("a"));
    room.read(new StartAt.Live());
    room.publishAll(token(""), Drafts.event("start"));
    assertEquals(0, room.waitingTasks());
  }

  @Test
  void whatTheServerDoesWakesToo() {
    Reading reading = room.read(new StartAt.Live());
    RunPublisher run = room.chats.startRun(Room.CHAT);
    assertNotNull(run);
    room.turn();
    assertEquals(1, reading.calls);
    room.chat().loseProducer(run.runId());
    room.turn();
    assertEquals(2, reading.calls);
    room.publishAll(token("a"));
    room.turn();
    room.chat().stop();
    room.turn();
    assertEquals(4, reading.calls);
  }

  @Test
  void nobodyReadsAndNobodyIsWoken() {
    Reading reading = room.read(new StartAt.Live());
    reading.close();
    room.publishAll(token("a"));
    assertEquals(0, room.waitingTasks());
  }

  @Test
  void whoHasLeftIsNotTold() {
    Reading first = room.read(new StartAt.Live());
    Reading second = room.read(new StartAt.Live());
    Reading third = room.read(new StartAt.Live());
    room.publishAll(token("a"));
    first.close();
    room.turn();
    assertEquals(List.of(0, 1, 1), List.of(first.calls, second.calls, third.calls));
    assertEquals(2, room.chat().subscriberCount());
  }

  @Test
  void readersMayLeaveWhileTheyAreTold() {
    List<Reading> told = new ArrayList<>();
    for (int i = 0; i < 5; i++) {
      Reading reading = new Reading();
      Cursor cursor =
          room.chats.subscribe(
              Room.CHAT,
              new StartAt.Live(),
              null,
              room.wakeups,
              () -> {
                told.add(reading);
                reading.close();
              });
      assertNotNull(cursor);
      reading.begin(cursor);
    }
    room.publishAll(token("a"));
    room.turn();
    assertEquals(5, told.size());
    assertEquals(0, room.chat().subscriberCount());
    room.publishAll(token("b"));
    assertEquals(0, room.waitingTasks());
  }

  @Test
  void aReaderMayCloseAnother() {
    Reading victim = room.read(new StartAt.Live());
    Reading bystander = room.read(new StartAt.Live());
    Reading self = new Reading();
    Cursor cursor =
        room.chats.subscribe(
            Room.CHAT,
            new StartAt.Live(),
            null,
            room.wakeups,
            () -> {
              self.calls++;
              victim.close();
            });
    assertNotNull(cursor);
    room.publishAll(token("a"));
    room.turn();
    assertEquals(0, victim.calls);
    assertTrue(bystander.calls >= 1);
    assertTrue(self.calls >= 1);
  }

  @Test
  void aReaderThatWantsAnotherTurnGetsTheNextOne() {
    Reading reading = room.read(new StartAt.Live());
    room.publishAll(token("a"));
    int[] turns = new int[1];
    Cursor[] again = new Cursor[1];
    again[0] =
        room.chats.subscribe(
            Room.CHAT,
            new StartAt.Live(),
            null,
            room.wakeups,
            () -> {
              turns[0]++;
              again[0].readAgain();
            });
    for (int i = 1; i <= 5; i++) {
      assertEquals(1, room.turn(), "one task at a time, so that the loop gets to its sockets");
      assertEquals(i, turns[0]);
      assertEquals(i, reading.calls);
    }
  }

  @Test
  void aLoopKnowsWhetherItIsDelivering() {
    List<Boolean> seen = new ArrayList<>();
    Cursor cursor =
        room.chats.subscribe(
            Room.CHAT,
            new StartAt.Live(),
            null,
            room.wakeups,
            () -> seen.add(room.wakeups.isDelivering()));
    assertNotNull(cursor);
    room.publishAll(token("a"));
    assertFalse(room.wakeups.isDelivering());
    room.turn();
    assertFalse(room.wakeups.isDelivering());
    assertEquals(List.of(true), seen);
  }

  @Test
  void aReaderThatFailsKeepsNobodyElseFromBeingTold() {
    Reading before = room.read(new StartAt.Live());
    List<RuntimeException> failures = new ArrayList<>();
    RuntimeException failure = new IllegalStateException("as the test wants it");
    Cursor cursor =
        room.chats.subscribe(
            Room.CHAT,
            new StartAt.Live(),
            null,
            room.wakeups,
            new Cursor.Reader() {
              @Override
              public void readable() {
                throw failure;
              }

              @Override
              public void failed(RuntimeException cause) {
                failures.add(cause);
              }
            });
    assertNotNull(cursor);
    Reading after = room.read(new StartAt.Live());
    room.publishAll(token("a"));
    room.turn();
    assertEquals(List.of(1, 1), List.of(before.calls, after.calls));
    assertEquals(List.of(failure), failures);
    assertEquals(1, room.bursts);
    assertFalse(room.wakeups.isDelivering());
  }

  @Test
  void eachLoopIsWokenForItsOwnReaders() {
    List<Runnable> tasks = new ArrayList<>();
    Wakeups other = new Wakeups(tasks::add, () -> {});
    Reading here = room.read(new StartAt.Live());
    Reading there = new Reading();
    Cursor cursor = room.chats.subscribe(Room.CHAT, new StartAt.Live(), null, other, there);
    assertNotNull(cursor);
    room.publishAll(token("a"), token("b"));
    assertEquals(1, tasks.size());
    tasks.get(0).run();
    assertEquals(List.of(0, 1), List.of(here.calls, there.calls));
    assertEquals(1, room.turn());
    assertEquals(List.of(1, 1), List.of(here.calls, there.calls));
    assertFalse(here.cursor().hasCompany());
  }

  @Test
  void publishingGoesOnWhenTheLoopHasShutDown() {
    Executor shutDown =
        task -> {
          throw new RejectedExecutionException();
        };
    Wakeups dead = new Wakeups(shutDown, () -> {});
    Cursor cursor = room.chats.subscribe(Room.CHAT, new StartAt.Live(), null, dead, new Reading());
    assertNotNull(cursor);
    for (int i = 0; i < 10; i++) {
      assertEquals(PublishResult.ACCEPTED, room.publish(token("a")));
    }
    assertEquals(11, room.chat().lastId().offset());
  }

  private Reading subscribe(String chatId) {
    Reading reading = new Reading();
    Cursor cursor = room.chats.subscribe(chatId, new StartAt.Live(), null, room.wakeups, reading);
    assertNotNull(cursor);
    reading.begin(cursor);
    return reading;
  }

  /** Reads what there is, which is more than a third of what one turn of the loop is for. */
  private final class Hungry implements Cursor.Reader {
    private final Utf8Buffer out = new Utf8Buffer(64);
    private @Nullable Cursor cursor;
    private int calls;
    private boolean leaves;

    Hungry(String chatId) {
      cursor = room.chats.subscribe(chatId, new StartAt.Live(), null, room.wakeups, this);
    }

    @Override
    public void readable() {
      calls++;
      Cursor reading = cursor;
      if (reading == null || reading.lag() == 0) {
        return;
      }
      reading.read(out, 1 << 20, true, 0);
      room.wakeups.spent(Wakeups.MAX_TURN_BYTES / 3);
      if (leaves) {
        reading.close();
        cursor = null;
      }
    }

    boolean isAtTail() {
      return cursor == null || cursor.lag() == 0;
    }
  }

  @Test
  void aChatWithManyReadersDoesNotHoldTheLoop() {
    room.publishAll(token("first"));
    List<Hungry> many = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      many.add(new Hungry(Room.CHAT));
    }
    Hungry other = new Hungry("other");
    room.publishAll(token("a"));
    room.chats.publish("other", token("b"));
    int before = 0;
    int turns = 0;
    while (room.waitingTasks() > 0) {
      room.turn();
      turns++;
      int reading = (int) many.stream().filter(Hungry::isAtTail).count();
      assertTrue(reading - before <= 3, "in one turn " + (reading - before));
      before = reading;
      assertEquals(0, other.cursor == null ? 1 : other.cursor.lag(), "the other chat waited");
      if (turns == 2) {
        // Those who were told already have to get that, too.
        room.publishAll(token("c"));
        before = 0;
      }
      assertTrue(turns < 60, "it does not come to an end");
    }
    assertTrue(many.stream().allMatch(Hungry::isAtTail));
  }

  @Test
  void readersThatLeaveBetweenTurnsTakeNobodyWithThem() {
    room.publishAll(token("first"));
    List<Hungry> many = new ArrayList<>();
    for (int i = 0; i < 20; i++) {
      Hungry reader = new Hungry(Room.CHAT);
      reader.leaves = i % 3 == 0;
      many.add(reader);
    }
    room.publishAll(token("a"));
    room.turn();
    for (int i = 1; i < 20; i += 5) {
      Hungry gone = many.get(i);
      if (gone.cursor != null) {
        gone.cursor.close();
        gone.cursor = null;
      }
    }
    many.add(new Hungry(Room.CHAT));
    room.publishAll(token("b"));
    for (int turns = 0; room.waitingTasks() > 0; turns++) {
      room.turn();
      assertTrue(turns < 60, "it does not come to an end");
    }
    assertTrue(many.stream().allMatch(Hungry::isAtTail));
  }

  @Test
  void aBurstThatFitsIntoOneTurnTellsEverybodyOnce() {
    room.publishAll(token("first"));
    Hungry one = new Hungry(Room.CHAT);
    Hungry two = new Hungry(Room.CHAT);
    room.publishAll(token("a"));
    room.turn();
    assertEquals(0, room.waitingTasks());
    assertEquals(List.of(1, 1), List.of(one.calls, two.calls));
  }
}
