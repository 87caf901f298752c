package dev.sluice.frame;

/**
 * Which characters a JSON string (RFC 8259, section 7) carries as escapes here.
 *
 * <p>The rules are those of {@code JSON.stringify}: short forms where JSON has one, {@code \\u00xx}
 * for the other control characters, lone surrogates as escapes so that the output is always valid
 * UTF-8. Beyond that U+0085, U+2028 and U+2029 are escaped: several clients split a decoded stream
 * with a line splitter that takes those for line ends, and would cut the JSON there.
 */
final class JsonEscape {
  private JsonEscape() {}

  static boolean isPlainAscii(char c) {
    return c >= ' ' && c < 0x80 && c != '"' && c != '\\';
  }

  /** The letter after the backslash, or 0 where JSON has no short form. */
  static byte shortForm(char c) {
    return switch (c) {
      case '"' -> '"';
      case '\\' -> '\\';
      case '\b' -> 'b';
      case '\t' -> 't';
      case '\n' -> 'n';
      case '\f' -> 'f';
      case '\r' -> 'r';
      default -> 0;
    };
  }

  static boolean needsUnicodeEscape(char c) {
    return c < ' ' || c == 0x85 || c == 0x2028 || c == 0x2029 || Character.isSurrogate(c);
  }
}
