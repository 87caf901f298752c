package dev.sluice.loadtest.check;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertNotEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.util.HashSet;
import java.util.Set;
import org.junit.jupiter.api.Test;

class TokenTextTest {
  @Test
  void tokensOfARunAreDistinctAndTheSameEachTime() {
    TokenText text = new TokenText("run1");
    Set<String> all = new HashSet<>();
    for (int stream = 0; stream < 30; stream++) {
      for (int index = 0; index < 30; index++) {
        String json = json(text, stream, index);
        assertTrue(all.add(json), json);
        assertEquals(json, json(new TokenText("run1"), stream, index));
      }
    }
  }

  @Test
  void anotherRunHasOtherTexts() {
    StringBuilder one = new StringBuilder();
    StringBuilder other = new StringBuilder();
    for (int index = 0; index < 20; index++) {
      one.append(json(new TokenText("run1"), 0, index));
      other.append(json(new TokenText("run2"), 0, index));
    }
    assertNotEquals(one.toString(), other.toString());
  }

  @Test
  void everyPieceAndBothFormsOccur() {
    TokenText text = new TokenText("run1");
    Set<String> pieces = new HashSet<>();
    for (int index = 0; index < 5_000; index++) {
      String json = json(text, 7, index);
      pieces.add(json.substring(json.indexOf('>') + 1));
    }
    for (TextPiece piece : TextPiece.ALL) {
      assertTrue(pieces.contains(new String(piece.json(true), UTF_8)));
      assertTrue(pieces.contains(new String(piece.json(false), UTF_8)));
    }
  }

  @Test
  void noPieceHoldsTheMarkAndBothFormsAreOneLine() {
    for (TextPiece piece : TextPiece.ALL) {
      assertFalse(new String(piece.utf8(), UTF_8).contains("<"));
      for (boolean asciiOnly : new boolean[] {true, false}) {
        for (byte b : piece.json(asciiOnly)) {
          assertTrue(asciiOnly ? b >= 0x20 : b < 0 || b >= 0x20);
        }
      }
    }
  }

  private static String json(TokenText text, int stream, int index) {
    ByteBuf out = Unpooled.buffer();
    try {
      text.writeJson(stream, index, out);
      return out.toString(UTF_8);
    } finally {
      out.release();
    }
  }
}
