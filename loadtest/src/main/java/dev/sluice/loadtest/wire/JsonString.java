package dev.sluice.loadtest.wire;

/**
 * Decodes the inside of a JSON string to UTF-8, in place: no escape is shorter than what it stands
 * for.
 *
 * <p>The contract leaves open how a server escapes, so every form that RFC 8259 allows is accepted.
 * A lone surrogate is not: it has no UTF-8 form.
 */
final class JsonString {
  private JsonString() {}

  /**
   * The index of the quote that closes the string whose first character is at {@code from}, or -1.
   */
  static int closingQuote(byte[] bytes, int from, int to) {
    for (int i = from; i < to; i++) {
      if (bytes[i] == '"') {
        return i;
      }
      if (bytes[i] == '\\') {
        i++;
      }
    }
    return -1;
  }

  /**
   * Decodes {@code bytes[from, to)} onto itself.
   *
   * @return the end of the decoded bytes, which begin at {@code from}; or -1 if this is no JSON
   *     string
   */
  static int decodeInPlace(byte[] bytes, int from, int to) {
    int out = from;
    int in = from;
    while (in < to) {
      byte b = bytes[in++];
      if (b >= 0 && b < 0x20) {
        return -1;
      }
      if (b != '\\') {
        bytes[out++] = b;
        continue;
      }
      if (in == to) {
        return -1;
      }
      byte escape = bytes[in++];
      if (escape != 'u') {
        int plain = plainEscape(escape);
        if (plain < 0) {
          return -1;
        }
        bytes[out++] = (byte) plain;
        continue;
      }
      int codePoint = hex4(bytes, in, to);
      in += 4;
      if (codePoint >= 0xd800 && codePoint < 0xdc00) {
        boolean escaped = in + 6 <= to && bytes[in] == '\\' && bytes[in + 1] == 'u';
        int low = escaped ? hex4(bytes, in + 2, to) : -1;
        in += 6;
        codePoint =
            low >= 0xdc00 && low < 0xe000
                ? Character.toCodePoint((char) codePoint, (char) low)
                : -1;
      } else if (codePoint >= 0xdc00 && codePoint < 0xe000) {
        codePoint = -1;
      }
      if (codePoint < 0) {
        return -1;
      }
      out = writeUtf8(bytes, out, codePoint);
    }
    return out;
  }

  private static int plainEscape(byte escape) {
    return switch (escape) {
      case '"', '\\', '/' -> escape;
      case 'n' -> '\n';
      case 'r' -> '\r';
      case 't' -> '\t';
      case 'b' -> '\b';
      case 'f' -> '\f';
      default -> -1;
    };
  }

  private static int hex4(byte[] bytes, int at, int to) {
    if (at + 4 > to) {
      return -1;
    }
    int value = 0;
    for (int i = at; i < at + 4; i++) {
      int digit = Character.digit(bytes[i], 16);
      if (digit < 0) {
        return -1;
      }
      value = value * 16 + digit;
    }
    return value;
  }

  private static int writeUtf8(byte[] bytes, int at, int codePoint) {
    int out = at;
    if (codePoint < 0x80) {
      bytes[out++] = (byte) codePoint;
    } else if (codePoint < 0x800) {
      bytes[out++] = (byte) (0xc0 | (codePoint >> 6));
      bytes[out++] = (byte) (0x80 | (codePoint & 0x3f));
    } else if (codePoint < 0x10000) {
      bytes[out++] = (byte) (0xe0 | (codePoint >> 12));
      bytes[out++] = (byte) (0x80 | ((codePoint >> 6) & 0x3f));
      bytes[out++] = (byte) (0x80 | (codePoint & 0x3f));
    } else {
      bytes[out++] = (byte) (0xf0 | (codePoint >> 18));
      bytes[out++] = (byte) (0x80 | ((codePoint >> 12) & 0x3f));
      bytes[out++] = (byte) (0x80 | ((codePoint >> 6) & 0x3f));
      bytes[out++] = (byte) (0x80 | (codePoint & 0x3f));
    }
    return out;
  }
}
