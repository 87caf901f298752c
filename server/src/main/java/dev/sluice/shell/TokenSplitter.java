package dev.sluice.shell;

import java.util.regex.Matcher;
import java.util.regex.Pattern;

/**
 * Cuts text into pieces of the size that models produce: the white space before a word goes with
 * it, long words are several pieces, signs stand alone. The pieces in a row are the text; none ends
 * within a surrogate pair. One thread.
 */
final class TokenSplitter {
  private static final int WHOLE_WORD_CHARS = 7;
  private static final Pattern PIECE =
      Pattern.compile(
          "[ \\t]?(?:\\p{L}\\p{M}*){1,"
              + WHOLE_WORD_CHARS
              + "}(?!\\p{L})" // a short word
              + "|[ \\t]?(?:\\p{L}\\p{M}*){1,4}" // some of a long one
              + "|[ \\t]?\\p{N}{1,3}"
              + "|\\R+"
              + "|\\s+(?=\\s)|\\s+"
              + "|\\p{P}{1,3}"
              + "|.",
          Pattern.DOTALL);

  private final CharSequence text;
  private final Matcher matcher;
  private int end;

  TokenSplitter(CharSequence text) {
    this.text = text;
    matcher = PIECE.matcher(text);
  }

  /** The next piece; empty after the last one. */
  String next() {
    if (end == text.length()) {
      return "";
    }
    int from = end;
    // From the last end, so that nothing can fall between two pieces.
    end = matcher.find() ? matcher.end() : text.length();
    return text.subSequence(from, end).toString();
  }
}
