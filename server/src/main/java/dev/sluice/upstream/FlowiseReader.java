package dev.sluice.upstream;

import dev.sluice.chat.EventDraft;
import dev.sluice.chat.EventFault;
import dev.sluice.chat.EventNames;
import dev.sluice.chat.EventRules;
import dev.sluice.frame.TokenType;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ObjectNode;

/**
 * Hands on the events of a Flowise prediction: {@code {"event","data",…}}, each in one server-sent
 * event. They keep their names, data and further keys; tokens get the type that Flowise does not
 * give them. One thread.
 */
final class FlowiseReader implements AnswerReader {
  private static final String EVENT = "event";
  private static final String DATA = "data";
  private static final String TYPE = "type";

  /** Not further keys: what the frame format itself has or the chat adds. */
  private static final Set<String> OWN_KEYS = Set.of(EVENT, DATA, TYPE, "run");

  private final UpstreamSettings settings;
  private final AnswerPublisher answer;
  private final TokenType tokenType;
  private final EventDraft draft = new EventDraft();
  private @Nullable CallFailure failure;
  private boolean done;
  private boolean finished;
  private boolean aborted;

  FlowiseReader(UpstreamSettings settings, AnswerPublisher answer) {
    this.settings = settings;
    this.answer = answer;
    tokenType = settings.tokenType();
  }

  @Override
  public boolean isDone() {
    return done;
  }

  /** True once the metadata has come: Flowise sends it when the chatflow is through. */
  @Override
  public boolean isFinished() {
    return finished;
  }

  @Override
  public @Nullable CallFailure failure() {
    return failure;
  }

  @Override
  public void event(String type, String data) {
    if (done || failure != null || answer.refusal() != null || data.isBlank()) {
      return;
    }
    if (ErrorWords.parse(data) instanceof ObjectNode event && event.path(EVENT).isString()) {
      event(event.path(EVENT).stringValue(), event);
    } else {
      failure = CallFailure.of(UpstreamFault.MALFORMED, "An event is not an object with a name.");
    }
  }

  @Override
  public void document(String json) {
    if (!(ErrorWords.parse(json) instanceof ObjectNode document)) {
      failure = CallFailure.of(UpstreamFault.MALFORMED, "It is JSON, but not a prediction.");
      return;
    }
    for (ObjectNode event : FlowiseDocument.events(document)) {
      if (failure == null && answer.refusal() == null) {
        event(event.path(EVENT).stringValue(), event);
      }
    }
    done = true;
    finished = true;
  }

  @Override
  public void end() {
    if (!aborted) {
      answer.end(null);
    }
  }

  @Override
  public @Nullable String errorMessage(String body) {
    return errorMessage(body, settings);
  }

  /** The words of a refusal: those of a JSON error, or one line of plain text. */
  static @Nullable String errorMessage(String body, UpstreamSettings settings) {
    String line = body.strip();
    if (ErrorWords.parse(line) != null) {
      return ErrorWords.ofBody(line, settings);
    }
    boolean plain = line.chars().noneMatch(c -> c < ' ' || c == '<' || c == '{');
    return plain ? ErrorWords.of(line, settings) : null;
  }

  private void event(String name, ObjectNode event) {
    JsonNode data = event.path(DATA);
    switch (name) {
      case EventNames.TOKEN -> token(event, data);
      case EventNames.METADATA -> metadata(event, data);
      case EventNames.ERROR -> failure = CallFailure.ofReport(ErrorWords.of(data, settings), 0);
      case EventNames.ABORT -> {
        publish(draft.event(name), event);
        done = true;
        finished = true;
        aborted = true;
      }
      case EventNames.END -> {
        done = true;
        finished = true;
      }
      default -> pass(name, event, data);
    }
  }

  private void token(ObjectNode event, JsonNode data) {
    if (data.isObject()) {
      failure = CallFailure.of(UpstreamFault.MALFORMED, "The data of a token is not text.");
      return;
    }
    // Chains that hand on what their model gave them stream arrays of parts, too.
    String text = data.isArray() || data.isMissingNode() ? MessageText.of(data) : data.asString("");
    if (!text.isEmpty()) {
      publish(draft.token(tokenType, text), event);
    }
  }

  private void metadata(ObjectNode event, JsonNode data) {
    if (data instanceof ObjectNode metadata) {
      metadata.put("chatId", answer.chatId());
      String chatMessageId = metadata.path("chatMessageId").stringValue("");
      if (!chatMessageId.isEmpty()) {
        answer.chatMessageId(chatMessageId);
      }
    }
    pass(EventNames.METADATA, event, data);
    finished = true;
  }

  private void pass(String name, ObjectNode event, JsonNode data) {
    boolean nothing = data.isNull() || data.isMissingNode();
    if (nothing && name.equals(EventNames.AGENT_REASONING)) {
      // A step without a list of steps: widgets could not read it.
      return;
    }
    draft.event(name);
    if (data.isString()) {
      draft.string(data.stringValue());
    } else {
      draft.json(nothing ? "null" : data.toString());
    }
    publish(draft, event);
  }

  private void publish(EventDraft filled, ObjectNode event) {
    TokenType type = TokenType.of(event.path(TYPE).stringValue(""));
    if (type != null) {
      filled.type(type);
    }
    for (Map.Entry<String, JsonNode> key : event.properties()) {
      if (!OWN_KEYS.contains(key.getKey())) {
        filled.extra(key.getKey(), key.getValue().toString());
      }
    }
    EventFault fault = EventRules.complete(filled);
    if (fault == null) {
      answer.event(filled);
    } else {
      failure =
          CallFailure.of(
              UpstreamFault.MALFORMED, "It holds what no event may: " + fault.detail() + ".");
    }
  }
}
