package dev.sluice.chat;

import dev.sluice.metrics.GaugeName;
import dev.sluice.metrics.Metrics;
import java.time.InstantSource;
import java.util.ArrayList;
import java.util.Collection;
import java.util.List;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.jspecify.annotations.Nullable;

/**
 * All chats by their id. Any thread; finding a chat never waits for another thread. (A map without
 * any lock was measured: as no chat id comes back, it fills up with dead keys, and finding one took
 * several times as long. See {@code ChatMapBenchmark}.)
 */
public final class Chats {
  private final ChatLimits limits;
  private final InstantSource clock;
  private final Metrics metrics;
  private final Budget budget;
  private final Shedding shedding;
  private final ConcurrentHashMap<String, Chat> chats = new ConcurrentHashMap<>();
  private final AtomicLong lastEpoch = new AtomicLong();
  private volatile Runnable whenTight = () -> {};

  public Chats(ChatLimits limits, InstantSource clock, Metrics metrics) {
    this.limits = limits;
    this.clock = clock;
    this.metrics = metrics;
    budget = new Budget(limits.maxTotalLogBytes(), () -> whenTight.run());
    shedding = new Shedding(this, budget);
    metrics.gauge(GaugeName.CHATS, chats::size);
    metrics.gauge(GaugeName.LOG_BYTES, budget::usedBytes);
    metrics.gauge(GaugeName.LOG_BUDGET_BYTES, limits::maxTotalLogBytes);
  }

  /**
   * Has that called, on any thread, when the logs come near their budget. It must return at once
   * and see to it that {@link #sweep} is called before long.
   */
  public void whenTight(Runnable command) {
    whenTight = command;
  }

  /** The chat of that id, or null if there is none. */
  public @Nullable Chat find(String chatId) {
    return chats.get(chatId);
  }

  /** Publishes a draft that {@link EventRules} have completed; the chat is made if need be. */
  public PublishResult publish(String chatId, EventDraft draft) {
    while (true) {
      Chat chat = findOrCreate(chatId);
      if (chat == null) {
        return PublishResult.TOO_MANY_CHATS;
      }
      PublishResult result = chat.publish(null, draft, true);
      if (chat.log().tail() == 0) {
        // Refused or swallowed: that is no reason for a chat to be.
        forgetIfUnused(chat, 0);
      }
      if (result != PublishResult.CHAT_GONE) {
        return result;
      }
      chats.remove(chatId, chat);
    }
  }

  /**
   * As {@link #publish}, but for a producer that has begun already: to a chat that is gone nothing
   * is published any more, and {@link PublishResult#CHAT_GONE} says so.
   */
  public PublishResult publishToExisting(String chatId, EventDraft draft) {
    Chat chat = chats.get(chatId);
    return chat == null ? PublishResult.CHAT_GONE : chat.publish(null, draft, false);
  }

  /**
   * Has a listener told what happens to a run; a run may have several. If it has been ended from
   * outside already, or the chat is gone, the listener is called at once.
   *
   * @param runId null for the open run that was opened last
   */
  public void listen(String chatId, @Nullable String runId, RunListener listener) {
    Chat chat = chats.get(chatId);
    if (chat == null) {
      listener.stopped();
    } else {
      chat.listen(runId, listener);
    }
  }

  /** Opens a run for a producer inside this process; null if there are too many chats. */
  public @Nullable RunPublisher startRun(String chatId) {
    return startRun(chatId, true);
  }

  /**
   * As {@link #startRun(String)}.
   *
   * @param atOnce whether it starts now, or with the first event of its producer
   */
  public @Nullable RunPublisher startRun(String chatId, boolean atOnce) {
    return startRun(chatId, atOnce, null);
  }

