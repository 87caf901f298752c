package dev.sluice.chat;

import static org.junit.jupiter.api.Assertions.assertNull;

import dev.sluice.frame.TokenType;

/** Events to publish, in few words. Each call gives a new one, completed by the rules. */
final class Drafts {
  private Drafts() {}

  static EventDraft token(String text) {
    return token(TokenType.FINAL_RESPONSE, text);
  }

  static EventDraft token(TokenType type, String text) {
    return complete(new EventDraft().token(type, text));
  }

  /** An event that needs no data of its own: {@code start}, {@code end}, {@code abort}. */
  static EventDraft event(String name) {
    return complete(new EventDraft().event(name));
  }

  static EventDraft text(String name, String data) {
    return complete(new EventDraft().event(name).string(data));
  }

  static EventDraft json(String name, String data) {
    return complete(new EventDraft().event(name).json(data));
  }

  /** The same event in a run of that name. */
  static EventDraft in(String run, EventDraft draft) {
    return draft.run(run);
  }

  /** The same event with a further key. */
  static EventDraft with(String key, String json, EventDraft draft) {
    return draft.extra(key, json);
  }

  private static EventDraft complete(EventDraft draft) {
    assertNull(EventRules.complete(draft));
    return draft;
  }
}
