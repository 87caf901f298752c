package dev.sluice.chat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.frame.Utf8Buffer;
import java.util.List;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * A client that believes nothing: each frame has to be what the model says that follows the last
 * one, or a gap that names exactly what is missing and really is.
 */
final class ModelReader {
  private final Room room;
  private final @Nullable String run;
  private final ModelChats models;
  private @Nullable Cursor cursor;

  /** Told by whom, when something is wrong. */
  String who = "";

  /** The epoch and the offset that the client is at. */
  private long epoch;

  private long position;

  /** The id that the client came with, if that was not one of this log. */
  private @Nullable EventId stranger;

  boolean stalled;
  int gaps;
  int strangers;

  ModelReader(Room room, ModelChats models, @Nullable String run) {
    this.room = room;
    this.models = models;
    this.run = run;
  }

  /** True if it reads a log that will not grow any more, and has all of it. */
  boolean isOver() {
    Cursor reading = cursor;
    return reading != null && reading.isOver();
  }

  void join(StartAt startAt) {
    close();
    Cursor joined = room.chats.subscribe(Room.CHAT, startAt, run, room.wakeups, () -> {});
    assertNotNull(joined);
    cursor = joined;
    epoch = joined.chat().lastId().epoch();
    models.chatOf(epoch);
    long tail = joined.chat().lastId().offset();
    stranger = null;
    if (startAt instanceof StartAt.After after) {
      EventId id = after.id();
      boolean known = id.epoch() == epoch && id.offset() <= tail;
      position = known ? id.offset() : tail;
      stranger = known ? null : id;
    } else if (startAt instanceof StartAt.Live) {
      position = tail;
    } else {
      // Where runs begin is checked elsewhere; here it counts that nothing is skipped after it.
      position = tail - joined.lag();
    }
  }

  /** As a client does whose connection broke. */
  void reconnect() {
    if (cursor != null) {
      join(new StartAt.After(new EventId(epoch, position)));
    }
  }

  void close() {
    Cursor open = cursor;
    cursor = null;
    if (open != null) {
      open.close();
    }
  }

  /** Reads at least so many bytes, if there are so many; all there is, if that is the largest. */
  void read(int maxBytes) {
    Cursor reading = cursor;
    if (reading == null) {
      return;
    }
    Cursor.Status status;
    do {
      Utf8Buffer out = new Utf8Buffer(0);
      long first = reading.chat().firstId().offset();
      status = reading.read(out, maxBytes, true, 0);
      for (Frame frame : Frame.parse(out)) {
        take(frame, first);
      }
    } while (maxBytes == Integer.MAX_VALUE && status != Cursor.Status.AT_TAIL);
    if (maxBytes == Integer.MAX_VALUE) {
      assertNull(stranger, who + " was not told of its gap");
    }
  }

  /** When everything was said: nothing is left over that was not told of. */
  void checkAllRead() {
    if (cursor != null) {
      ReferenceChat model = models.chatOf(epoch);
      assertEquals(List.of(), model.briefs(run, position, model.size()), who + " at the end");
    }
  }

  private void take(Frame frame, long first) {
    EventId id = frame.id();
    assertNotNull(id, who);
    assertEquals(epoch, id.epoch(), who);
    ReferenceChat model = models.chatOf(epoch);
    if (frame.event().equals("gap")) {
      takeGap(frame, id, model, first);
      return;
    }
    assertNull(stranger, who + ": a gap had to come first");
    assertTrue(id.offset() > position, who + ": ids that do not grow");
    List<String> expected = Folded.of(model.briefs(run, position, id.offset()));
    assertEquals(expected, List.of(frame.brief()), who + " up to " + id);
    position = id.offset();
  }

  private void takeGap(Frame frame, EventId id, ReferenceChat model, long first) {
    JsonNode data = JsonMapper.shared().readTree(frame.json()).path("data");
    EventId from = EventId.parse(data.path("from").asString());
    String reason = data.path("reason").asString();
    assertEquals(id.toString(), data.path("to").asString(), who);
    gaps++;
    EventId asked = stranger;
    if (asked != null) {
      assertEquals(asked, from, who);
      assertEquals(asked.epoch() == epoch ? "unknown_id" : "epoch", reason, who);
      stranger = null;
      strangers++;
    } else {
      assertEquals("lapped", reason, who);
      assertNotNull(from, who);
      assertEquals(epoch, from.epoch(), who);
      // It begins where the client is, save for what is none of its business.
      assertEquals(List.of(), model.briefs(run, position, from.offset()), who);
      assertTrue(from.offset() < id.offset(), who + ": a gap of nothing");
      // What it names is really gone, and nothing else is.
      assertEquals(first - 1, id.offset(), who);
    }
    position = id.offset();
  }
}
