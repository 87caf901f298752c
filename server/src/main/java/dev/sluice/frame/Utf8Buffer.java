package dev.sluice.frame;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;
import java.util.Objects;

/**
 * A growable run of UTF-8 bytes on the heap, made to be cleared and used again. For one thread at a
 * time; whoever created it owns it.
 */
public final class Utf8Buffer {
  private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

  /** 00, 01, 02 … 99. */
  private static final byte[] PAIRS = new byte[200];

  private static final char[] NO_CHARS = {};
  private static final int MIN_CHARS = 64;
  private static final int PIECE_CHARS = 128;

  /** Of the largest long. */
  private static final int MAX_DIGITS = 19;

  static {
    for (int i = 0; i < 100; i++) {
      PAIRS[2 * i] = (byte) ('0' + i / 10);
      PAIRS[2 * i + 1] = (byte) ('0' + i % 10);
    }
  }

  private byte[] array;
  private int length;
  private char[] chars = NO_CHARS;

  public Utf8Buffer(int capacity) {
    array = new byte[Math.max(16, capacity)];
  }

  /** The backing array; valid up to {@link #length()} and until the next {@code put}. */
  public byte[] array() {
    return array;
  }

  public int length() {
    return length;
  }

  public boolean isEmpty() {
    return length == 0;
  }

  /** Forgets the content; a backing array larger than {@code keepBytes} is let go. */
  public Utf8Buffer clear(int keepBytes) {
    length = 0;
    if (array.length > keepBytes) {
      array = new byte[Math.max(16, keepBytes)];
    }
    if (chars.length > keepBytes) {
      chars = NO_CHARS;
    }
    return this;
  }

  /** Cuts the content back to its first {@code newLength} bytes. */
  public void truncate(int newLength) {
    if (newLength < 0 || newLength > length) {
      throw new IllegalArgumentException("length " + newLength + " of " + length);
    }
    length = newLength;
  }

  public Utf8Buffer copy() {
    Utf8Buffer copy = new Utf8Buffer(length);
    return copy.put(array, 0, length);
  }

  public byte[] toByteArray() {
    return Arrays.copyOf(array, length);
  }

  public Utf8Buffer put(byte b) {
    ensure(1);
    array[length++] = b;
    return this;
  }

  public Utf8Buffer put(byte[] bytes) {
    return put(bytes, 0, bytes.length);
  }

  public Utf8Buffer put(byte[] bytes, int from, int count) {
    ensure(count);
    System.arraycopy(bytes, from, array, length, count);
    length += count;
    return this;
  }

  public Utf8Buffer put(Utf8Buffer other) {
    return put(other.array, 0, other.length);
  }

  /** Appends text that is known to be ASCII. */
  public Utf8Buffer putAscii(String ascii) {
    int count = ascii.length();
    ensure(count);
    for (int i = 0; i < count; i++) {
      array[length++] = (byte) ascii.charAt(i);
    }
    return this;
  }

  /** Appends a number that is not negative, in decimal. */
  public Utf8Buffer putDecimal(long value) {
    if (value < 0) {
      throw new IllegalArgumentException("negative: " + value);
    }
    ensure(MAX_DIGITS);
    int digits = digits(value);
    long high = value;
    int at = length + digits;
    while (high > Integer.MAX_VALUE) {
      array[--at] = (byte) ('0' + high % 10);
      high /= 10;
    }
    // Half the width and two digits a division: this stands in front of every frame.
    int rest = (int) high;
    while (rest >= 100) {
      int next = rest / 100;
      int pair = (rest - next * 100) * 2;
      array[--at] = PAIRS[pair + 1];
      array[--at] = PAIRS[pair];
      rest = next;
    }
    array[--at] = PAIRS[rest * 2 + 1];
    if (rest >= 10) {
      array[--at] = PAIRS[rest * 2];
    }
    length += digits;
    return this;
  }

  private static int digits(long value) {
    int digits = 1;
    for (long power = 10; digits < MAX_DIGITS && value >= power; power *= 10) {
      digits++;
    }
    return digits;
  }

  /** Appends text as it stands between the quotes of a JSON string; see {@link JsonEscape}. */
  public Utf8Buffer putEscaped(char[] text, int from, int count) {
    return put(text, from, count, JsonEscape.OF_TEXT);
  }

