package dev.sluice.frame;

import org.jspecify.annotations.NullMarked;

/** What the text of a token is like, and as much of it as is asked for. */
@NullMarked
public enum TokenText {
  ASCII(" the quick brown fox jumps over the lazy dog,"),
  /** Two, three and four bytes of UTF-8 among the single ones. */
  MULTILINGUAL("é 答え, да: ¿qué? 🙂 "),
  /** As source code has them: every fourth character or so. */
  ESCAPES("\"k\":\t\"C:\\d\",\n");

  private final String pattern;

  TokenText(String pattern) {
    this.pattern = pattern;
  }

  /** A text of so many chars, no pair of surrogates cut in two. */
  public String of(int chars) {
    String text = pattern.repeat(chars / pattern.length() + 1).substring(0, chars);
    int last = chars - 1;
    return Character.isHighSurrogate(text.charAt(last)) ? text.substring(0, last) + "!" : text;
  }
}
