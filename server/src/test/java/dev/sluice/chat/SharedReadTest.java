package dev.sluice.chat;

import static dev.sluice.chat.Drafts.event;
import static dev.sluice.chat.Drafts.in;
import static dev.sluice.chat.Drafts.json;
import static dev.sluice.chat.Drafts.token;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.chat.Cursor.Status;
import dev.sluice.frame.Utf8Buffer;
import org.junit.jupiter.api.Test;

/** Cursors at the same place share what one of them has read. */
class SharedReadTest {
  private static final int DIALECT = 3;
  private static final int NO_BOUND = Integer.MAX_VALUE;

  private final Room room = new Room();
  private final SharedRead shared = new SharedRead();

  @Test
  void whoFollowsIsWhereItsOwnReadWouldHaveLedIt() {
    Cursor leader = room.read(new StartAt.Live()).cursor();
    Cursor follower = room.read(new StartAt.Live()).cursor();
    Reading alone = room.read(new StartAt.Live());
    EventDraft[][] bursts = {
      {token("a"), token("b")},
      {token(" ")},
      {token("\n"), token("\t")},
      {json("x", "1"), token(" ")},
      {token("c"), event("end"), token("d")},
      {token("e"), event("end")},
    };
    for (EventDraft[] burst : bursts) {
      room.publishAll(burst);
      Status status;
      do {
        Utf8Buffer out = new Utf8Buffer(0);
        status = leader.lead(shared, DIALECT, out, 20, false);
        assertTrue(follower.canFollow(shared, DIALECT));
        assertEquals(status, follower.follow(shared));
        Utf8Buffer own = new Utf8Buffer(0);
        assertEquals(status, alone.cursor().read(own, 20, false, 0));
        assertEquals(own.toString(), out.toString());
        assertEquals(alone.cursor().lag(), follower.lag());
      } while (status != Status.AT_TAIL);
      shared.forget();
    }
    assertEquals(0, follower.lag());
  }

  @Test
  void theFollowerGoesOnByItself() {
    Cursor leader = room.read(new StartAt.Live()).cursor();
    Reading follower = room.read(new StartAt.Live());
    room.publishAll(token("a"));
    leader.lead(shared, DIALECT, new Utf8Buffer(0), NO_BOUND, true);
    follower.cursor().follow(shared);
    // What the leader has held back, the follower has too.
    room.publishAll(token(" "));
    leader.lead(shared, DIALECT, new Utf8Buffer(0), NO_BOUND, true);
    follower.cursor().follow(shared);
    room.publishAll(token("b"));
    assertEquals("token \" b\" finalResponse", follower.briefs().get(0));
  }

  @Test
  void onlyTheVerySameReadIsShared() {
    room.publishAll(in("r1", event("start")), token("a"));
    Cursor leader = room.read(new StartAt.Live()).cursor();
    Cursor same = room.read(new StartAt.Live()).cursor();
    Cursor elsewhere = room.readAll().cursor();
    Cursor ofOneRun = room.read(new StartAt.Live(), "r1").cursor();
    Reading stranger = new Reading();
    Cursor ofAnotherChat =
        room.chats.subscribe("other", new StartAt.Live(), null, room.wakeups, stranger);
    assertTrue(ofAnotherChat != null);
    assertFalse(same.canFollow(shared, DIALECT), "nothing is shared yet");
    room.publishAll(token("b"));
    leader.lead(shared, DIALECT, new Utf8Buffer(0), NO_BOUND, true);
    assertTrue(same.canFollow(shared, DIALECT));
    assertFalse(same.canFollow(shared, DIALECT + 1));
    assertFalse(elsewhere.canFollow(shared, DIALECT));
    assertFalse(ofOneRun.canFollow(shared, DIALECT));
    assertFalse(ofAnotherChat.canFollow(shared, DIALECT));
    assertFalse(leader.canFollow(shared, DIALECT), "it has moved on");
    shared.forget();
    assertFalse(same.canFollow(shared, DIALECT));
  }

  @Test
  void readersOfTheSameRunShare() {
    Cursor leader = room.read(new StartAt.Live(), "r1").cursor();
    Cursor same = room.read(new StartAt.Live(), new String("r1".toCharArray())).cursor();
    room.publishAll(in("r1", token("a")));
    leader.lead(shared, DIALECT, new Utf8Buffer(0), NO_BOUND, true);
    assertTrue(same.canFollow(shared, DIALECT));
  }

  @Test
  void aGapOfItsOwnIsNobodyElses() {
    StartAt past = new StartAt.After(new EventId(1, 1));
    Reading leader = room.read(past);
    Reading other = room.read(new StartAt.After(new EventId(2, 2)));
    Reading plain = room.read(new StartAt.Live());
    room.publishAll(token("a"));
    Utf8Buffer out = new Utf8Buffer(0);
    leader.cursor().lead(shared, DIALECT, out, NO_BOUND, true);
    assertEquals("gap", Frame.parse(out).get(0).event());
    assertFalse(plain.cursor().canFollow(shared, DIALECT));
    plain.cursor().lead(shared, DIALECT, new Utf8Buffer(0), NO_BOUND, true);
    assertFalse(other.cursor().canFollow(shared, DIALECT));
  }

  @Test
  void knowsWhetherItHasCompany() {
    Reading first = room.read(new StartAt.Live());
    assertFalse(first.cursor().hasCompany());
    Reading second = room.read(new StartAt.Live());
    assertTrue(first.cursor().hasCompany());
    assertTrue(second.cursor().hasCompany());
    first.close();
    assertFalse(second.cursor().hasCompany());
  }
}
