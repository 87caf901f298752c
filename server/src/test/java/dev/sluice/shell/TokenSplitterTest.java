package dev.sluice.shell;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

class TokenSplitterTest {
  private static final String[] PARTS = {
    "a",
    "Wort",
    "internationalisation",
    " ",
    "  ",
    "\t",
    "\n",
    "\r\n",
    "\u2028",
    "42",
    "12345",
    "\ud83d\ude00",
    "\ud83d\udc69\u200d\ud83d\ude80",
    "漢字",
    "e\u0301",
    "?!…",
    "\\",
    "\"",
    "\0",
    "\u00a0",
    "ก็",
    "\u202e",
    "-",
    "_",
  };

  @Test
  void cutsLikeAModel() {
    assertEquals(
        List.of("Hello", ",", " world", "!", "\n\n", " inte", "rnat", "ional", " 123", "45"),
        pieces("Hello, world!\n\n international 12345"));
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 2, 3, 4, 5})
  void thePiecesInARowAreTheText(int seed) {
    Random random = new Random(seed);
    for (int i = 0; i < 500; i++) {
      StringBuilder text = new StringBuilder();
      for (int parts = random.nextInt(30); parts > 0; parts--) {
        text.append(PARTS[random.nextInt(PARTS.length)]);
      }
      List<String> pieces = pieces(text.toString());
      assertEquals(text.toString(), String.join("", pieces));
      for (String piece : pieces) {
        assertFalse(piece.isEmpty());
        assertFalse(Character.isLowSurrogate(piece.charAt(0)), piece);
        assertFalse(Character.isHighSurrogate(piece.charAt(piece.length() - 1)), piece);
      }
    }
  }

  @Test
  void noPieceIsLongButWhiteSpace() {
    assertTrue(pieces("x".repeat(1000) + "-".repeat(1000)).stream().allMatch(p -> p.length() < 8));
  }

  private static List<String> pieces(String text) {
    TokenSplitter splitter = new TokenSplitter(text);
    List<String> pieces = new ArrayList<>();
    for (String piece = splitter.next(); !piece.isEmpty(); piece = splitter.next()) {
      pieces.add(piece);
    }
    return pieces;
  }
}
