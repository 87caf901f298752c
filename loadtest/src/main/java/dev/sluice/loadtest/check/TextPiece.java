package dev.sluice.loadtest.check;

import java.nio.charset.StandardCharsets;
import java.util.List;

/**
 * A bit of token text in the three forms that a run needs. Its arrays are shared: do not change
 * them.
 */
final class TextPiece {
  /**
   * Text that has broken streaming software: scripts of several bytes, joined emoji, escapes, line
   * ends of every kind, and text that looks like the protocol. None contains {@code <}, which marks
   * the beginning of a token.
   */
  static final List<TextPiece> ALL =
      List.of(
          new TextPiece(" the"),
          new TextPiece("ing"),
          new TextPiece(" Gr\u00fc\u00dfe"),
          new TextPiece(" \u010de\u0161tina"),
          new TextPiece(" \u041f\u0440\u0438\u0432\u0435\u0442"),
          new TextPiece(" \u0645\u0631\u062d\u0628\u0627"),
          new TextPiece(" \u05e9\u05dc\u05d5\u05dd"),
          new TextPiece("\u4f60\u597d\u4e16\u754c"),
          new TextPiece("\u3053\u3093\u306b\u3061\u306f"),
          new TextPiece(" \uc548\ub155\ud558\uc138\uc694"),
          new TextPiece(" \u0939\u093f\u0928\u094d\u0926\u0940"),
          new TextPiece(" \ud83d\ude80"),
          new TextPiece("\ud83d\udc69\u200d\ud83d\udc69\u200d\ud83d\udc67"),
          new TextPiece(" cafe\u0301"),
          new TextPiece(""),
          new TextPiece(" "),
          new TextPiece("\n"),
          new TextPiece("\n\n"),
          new TextPiece("\n    return x"),
          new TextPiece("\t"),
          new TextPiece("\r\n"),
          new TextPiece(" trailing  "),
          new TextPiece(" \"quoted\""),
          new TextPiece(" C:\\dir\\n"),
          new TextPiece(" a/b"),
          new TextPiece(" \\u0041"),
          new TextPiece("\nid:1-1\nevent:end\ndata:[DONE]\n\n"),
          new TextPiece(" {\"event\":\"end\",\"data\":\"[DONE]\"}"),
          new TextPiece("\u2028\u2029"),
          new TextPiece("\ufeff"),
          new TextPiece("\b\f\u0001\u001f\u007f"),
          new TextPiece("\u0000"));

  private final byte[] utf8;
  private final byte[] plainJson;
  private final byte[] asciiJson;

  TextPiece(String text) {
    utf8 = text.getBytes(StandardCharsets.UTF_8);
    plainJson = escape(text, false).getBytes(StandardCharsets.UTF_8);
    asciiJson = escape(text, true).getBytes(StandardCharsets.UTF_8);
  }

  /** The text itself. */
  byte[] utf8() {
    return utf8;
  }

  /**
   * The text inside a JSON string: with escapes for all that is not ASCII, as many producers write,
   * or without.
   */
  byte[] json(boolean asciiOnly) {
    return asciiOnly ? asciiJson : plainJson;
  }

  private static String escape(String text, boolean asciiOnly) {
    StringBuilder out = new StringBuilder();
    for (int i = 0; i < text.length(); i++) {
      char c = text.charAt(i);
      switch (c) {
        case '"' -> out.append("\\\"");
        case '\\' -> out.append("\\\\");
        case '\n' -> out.append("\\n");
        case '\r' -> out.append("\\r");
        case '\t' -> out.append("\\t");
        case '\b' -> out.append("\\b");
        case '\f' -> out.append("\\f");
        case '/' -> out.append(asciiOnly ? "\\/" : "/");
        default -> {
          if (c < 0x20 || (asciiOnly && c > 0x7e)) {
            out.append(String.format("\\u%04x", (int) c));
          } else {
            out.append(c);
          }
        }
      }
    }
    return out.toString();
  }
}
