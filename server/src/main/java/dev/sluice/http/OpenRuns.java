package dev.sluice.http;

import dev.sluice.chat.Chat;
import dev.sluice.chat.Chats;
import dev.sluice.chat.EventDraft;
import dev.sluice.chat.EventNames;
import dev.sluice.chat.RunEnding;
import dev.sluice.chat.RunListener;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.Executor;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The open runs that one request has written to: while it lives they do, if it breaks off they end
 * unless somebody goes on with them, and if one of them is stopped the request's publisher is told.
 * On the request's event loop.
 */
final class OpenRuns {
  /** Runs of one chat, which may be gone from under them, each with who hears of its end. */
  private record Open(Chat chat, Map<String, RunListener> runs) {}

  /** The newest so many; for requests that stay open for hours. */
  private static final class Newest extends LinkedHashMap<String, Long> {
    private static final long serialVersionUID = 1;
    private static final int MAX_ENTRIES = 256;

    @Override
    protected boolean removeEldestEntry(Map.Entry<String, Long> eldest) {
      return size() > MAX_ENTRIES;
    }
  }

  private final Chats chats;
  private final Executor loop;
  private final BiConsumer<String, String> stopped;
  private final Map<String, Open> openByChat = new HashMap<>();
  // Chats whose runs were stopped, and runs: each with the epoch of the chat's log.
  private final Newest leftChats = new Newest();
  private final Newest toldRuns = new Newest();
  private boolean closed;

  /**
   * @param stopped is called on the loop, once for each run that was stopped, with the ids of its
   *     chat and its own
   */
  OpenRuns(Chats chats, Executor loop, BiConsumer<String, String> stopped) {
    this.chats = chats;
    this.loop = loop;
    this.stopped = stopped;
  }

  /** True if a chat that this request has begun runs in is gone: only a start can follow. */
  boolean hasLost(String chatId) {
    Open open = openByChat.get(chatId);
    if (open != null) {
      return open.chat.isGone();
    }
    Long epoch = leftChats.isEmpty() ? null : leftChats.get(chatId);
    if (epoch == null) {
      return false;
    }
    Chat now = chats.find(chatId);
    return now == null || now.lastId().epoch() != epoch;
  }

  /** The request has published that to the chat. */
  void published(String chatId, EventDraft draft) {
    Open known = openByChat.get(chatId);
    if (known != null && known.chat.isGone()) {
      forgetEnded(known);
      openByChat.remove(chatId);
      known = null;
    }
    leftChats.remove(chatId);
    Chat chat = known == null ? chats.find(chatId) : known.chat;
    if (chat == null) {
      return;
    }
    // What has no name and ends a run is not part of the run that unnamed events go to next.
    boolean over = draft.run() == null && EventNames.endsRun(draft.name());
    String run = over ? null : chat.openRunId(draft.run());
    if (run == null) {
      if (known != null) {
        forgetEnded(known);
      }
      return;
    }
    if (known == null) {
      known = new Open(chat, new HashMap<>(2));
      openByChat.put(chatId, known);
    }
    if (!known.runs.containsKey(run)) {
      attach(known, run);
    }
  }

  /**
   * True if that run, which takes no more events, was stopped while this request wrote to it; that
   * has been told then.
   *
   * @param runId null for the run that unnamed events went to
   */
  boolean hasToldStop(String chatId, @Nullable String runId) {
    Open known = openByChat.get(chatId);
    if (known != null) {
      forgetEnded(known);
    }
    if (runId != null) {
      return toldRuns.containsKey(key(chatId, runId));
    }
    return leftChats.containsKey(chatId);
  }

  /** Tells that a run was stopped before this request wrote to it, unless that is told already. */
  void tellStop(String chatId, @Nullable String runId) {
    Chat chat = chats.find(chatId);
    String run = runId == null && chat != null ? chat.newestRunId() : runId;
    if (chat != null && run != null) {
      tell(chat, run);
    }
  }

  /** The request has given a sign of life. */
  void touch() {
    openByChat.values().forEach(open -> open.runs.keySet().forEach(open.chat::touch));
  }

  /** The request broke off. */
  void lose() {
    detach(true);
  }

  /** The request is over, its runs may not be. What was stopped is told. */
  void close() {
    List.copyOf(openByChat.values()).forEach(this::forgetEnded);
    detach(false);
  }

  private void detach(boolean broken) {
    closed = true;
    openByChat
        .values()
        .forEach(
            open -> open.runs.forEach((run, listener) -> open.chat.detach(run, listener, broken)));
  }

  private void attach(Open open, String run) {
    RunListener listener = () -> loop.execute(() -> endedFromOutside(open));
    open.runs.put(run, listener);
    open.chat.attach(run, listener);
  }

  private void endedFromOutside(Open open) {
    if (!closed) {
      forgetEnded(open);
    }
  }

  private void forgetEnded(Open open) {
    List<String> ended = new ArrayList<>(1);
    for (String run : open.runs.keySet()) {
      if (open.chat.openRunId(run) == null) {
        ended.add(run);
      }
    }
    for (String run : ended) {
      open.runs.remove(run);
      if (open.chat.endingOf(run) == RunEnding.STOPPED) {
        tell(open.chat, run);
      }
    }
    if (open.runs.isEmpty()) {
      openByChat.remove(open.chat.chatId(), open);
    }
  }

  private void tell(Chat chat, String run) {
    long epoch = chat.lastId().epoch();
    leftChats.put(chat.chatId(), epoch);
    if (!closed && toldRuns.put(key(chat.chatId(), run), epoch) == null) {
      stopped.accept(chat.chatId(), run);
    }
  }

  /** Neither id has a slash in it. */
  private static String key(String chatId, String run) {
    return chatId + '/' + run;
  }
}
