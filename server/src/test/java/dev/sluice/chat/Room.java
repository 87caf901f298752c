package dev.sluice.chat;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNotNull;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.metrics.Metrics;
import java.time.Instant;
import java.time.InstantSource;
import java.util.ArrayDeque;
import java.util.ArrayList;
import java.util.Arrays;
import java.util.List;
import java.util.concurrent.Executor;
import org.jspecify.annotations.Nullable;

/**
 * Chats whose clock and event loop are moved by the test. Publishing to and reading from one chat
 * is short to write; for everything else there is {@link #chats}. One thread.
 */
final class Room {
  static final String CHAT = "chat-1";
  static final long EPOCH = 1_700_000_000_000L;

  final Chats chats;
  final Wakeups wakeups;
  int bursts;
  private final ArrayDeque<Runnable> tasks = new ArrayDeque<>();
  private final List<Reading> readings = new ArrayList<>();
  private long nowMs = EPOCH;

  Room() {
    this(limits());
  }

  Room(ChatLimits limits) {
    InstantSource clock = () -> Instant.ofEpochMilli(nowMs);
    chats = new Chats(limits, clock, new Metrics());
    Executor loop = tasks::add;
    wakeups = new Wakeups(loop, () -> bursts++);
  }

  /** Limits that nothing small meets. */
  static ChatLimits limits() {
    return new ChatLimits(1000, 8, 1 << 24, 1 << 28, 60_000, 30_000, 0, false);
  }

  static ChatLimits dropBlanks() {
    return new ChatLimits(1000, 8, 1 << 24, 1 << 28, 60_000, 30_000, 0, true);
  }

  static ChatLimits logBytes(long maxLogBytes, long maxTotalLogBytes) {
    return new ChatLimits(1000, 8, maxLogBytes, maxTotalLogBytes, 60_000, 30_000, 0, false);
  }

  /** Limits under which publishers wait for readers. */
  static ChatLimits pushBack(long maxLogBytes, long maxTotalLogBytes) {
    return new ChatLimits(
        1000, 8, maxLogBytes, maxTotalLogBytes, 60_000, 30_000, 0, false, OnLag.PUSH_BACK);
  }

  PublishResult publish(EventDraft draft) {
    return chats.publish(CHAT, draft);
  }

  /** Publishes events that are all accepted. */
  void publishAll(EventDraft... drafts) {
    publishAll(Arrays.asList(drafts));
  }

  void publishAll(List<EventDraft> drafts) {
    for (EventDraft draft : drafts) {
      assertEquals(PublishResult.ACCEPTED, publish(draft), draft.name());
    }
  }

  Chat chat() {
    Chat chat = chats.find(CHAT);
    assertNotNull(chat);
    return chat;
  }

  /** The id of that event of the chat. */
  EventId id(long offset) {
    return new EventId(chat().lastId().epoch(), offset);
  }

  Reading read(StartAt startAt) {
    return read(startAt, null);
  }

  Reading read(StartAt startAt, @Nullable String run) {
    Reading reading = new Reading();
    Cursor cursor = chats.subscribe(CHAT, startAt, run, wakeups, reading);
    assertNotNull(cursor);
    reading.begin(cursor);
    readings.add(reading);
    return reading;
  }

  /** Reads the chat from its first event. */
  Reading readAll() {
    return read(new StartAt.After(new EventId(chat().lastId().epoch(), 0)));
  }

  /** What a reader of everything would be sent now, in short. */
  List<String> all() {
    Reading reading = readAll();
    List<String> briefs = Frame.briefs(reading.read());
    reading.close();
    return briefs;
  }

  /** Runs what is on the loop at this moment; returns how many tasks that were. */
  int turn() {
    int count = tasks.size();
    for (int i = 0; i < count; i++) {
      Runnable task = tasks.poll();
      assertTrue(task != null);
      task.run();
    }
    return count;
  }

  int waitingTasks() {
    return tasks.size();
  }

  void pass(long ms) {
    nowMs += ms;
  }

  /** Lets time pass the way the sweeper sees it: it has looked before, and looks after. */
  void passAndSweep(long ms) {
    chats.sweep();
    pass(ms);
    chats.sweep();
  }

  void closeAll() {
    readings.forEach(Reading::close);
    readings.clear();
  }
}
