package dev.sluice.chat;

import dev.sluice.chat.EventDraft.DataKind;
import dev.sluice.frame.TokenType;
import org.jspecify.annotations.Nullable;

/** The rules that hold for an event by itself, whatever chat it goes to. Stateless; any thread. */
public final class EventRules {
  private static final int MAX_NAME_CHARS = 64;
  private static final int MAX_ID_CHARS = 200;
  private static final String DONE = "[DONE]";

  private EventRules() {}

  /**
   * Checks a draft and fills in what the rules say by themselves (a token's default type, the data
   * of {@code end}).
   *
   * @return what is wrong, or null if the draft may be published
   */
  public static @Nullable EventFault complete(EventDraft draft) {
    String name = draft.name();
    if (name.isEmpty()) {
      return EventFault.EVENT_MISSING;
    }
    String run = draft.run();
    if (run != null && !isId(run)) {
      return EventFault.RUN_ID;
    }
    DataKind kind = draft.dataKind();
    return switch (name) {
      case EventNames.TOKEN -> {
        if (draft.type() == null) {
          draft.type(TokenType.AGENT_REASONING);
        }
        yield kind == DataKind.STRING || kind == DataKind.NULL
            ? null
            : kind == DataKind.ABSENT ? EventFault.DATA_MISSING : EventFault.TOKEN_DATA;
      }
      case EventNames.START -> {
        if (kind == DataKind.ABSENT) {
          draft.string("");
        }
        yield null;
      }
      case EventNames.END, EventNames.ABORT -> {
        draft.string(DONE);
        yield null;
      }
      case EventNames.TOOL -> {
        draft.type(TokenType.TOOL_RESPONSE);
        yield kind == DataKind.ABSENT ? EventFault.DATA_MISSING : null;
      }
      case EventNames.ERROR -> require(kind, DataKind.STRING, EventFault.ERROR_DATA);
      case EventNames.AGENT_REASONING ->
          require(kind, DataKind.ARRAY, EventFault.AGENT_REASONING_DATA);
      case EventNames.METADATA -> require(kind, DataKind.OBJECT, EventFault.METADATA_DATA);
      case EventNames.GAP -> EventFault.EVENT_RESERVED;
      default -> {
        if (!isName(name)) {
          yield EventFault.EVENT_NAME;
        }
        yield kind == DataKind.ABSENT ? EventFault.DATA_MISSING : null;
      }
    };
  }

  /** True for {@code start}, and for what plays its part as the first event of a run. */
  public static boolean isStart(EventDraft draft) {
    return draft.name().equals(EventNames.START)
        || (draft.name().equals(EventNames.AGENT_FLOW_EVENT)
            && draft.dataKind() == DataKind.STRING
            && draft.data().toString().equals("INPROGRESS"));
  }

  /**
   * True for what may name a chat or a run: 1 to 200 characters, no control character, no slash.
   */
  public static boolean isId(String id) {
    if (id.isEmpty() || id.length() > MAX_ID_CHARS) {
      return false;
    }
    for (int i = 0; i < id.length(); i++) {
      char c = id.charAt(i);
      if (Character.isISOControl(c) || c == '/') {
        return false;
      }
    }
    return true;
  }

  private static @Nullable EventFault require(DataKind kind, DataKind allowed, EventFault fault) {
    if (kind == DataKind.ABSENT) {
      return EventFault.DATA_MISSING;
    }
    return kind == allowed ? null : fault;
  }

  private static boolean isName(String name) {
    if (name.length() > MAX_NAME_CHARS || !isLetter(name.charAt(0))) {
      return false;
    }
    for (int i = 1; i < name.length(); i++) {
      char c = name.charAt(i);
      if (!(isLetter(c) || (c >= '0' && c <= '9') || c == '_' || c == '.' || c == '-')) {
        return false;
      }
    }
    return true;
  }

  private static boolean isLetter(char c) {
    return (c >= 'A' && c <= 'Z') || (c >= 'a' && c <= 'z');
  }
}
