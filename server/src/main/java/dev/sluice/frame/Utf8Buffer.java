package dev.sluice.frame;

import java.nio.charset.StandardCharsets;
import java.util.Arrays;

/**
 * A growable run of UTF-8 bytes on the heap, made to be cleared and used again. For one thread at a
 * time; whoever created it owns it.
 */
public final class Utf8Buffer {
  private static final byte[] HEX = "0123456789abcdef".getBytes(StandardCharsets.US_ASCII);

  private byte[] array;
  private int length;

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
    ensure(20);
    int digits = 1;
    for (long rest = value; rest >= 10; rest /= 10) {
      digits++;
    }
    long rest = value;
    for (int i = length + digits - 1; i >= length; i--) {
      array[i] = (byte) ('0' + rest % 10);
      rest /= 10;
    }
    length += digits;
    return this;
  }

  /** Appends text as it stands between the quotes of a JSON string; see {@link JsonEscape}. */
  public Utf8Buffer putEscaped(char[] text, int from, int count) {
    int end = from + count;
    int i = from;
    while (i < end) {
      ensure(end - i);
      int to = length;
      while (i < end && JsonEscape.isPlainAscii(text[i])) {
        array[to++] = (byte) text[i++];
      }
      length = to;
      if (i == end) {
        break;
      }
      char c = text[i++];
      if (Character.isHighSurrogate(c) && i < end && Character.isLowSurrogate(text[i])) {
        putCodePoint(Character.toCodePoint(c, text[i++]));
      } else {
        putEscapedChar(c);
      }
    }
    return this;
  }

  /** As {@link #putEscaped(char[], int, int)}. */
  public Utf8Buffer putEscaped(CharSequence text) {
    char[] chars = text.toString().toCharArray();
    return putEscaped(chars, 0, chars.length);
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
    int end = json.length();
    for (int i = 0; i < end; i++) {
      char c = json.charAt(i);
      if (c < ' ') {
        throw new IllegalArgumentException("control character at " + i + " of a JSON text");
      } else if (c < 0x80) {
        put((byte) c);
      } else if (Character.isHighSurrogate(c)
          && i + 1 < end
          && Character.isLowSurrogate(json.charAt(i + 1))) {
        putCodePoint(Character.toCodePoint(c, json.charAt(++i)));
      } else {
        putEscapedChar(c);
      }
    }
    return this;
  }

  @Override
  public String toString() {
    return new String(array, 0, length, StandardCharsets.UTF_8);
  }

  private void putEscapedChar(char c) {
    byte shortForm = JsonEscape.shortForm(c);
    if (shortForm != 0) {
      ensure(2);
      array[length++] = '\\';
      array[length++] = shortForm;
    } else if (JsonEscape.needsUnicodeEscape(c)) {
      ensure(6);
      array[length++] = '\\';
      array[length++] = 'u';
      array[length++] = HEX[c >> 12];
      array[length++] = HEX[c >> 8 & 15];
      array[length++] = HEX[c >> 4 & 15];
      array[length++] = HEX[c & 15];
    } else {
      putCodePoint(c);
    }
  }

  private void putCodePoint(int codePoint) {
    ensure(4);
    if (codePoint < 0x80) {
      array[length++] = (byte) codePoint;
    } else if (codePoint < 0x800) {
      array[length++] = (byte) (0xC0 | codePoint >> 6);
      array[length++] = (byte) (0x80 | (codePoint & 0x3F));
    } else if (codePoint < 0x10000) {
      array[length++] = (byte) (0xE0 | codePoint >> 12);
      array[length++] = (byte) (0x80 | (codePoint >> 6 & 0x3F));
      array[length++] = (byte) (0x80 | (codePoint & 0x3F));
    } else {
      array[length++] = (byte) (0xF0 | codePoint >> 18);
      array[length++] = (byte) (0x80 | (codePoint >> 12 & 0x3F));
      array[length++] = (byte) (0x80 | (codePoint >> 6 & 0x3F));
      array[length++] = (byte) (0x80 | (codePoint & 0x3F));
    }
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
