package dev.sluice.loadtest.check;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;

/**
 * The text of every token of a run: {@code <chat.index>} and a {@link TextPiece} that is chosen by
 * run, chat and index. So all tokens of a run are distinct, each tells where it belongs, and any
 * can be written or checked without having been stored.
 *
 * <p>Immutable; any thread may use it.
 */
public final class TokenText {
  private final long runSeed;

  /** The texts of the run that {@code runTag} names. */
  public TokenText(String runTag) {
    long seed = 0;
    for (int i = 0; i < runTag.length(); i++) {
      seed = mix(seed + runTag.charAt(i));
    }
    this.runSeed = seed;
  }

  /** Writes a token as the inside of a JSON string. */
  public void writeJson(int chat, int index, ByteBuf out) {
    long choice = choice(chat, index);
    out.writeByte('<');
    writeDecimal(chat, out);
    out.writeByte('.');
    writeDecimal(index, out);
    out.writeByte('>');
    out.writeBytes(piece(choice).json(choice < 0));
  }

  /** Writes a number in decimal digits. */
  public static void writeDecimal(long value, ByteBuf out) {
    if (value >= 10) {
      writeDecimal(value / 10, out);
    }
    out.writeByte('0' + (int) (value % 10));
  }

  /**
   * Where the piece of a token ends, if it stands at {@code from}.
   *
   * @return the end, or -1 if other text stands there
   */
  int pieceEnd(int chat, int index, byte[] utf8, int from, int to) {
    byte[] piece = piece(choice(chat, index)).utf8();
    int end = from + piece.length;
    return end <= to && Arrays.equals(utf8, from, end, piece, 0, piece.length) ? end : -1;
  }

  private long choice(int chat, int index) {
    return mix(runSeed ^ (((long) chat << 32) | index));
  }

  private static TextPiece piece(long choice) {
    return TextPiece.ALL.get((int) (((choice >>> 8) & 0xffff) % TextPiece.ALL.size()));
  }

  /** Spreads near inputs far apart: the finaliser of the SplitMix64 generator. */
  private static long mix(long value) {
    long z = value + 0x9e3779b97f4a7c15L;
    z = (z ^ (z >>> 30)) * 0xbf58476d1ce4e5b9L;
    z = (z ^ (z >>> 27)) * 0x94d049bb133111ebL;
    return z ^ (z >>> 31);
  }
}
