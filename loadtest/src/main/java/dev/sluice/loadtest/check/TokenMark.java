package dev.sluice.loadtest.check;

/** Reads the mark that begins each token, {@code <chat.index>}. Reused from token to token. */
final class TokenMark {
  private static final int MAX_DIGITS = 9;

  private int chat;
  private int index;
  private int end;

  int chat() {
    return chat;
  }

  int index() {
    return index;
  }

  /** Where the mark ended. */
  int end() {
    return end;
  }

  /** Reads the mark at {@code from}; false if none stands there. */
  boolean read(byte[] utf8, int from, int to) {
    if (from >= to || utf8[from] != '<') {
      return false;
    }
    int dot = digitsEnd(utf8, from + 1, to);
    if (dot < 0 || utf8[dot] != '.') {
      return false;
    }
    int close = digitsEnd(utf8, dot + 1, to);
    if (close < 0 || utf8[close] != '>') {
      return false;
    }
    chat = number(utf8, from + 1, dot);
    index = number(utf8, dot + 1, close);
    end = close + 1;
    return true;
  }

  /** Where the next mark may begin, from {@code from} on; {@code to} if nowhere. */
  static int next(byte[] utf8, int from, int to) {
    int at = from;
    while (at < to && utf8[at] != '<') {
      at++;
    }
    return at;
  }

  /** The end of 1 to 9 digits that are followed by something, or -1. */
  private static int digitsEnd(byte[] utf8, int from, int to) {
    int at = from;
    while (at < to && utf8[at] >= '0' && utf8[at] <= '9') {
      at++;
    }
    return at == from || at == to || at - from > MAX_DIGITS ? -1 : at;
  }

  private static int number(byte[] utf8, int from, int to) {
    int value = 0;
    for (int i = from; i < to; i++) {
      value = value * 10 + (utf8[i] - '0');
    }
    return value;
  }
}
