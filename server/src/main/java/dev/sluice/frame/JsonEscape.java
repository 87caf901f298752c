package dev.sluice.frame;

import java.util.Arrays;

/**
 * Which characters a JSON string (RFC 8259, section 7) carries as escapes here.
 *
 * <p>The rules are those of {@code JSON.stringify}: short forms where JSON has one, {@code \\u00xx}
 * for the other control characters, lone surrogates as escapes so that the output is always valid
 * UTF-8. Beyond that U+0085, U+2028 and U+2029 are escaped: several clients split a decoded stream
 * with a line splitter that takes those for line ends, and would cut the JSON there.
 */
final class JsonEscape {
  /** What a table has for a char that stands for itself. */
  static final byte NONE = 0;

  /** What a table has for a char that is written as {@code \\u00xx}. */
  static final byte UNICODE = 'u';

  /** What a table has for a char that may not be there. */
  static final byte REFUSED = '!';

  /** Bytes of the longest escape; no char has more in UTF-8. */
  static final int MAX_BYTES_PER_CHAR = 6;

  /** For the ASCII chars of a text that becomes a string: the letter after the backslash. */
  static final byte[] OF_TEXT = new byte[0x80];

  /** For the ASCII chars of finished JSON on one line. */
  static final byte[] OF_JSON = new byte[0x80];

  static {
    Arrays.fill(OF_TEXT, 0, ' ', UNICODE);
    OF_TEXT['"'] = '"';
    OF_TEXT['\\'] = '\\';
    OF_TEXT['\b'] = 'b';
    OF_TEXT['\t'] = 't';
    OF_TEXT['\n'] = 'n';
    OF_TEXT['\f'] = 'f';
    OF_TEXT['\r'] = 'r';
    Arrays.fill(OF_JSON, 0, ' ', REFUSED);
  }

  private JsonEscape() {}

  /** Of a char that is not ASCII. Surrogates are, unless they make a pair. */
  static boolean needsUnicodeEscape(char c) {
    return c == 0x85 || c == 0x2028 || c == 0x2029 || Character.isSurrogate(c);
  }
}