  /**
   * As {@link #startRun(String, boolean)}.
   *
   * @param onLag what becomes of it when readers lag; null for what the limits say
   */
  public @Nullable RunPublisher startRun(String chatId, boolean atOnce, @Nullable OnLag onLag) {
    while (true) {
      Chat chat = findOrCreate(chatId);
      if (chat == null) {
        return null;
      }
      if (!chat.isGone()) {
        return chat.startRun(Run.newId(), atOnce, onLag == null ? limits.onLag() : onLag);
      }
      chats.remove(chatId, chat);
    }
  }

  /**
   * Subscribes to a chat, which is made if need be. On the loop of {@code wakeups}.
   *
   * @param run the run to read alone, or null for all
   * @return the cursor, to be closed by the caller; null if there are too many chats
   */
  public @Nullable Cursor subscribe(
      String chatId, StartAt startAt, @Nullable String run, Wakeups wakeups, Cursor.Reader reader) {
    while (true) {
      Chat chat = findOrCreate(chatId);
      if (chat == null) {
        return null;
      }
      Cursor cursor = chat.join(startAt, run, wakeups, reader);
      if (cursor != null) {
        return cursor;
      }
      chats.remove(chatId, chat);
    }
  }

  /**
   * True if a reader of that chat (or of one run) who has all up to that event has all there is.
   */
  public boolean hasNothingAfter(String chatId, EventId id, @Nullable String run) {
    Chat chat = chats.get(chatId);
    return chat != null && chat.timeline().hasNothingAfter(id, run);
  }

  /** Ends the chat's runs and forgets it; false if there is none. */
  public boolean delete(String chatId) {
    Chat chat = chats.remove(chatId);
    if (chat == null) {
      return false;
    }
    chat.delete();
    return true;
  }

  /**
   * Forgets chats whose time is over and ends runs whose producers are silent. When the logs are
   * near their budget, it makes room; see {@link Shedding} for the order. One thread, now and then,
   * and soon after it was asked for by {@link #whenTight}.
   */
  public void sweep() {
    long nowMs = clock.millis();
    List<Shedding.Unused> unused = new ArrayList<>();
    for (Chat chat : chats.values()) {
      long tail = chat.log().tail();
      long idleMs = chat.sweep(nowMs, limits.runIdleTimeoutMs());
      if (idleMs >= limits.chatTtlMs()) {
        forgetIfUnused(chat, tail);
      } else if (idleMs >= 0) {
        unused.add(new Shedding.Unused(chat, tail, idleMs));
      }
    }
    if (budget.isTight()) {
      shedding.makeRoom(unused, chats.values());
    }
  }

  /** The chats at this moment. */
  public Collection<Chat> all() {
    return List.copyOf(chats.values());
  }

  /** True if a run of any chat is open, read by anybody or not. */
  public boolean hasOpenRun() {
    for (Chat chat : chats.values()) {
      if (chat.openRunId(null) != null) {
        return true;
      }
    }
    return false;
  }

  /** Forgets a chat that nobody used when its log had that tail, unless it is in use again. */
  void forgetIfUnused(Chat chat, long seenTail) {
    if (chat.forgetUnlessUsed(seenTail)) {
      chats.remove(chat.chatId(), chat);
    }
  }

  ChatLimits limits() {
    return limits;
  }

  InstantSource clock() {
    return clock;
  }

  Budget budget() {
    return budget;
  }

  Metrics metrics() {
    return metrics;
  }

  private @Nullable Chat findOrCreate(String chatId) {
    Chat chat = chats.get(chatId);
    if (chat != null) {
      return chat;
    }
    if (chats.size() >= limits.maxChats()) {
      return null;
    }
    Chat created = new Chat(chatId, newEpoch(), this);
    Chat present = chats.putIfAbsent(chatId, created);
    if (present != null) {
      return present;
    }
    budget.charge(Chat.HEAP_BYTES);
    return created;
  }

  /** The time, or one more than the last one: two logs never share their identity. */
  private long newEpoch() {
    long nowMs = clock.millis();
    return lastEpoch.updateAndGet(last -> Math.max(last + 1, nowMs));
  }
}
