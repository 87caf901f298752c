package dev.sluice.http;

import dev.sluice.chat.Chat;
import dev.sluice.chat.Chats;
import dev.sluice.chat.EventDraft;
import dev.sluice.chat.EventNames;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import java.util.function.BiConsumer;
import org.jspecify.annotations.Nullable;

/**
 * The open runs that one request has written to: while it lives they do, and if it breaks off they
 * end. On the request's event loop.
 */
final class OpenRuns {
  /** Runs of one chat, which may be gone from under them. */
  private static final class Open {
    private final Chat chat;
    private final Set<String> runs = new HashSet<>(2);
    private @Nullable String newest;

    Open(Chat chat) {
      this.chat = chat;
    }

    /** Nearly every event belongs to the run of the one before: the very same string. */
    @SuppressWarnings("ReferenceEquality")
    void add(String run) {
      if (run != newest) {
        runs.add(run);
        newest = run;
      }
    }

    /** Whether none is left. */
    boolean removeEnded() {
      newest = null;
      return runs.removeIf(each -> chat.openRunId(each) == null) && runs.isEmpty();
    }
  }

  private final Chats chats;
  private final Map<String, Open> openByChat = new HashMap<>();

  OpenRuns(Chats chats) {
    this.chats = chats;
  }

  /** True if a chat that this request has begun runs in is gone: only a start can follow. */
  boolean hasLost(String chatId) {
    Open open = openByChat.get(chatId);
    return open != null && open.chat.isGone();
  }

  /** The request has published that to the chat. */
  void published(String chatId, EventDraft draft) {
    Open known = openByChat.get(chatId);
    if (known != null && known.chat.isGone()) {
      openByChat.remove(chatId);
      known = null;
    }
    Chat chat = known == null ? chats.find(chatId) : known.chat;
    if (chat == null) {
      return;
    }
    // What has no name and ends a run is not part of the run that unnamed events go to next.
    boolean over = draft.run() == null && EventNames.endsRun(draft.name());
    String run = over ? null : chat.openRunId(draft.run());
    if (run != null) {
      if (known == null) {
        known = new Open(chat);
        openByChat.put(chatId, known);
      }
      known.add(run);
    } else if (known != null && known.removeEnded()) {
      openByChat.remove(chatId);
    }
  }

  /** The request has given a sign of life. */
  void touch() {
    forEach(Chat::touch);
  }

  /** The request broke off. */
  void lose() {
    forEach(Chat::loseProducer);
  }

  private void forEach(BiConsumer<Chat, String> command) {
    openByChat.values().forEach(open -> open.runs.forEach(run -> command.accept(open.chat, run)));
  }
}
