package dev.sluice.chat;

import java.util.HashMap;
import java.util.Map;
import java.util.Objects;

/** One reference for each log that a chat id has had. */
final class ModelChats {
  private final Map<Long, ReferenceChat> byEpoch = new HashMap<>();
  private final int maxOpenRuns;

  ModelChats(int maxOpenRuns) {
    this.maxOpenRuns = maxOpenRuns;
  }

  ReferenceChat chatOf(long epoch) {
    return byEpoch.computeIfAbsent(epoch, each -> new ReferenceChat(maxOpenRuns, false));
  }

  /** The reference of the chat that is there now. */
  ReferenceChat chatOf(Chat chat) {
    return Objects.requireNonNull(chatOf(chat.lastId().epoch()));
  }
}
