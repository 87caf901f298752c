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

/**
 * The open runs that one request has written to: while it lives they do, and if it breaks off they
 * end. On the request's event loop.
 */
final class OpenRuns {
  private final Chats chats;
  private final Map<String, Set<String>> runsByChat = new HashMap<>();

  OpenRuns(Chats chats) {
    this.chats = chats;
  }

  /** The request has published that to the chat. */
  void published(String chatId, EventDraft draft) {
    Chat chat = chats.find(chatId);
    if (chat == null) {
      return;
    }
    // What has no name and ends a run is not part of the run that unnamed events go to next.
    boolean over = draft.run() == null && EventNames.endsRun(draft.name());
    String open = over ? null : chat.openRunId(draft.run());
    Set<String> runs = runsByChat.get(chatId);
    if (open == null) {
      if (runs != null) {
        runs.removeIf(run -> chat.openRunId(run) == null);
        if (runs.isEmpty()) {
          runsByChat.remove(chatId);
        }
      }
    } else if (runs == null) {
      runsByChat.computeIfAbsent(chatId, id -> new HashSet<>(2)).add(open);
    } else {
      runs.add(open);
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
    runsByChat.forEach(
        (chatId, runs) -> {
          Chat chat = chats.find(chatId);
          if (chat != null) {
            runs.forEach(run -> command.accept(chat, run));
          }
        });
  }
}
