package dev.sluice.http;

import dev.sluice.chat.EventDraft;
import dev.sluice.chat.EventDraft.DataKind;
import dev.sluice.chat.EventFault;
import dev.sluice.chat.EventNames;
import dev.sluice.chat.EventRules;
import dev.sluice.frame.TokenType;
import dev.sluice.frame.Utf8Buffer;
import io.netty.handler.codec.http.HttpResponseStatus;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * Fills an {@link EventDraft} from the tokens of one JSON object, as they come. A token's text goes
 * from the parser's characters to the draft's bytes without an object in between.
 */
final class EventReader {
  private enum Key {
    NONE,
    EVENT,
    DATA,
    TYPE,
    RUN,
    CHAT_ID,
    SEQ,
    EXTRA
  }

  private static final TokenType[] TOKEN_TYPES = TokenType.values();

  private final int maxEventBytes;
  private final @Nullable ProducerFields producer;
  private final EventDraft draft = new EventDraft();
  private final JsonCopy copy = new JsonCopy();
  private @Nullable String chatId;
  private Key key = Key.NONE;
  private boolean inObject;
  private boolean inValue;

  /**
   * @param producer who has numbered the events; null if they have no numbers
   */
  EventReader(int maxEventBytes, @Nullable ProducerFields producer) {
    this.maxEventBytes = maxEventBytes;
    this.producer = producer;
  }

  /** The event that was read; valid until the next one begins. */
  EventDraft draft() {
    return draft;
  }

  /** The chat that the event names, or null. */
  @Nullable String chatId() {
    return chatId;
  }

  /** True while an object has begun and not ended. */
  boolean isInside() {
    return inObject;
  }

  /** Takes the parser's current token; true when the event is complete, and then it is valid. */
  boolean take(JsonParser parser, JsonToken token) throws ProblemException {
    if (!inObject) {
      if (token != JsonToken.START_OBJECT) {
        throw fault("malformed_event", "an event is a JSON object");
      }
      inObject = true;
      draft.clear();
      chatId = null;
      return false;
    }
    if (inValue) {
      takeNested(parser, token);
      return false;
    }
    if (token == JsonToken.PROPERTY_NAME) {
      key = keyOf(parser.currentName());
      return false;
    }
    if (token == JsonToken.END_OBJECT) {
      inObject = false;
      EventFault fault = EventRules.complete(draft);
      if (fault != null) {
        throw fault(fault.code(), fault.detail());
      }
      if (producer != null && draft.seq() == 0) {
        throw badSeq();
      }
      return true;
    }
    takeValue(parser, token);
    return false;
  }

  private void takeValue(JsonParser parser, JsonToken token) throws ProblemException {
    boolean isString = token == JsonToken.VALUE_STRING;
    boolean isNull = token == JsonToken.VALUE_NULL;
    switch (key) {
      case EVENT -> {
        if (!isString) {
          throw fault(EventFault.EVENT_MISSING.code(), EventFault.EVENT_MISSING.detail());
        }
        draft.name(is(EventNames.TOKEN, parser) ? EventNames.TOKEN : parser.getString());
      }
      case TYPE -> {
        TokenType type = isString ? typeOf(parser) : null;
        if (type == null && !isNull) {
          throw fault("type", "a type is agentReasoning, finalResponse or toolResponse");
        }
        draft.type(type);
      }
      case RUN -> {
        if (!isString && !isNull) {
          throw fault(EventFault.RUN_ID.code(), EventFault.RUN_ID.detail());
        }
        draft.run(isNull ? null : parser.getString());
      }
      case CHAT_ID -> {
        if (!isString) {
          throw fault("bad_chat_id", "a chatId is a string");
        }
        chatId = parser.getString();
      }
      case SEQ -> {
        ProducerFields known = producer;
        boolean isLong =
            token == JsonToken.VALUE_NUMBER_INT
                && parser.getNumberType() != JsonParser.NumberType.BIG_INTEGER;
        long seq = isLong ? parser.getLongValue() : 0;
        if (known == null || seq < 1 || seq > ProducerFields.MAX_NUMBER) {
          throw badSeq();
        }
        draft.numbered(known.producerId(), known.epoch(), seq);
      }
      case DATA -> {
        if (isString) {
          draft.string(
              parser.getStringCharacters(), parser.getStringOffset(), parser.getStringLength());
          checkSize();
        } else {
          draft.data().truncate(0);
          draft.dataKind(kindOf(token));
          takeNested(parser, token);
        }
      }
      case EXTRA -> takeNested(parser, token);
      case NONE -> throw new IllegalStateException("a value without a key");
    }
  }

  private void takeNested(JsonParser parser, JsonToken token) throws ProblemException {
    Utf8Buffer target = key == Key.DATA ? draft.data() : draft.extras();
    inValue = !copy.copy(parser, token, target);
    checkSize();
  }

  private Key keyOf(String name) {
    return switch (name) {
      case "event" -> Key.EVENT;
      case "data" -> Key.DATA;
      case "type" -> Key.TYPE;
      case "run" -> Key.RUN;
      case "chatId" -> Key.CHAT_ID;
      case "seq" -> producer == null ? extra(name) : Key.SEQ;
      default -> extra(name);
    };
  }

  private Key extra(String name) {
    draft.extras().put((byte) ',').putQuoted(name).put((byte) ':');
    return Key.EXTRA;
  }

  private void checkSize() throws ProblemException {
    if (draft.byteCount() > maxEventBytes) {
      throw new ProblemException(
          new Problem(
              HttpResponseStatus.REQUEST_ENTITY_TOO_LARGE,
              "event_too_large",
              "an event may have " + maxEventBytes + " bytes"));
    }
  }

  /** The type that the parser's string names, or null. */
  private static @Nullable TokenType typeOf(JsonParser parser) {
    for (TokenType type : TOKEN_TYPES) {
      if (is(type.wireName(), parser)) {
        return type;
      }
    }
    return null;
  }

  /** Whether the parser's string is that, without making a string of it. */
  private static boolean is(String expected, JsonParser parser) {
    int length = parser.getStringLength();
    if (length != expected.length()) {
      return false;
    }
    char[] text = parser.getStringCharacters();
    int from = parser.getStringOffset();
    for (int i = 0; i < length; i++) {
      if (text[from + i] != expected.charAt(i)) {
        return false;
      }
    }
    return true;
  }

  private static DataKind kindOf(JsonToken token) {
    return switch (token) {
      case START_OBJECT -> DataKind.OBJECT;
      case START_ARRAY -> DataKind.ARRAY;
      case VALUE_NULL -> DataKind.NULL;
      case VALUE_TRUE, VALUE_FALSE -> DataKind.BOOLEAN;
      default -> DataKind.NUMBER;
    };
  }

  private static ProblemException badSeq() {
    return fault(
        "seq", "with a Producer-Id each event has a \"seq\": 1, 2, 3 \u2026, counted in its chat");
  }

  private static ProblemException fault(String code, String detail) {
    return new ProblemException(Problem.badRequest(code, detail));
  }
}
