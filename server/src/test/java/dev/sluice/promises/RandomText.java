package dev.sluice.promises;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;

/** Text of all kinds that Unicode and its abuse have, and ways to cut and to write it. */
final class RandomText {
  private static final String[] PIECES = {
    " ",
    "  ",
    "\n",
    "\n    ",
    "\t",
    "\r\n",
    "\r",
    "\u00A0",
    "\u2028",
    "\u2029",
    "\u0085",
    "\u0000",
    "\u001F",
    "\u007F",
    "\"",
    "\\",
    "\\n",
    "/",
    "</script>",
    "[DONE]",
    "data:",
    "\n\n",
    "id:1-1\n",
    "ü",
    "ß",
    "€",
    "中文",
    "עברית",
    "e\u0301",
    "😀",
    "👩\u200D👩\u200D👧",
    "\uD83D",
    "\uDE00",
    "\uDC00\uD800",
    "\uFEFF",
    "\uFFFD",
    "\uFFFF",
    "return x",
    "def f(x):",
    "The ",
    "answer",
    "{\"event\":\"token\"}"
  };

  private final Random random;

  RandomText(Random random) {
    this.random = random;
  }

  /** Text of about so many pieces. */
  String text(int pieces) {
    StringBuilder text = new StringBuilder();
    for (int i = 0; i < pieces; i++) {
      switch (random.nextInt(8)) {
        case 0 -> text.append((char) random.nextInt(0x10000));
        case 1 -> text.appendCodePoint(random.nextInt(0x110000));
        case 2, 3 -> text.append((char) (' ' + random.nextInt(95)));
        default -> text.append(PIECES[random.nextInt(PIECES.length)]);
      }
    }
    return text.toString();
  }

  /** Cuts anywhere, also inside a surrogate pair; some of the parts are empty. */
  List<String> cut(String text) {
    List<String> parts = new ArrayList<>();
    int longest = 1 + random.nextInt(30);
    for (int from = 0; from < text.length(); ) {
      int to = Math.min(text.length(), from + random.nextInt(longest + 1));
      parts.add(text.substring(from, to));
      from = to;
    }
    return parts;
  }

  /** A JSON string: characters as they are or as escapes, by chance where both are allowed. */
  String quoted(String text) {
    StringBuilder json = new StringBuilder("\"");
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      boolean pair =
          Character.isHighSurrogate(c)
              && i + 1 < text.length()
              && Character.isLowSurrogate(text.charAt(i + 1));
      boolean mustEscape = c < ' ' || c == '"' || c == '\\' || (Character.isSurrogate(c) && !pair);
      if (mustEscape || random.nextInt(10) == 0) {
        json.append(String.format(random.nextBoolean() ? "\\u%04x" : "\\u%04X", (int) c));
        if (pair) {
          json.append(String.format("\\u%04x", (int) text.charAt(++i)));
        }
      } else {
        json.append(c);
        if (pair) {
          json.append(text.charAt(++i));
        }
      }
    }
    return json.append('"').toString();
  }
}
