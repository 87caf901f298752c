package dev.sluice.http;

import dev.sluice.frame.Utf8Buffer;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * Copies one JSON value from a parser as compact JSON on one line, token by token, so that it can
 * stop wherever the input does. The escapes are those of the frame format, whatever the input used.
 */
final class JsonCopy {
  private int depth;
  private boolean needsComma;

  /** Copies the parser's current token; true when the value is complete. */
  boolean copy(JsonParser parser, JsonToken token, Utf8Buffer out) {
    if (token.isStructEnd()) {
      out.put((byte) (token == JsonToken.END_OBJECT ? '}' : ']'));
      depth--;
      needsComma = true;
    } else {
      if (needsComma) {
        out.put((byte) ',');
      }
      needsComma = true;
      switch (token) {
        case START_OBJECT, START_ARRAY -> {
          out.put((byte) (token == JsonToken.START_OBJECT ? '{' : '['));
          depth++;
          needsComma = false;
        }
        case PROPERTY_NAME -> {
          out.putQuoted(parser.currentName()).put((byte) ':');
          needsComma = false;
        }
        case VALUE_STRING ->
            out.put((byte) '"')
                .putEscaped(
                    parser.getStringCharacters(),
                    parser.getStringOffset(),
                    parser.getStringLength())
                .put((byte) '"');
        default -> out.putAscii(parser.getString());
      }
    }
    if (depth > 0) {
      return false;
    }
    needsComma = false;
    return true;
  }
}
