package dev.sluice.agent;

import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.chat.Chat;
import dev.sluice.chat.ChatLimits;
import dev.sluice.chat.Chats;
import dev.sluice.chat.EventId;
import dev.sluice.chat.StartAt;
import dev.sluice.metrics.Metrics;
import java.time.Instant;
import java.time.InstantSource;
import java.util.List;
import java.util.Objects;

/** Chats whose clock is moved by the test, and what stands in them. */
final class AgentFixture {
  static final String CHAT = "chat-1";
  private static final long EPOCH_MS = 1_700_000_000_000L;
  private static final long RUN_IDLE_TIMEOUT_MS = 30_000;

  final Chats chats;
  final EventPublisher events;
  private long nowMs = EPOCH_MS;

  AgentFixture() {
    this(1 << 28);
  }

  AgentFixture(long maxTotalLogBytes) {
    InstantSource clock = () -> Instant.ofEpochMilli(nowMs);
    ChatLimits limits =
        new ChatLimits(100, 8, 1 << 24, maxTotalLogBytes, 60_000, RUN_IDLE_TIMEOUT_MS, 0, false);
    chats = new Chats(limits, clock, new Metrics());
    events = new EventPublisher(chats);
  }

  Chat chat() {
    return Objects.requireNonNull(chats.find(CHAT));
  }

  /** A client of the chat from its first event on, which has asked for everything. */
  FrameReader read() {
    StartAt first = new StartAt.After(new EventId(chat().lastId().epoch(), 0));
    FrameReader reader = new FrameReader(Long.MAX_VALUE);
    new ChatFrames(chats, CHAT, first, null, true, Runnable::run).subscribe(reader);
    return reader;
  }

  /** The JSON of all events of the chat, adjacent tokens merged. */
  List<String> all() {
    FrameReader reader = read();
    reader.subscription().cancel();
    assertTrue(reader.failure() == null);
    return reader.events();
  }

  /** Lets time pass the way the sweeper sees it, until silent runs count as lost. */
  void passRunIdleTimeout() {
    chats.sweep();
    nowMs += RUN_IDLE_TIMEOUT_MS;
    chats.sweep();
  }
}
