package dev.sluice.shell;

import java.io.IOException;
import java.util.Optional;
import org.jspecify.annotations.Nullable;

/**
 * Where in its chat a tail is, and so where it asks the server to go on, each time it connects. One
 * thread.
 *
 * <p>Beginning live is the one case where a connection that breaks before it brought anything would
 * leave nothing to go on from. So the newest event's id is asked for first.
 */
final class TailPlace {
  private final ChatUrl chat;
  private final boolean live;
  private String lastId;
  private @Nullable String before;

  /**
   * @param from {@code start}, {@code live}, or the id of the last event that is not wanted
   */
  TailPlace(ChatUrl chat, String from) {
    this.chat = chat;
    live = from.equals("live");
    lastId = live || from.equals("start") ? "" : from;
  }

  /** The id that the server is asked to go on after; empty before there is one. */
  String lastId() {
    return lastId;
  }

  /** Everything up to that event is done with. */
  void seen(String id) {
    if (!id.isEmpty()) {
      lastId = id;
    }
  }

  /**
   * The parameter that says where to begin; empty if the last id says it all.
   *
   * @param timeoutMs for the server to tell what there is, if it has to be asked
   */
  String parameter(int timeoutMs) throws IOException {
    if (!lastId.isEmpty()) {
      return "";
    }
    if (!live) {
      return "from=start";
    }
    Optional<ChatState> state = ChatState.ask(chat, timeoutMs);
    String newest = state.map(ChatState::lastId).orElse("");
    if (before == null) {
      before = newest;
    }
    if (state.isEmpty() || before.isEmpty()) {
      // All of a chat that has yet to begin, or to begin again, is new.
      return "from=start";
    }
    if (state.get().isRunning() || !newest.equals(before)) {
      lastId = before;
      return "";
    }
    return "from=live";
  }
}