  /** As {@link #putEscaped(char[], int, int)}. */
  public Utf8Buffer putEscaped(CharSequence text) {
    return put(chars(text), 0, text.length(), JsonEscape.OF_TEXT);
  }

  /** Appends a whole JSON string, quotes included. */
  public Utf8Buffer putQuoted(CharSequence text) {
    return put((byte) '"').putEscaped(text).put((byte) '"');
  }

  /**
   * Appends a finished JSON text that holds no line break. What {@link JsonEscape} escapes outside
   * ASCII is escaped here too: in valid JSON such characters stand inside strings only.
   */
  public Utf8Buffer putJson(CharSequence json) {
    return put(chars(json), 0, json.length(), JsonEscape.OF_JSON);
  }

  @Override
  public String toString() {
    return new String(array, 0, length, StandardCharsets.UTF_8);
  }

  /** The chars of a text, up to its length; good until the next call. */
  private char[] chars(CharSequence text) {
    String string = text.toString();
    int count = string.length();
    if (chars.length < count) {
      chars = new char[Math.max(MIN_CHARS, count)];
    }
    string.getChars(0, count, chars, 0);
    return chars;
  }

  private Utf8Buffer put(char[] text, int from, int count, byte[] escapes) {
    int end = Objects.checkFromIndexSize(from, count, text.length) + count;
    int i = from;
    while (i < end) {
      // Room for the worst case, so that it is looked for once and not with each char.
      int pieceEnd = i + Math.min(end - i, PIECE_CHARS);
      ensure((pieceEnd - i) * JsonEscape.MAX_BYTES_PER_CHAR);
      byte[] out = array;
      int to = length;
      while (i < pieceEnd) {
        char c = text[i++];
        if (c < 0x80) {
          byte escape = escapes[c];
          if (escape == JsonEscape.NONE) {
            out[to++] = (byte) c;
          } else if (escape == JsonEscape.REFUSED) {
            throw new IllegalArgumentException(
                "control character at " + (i - 1 - from) + " of a JSON text");
          } else if (escape == JsonEscape.UNICODE) {
            to = putUnicodeEscape(out, to, c);
          } else {
            out[to++] = '\\';
            out[to++] = escape;
          }
        } else if (!JsonEscape.needsUnicodeEscape(c)) {
          to = c < 0x800 ? putTwo(out, to, c) : putThree(out, to, c);
        } else if (Character.isHighSurrogate(c) && i < end && Character.isLowSurrogate(text[i])) {
          to = putFour(out, to, Character.toCodePoint(c, text[i++]));
        } else {
          to = putUnicodeEscape(out, to, c);
        }
      }
      length = to;
    }
    return this;
  }

  private static int putTwo(byte[] out, int to, char c) {
    out[to] = (byte) (0xC0 | c >> 6);
    out[to + 1] = (byte) (0x80 | (c & 0x3F));
    return to + 2;
  }

  private static int putThree(byte[] out, int to, char c) {
    out[to] = (byte) (0xE0 | c >> 12);
    out[to + 1] = (byte) (0x80 | (c >> 6 & 0x3F));
    out[to + 2] = (byte) (0x80 | (c & 0x3F));
    return to + 3;
  }

  private static int putFour(byte[] out, int to, int codePoint) {
    out[to] = (byte) (0xF0 | codePoint >> 18);
    out[to + 1] = (byte) (0x80 | (codePoint >> 12 & 0x3F));
    out[to + 2] = (byte) (0x80 | (codePoint >> 6 & 0x3F));
    out[to + 3] = (byte) (0x80 | (codePoint & 0x3F));
    return to + 4;
  }

  private static int putUnicodeEscape(byte[] out, int to, char c) {
    out[to] = '\\';
    out[to + 1] = 'u';
    out[to + 2] = HEX[c >> 12];
    out[to + 3] = HEX[c >> 8 & 15];
    out[to + 4] = HEX[c >> 4 & 15];
    out[to + 5] = HEX[c & 15];
    return to + 6;
  }

  private void ensure(int count) {
    if (array.length - length < count) {
      long wanted = Math.max((long) array.length * 2, (long) length + count);
      if ((long) length + count > Integer.MAX_VALUE - 8) {
        throw new IllegalStateException("more than 2 GiB of text in one buffer");
      }
      array = Arrays.copyOf(array, (int) Math.min(wanted, Integer.MAX_VALUE - 8));
    }
  }
}
