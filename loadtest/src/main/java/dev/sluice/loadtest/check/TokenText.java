package dev.sluice.loadtest.check;

import io.netty.buffer.ByteBuf;
import java.util.Arrays;
import java.util.function.IntUnaryOperator;

/**
 * The text of every token of a run: {@code <chat.index>} and a {@link TextPiece} that is chosen by
 * run, chat and index, or as many of them as a least length takes. So all tokens of a run are
 * distinct, each tells where it belongs, and any can be written or checked without having been
 * stored.
 *
 * <p>Immutable; any thread may use it.
 */
public final class TokenText {
  private final long runSeed;
  private final IntUnaryOperator leastBytesOf;

  /** The texts of the run that {@code runTag} names. */
  public TokenText(String runTag) {
    this(runTag, chat -> 0);
  }

  /**
   * The same with longer tokens.
   *
   * @param leastBytesOf how many bytes in UTF-8 the pieces of a chat's tokens have at least; 0 for
   *     one piece
   */
  public TokenText(String runTag, IntUnaryOperator leastBytesOf) {
    long seed = 0;
    for (int i = 0; i < runTag.length(); i++) {
      seed = mix(seed + runTag.charAt(i));
    }
    this.runSeed = seed;
    this.leastBytesOf = leastBytesOf;
  }

  /** Writes a token as the inside of a JSON string. */
  public void writeJson(int chat, int index, ByteBuf out) {
    long choice = choice(chat, index);
    out.writeByte('<');
    writeDecimal(chat, out);
    out.writeByte('.');
    writeDecimal(index, out);
    out.writeByte('>');
    boolean asciiOnly = choice < 0;
    int leastBytes = leastBytesOf.applyAsInt(chat);
    int length = 0;
    do {
      TextPiece piece = piece(choice);
      out.writeBytes(piece.json(asciiOnly));
      length += piece.utf8().length;
      choice = mix(choice);
    } while (length < leastBytes);
  }

  /** Writes a number in decimal digits. */
  public static void writeDecimal(long value, ByteBuf out) {
    if (value >= 10) {
      writeDecimal(value / 10, out);
    }
    out.writeByte('0' + (int) (value % 10));
  }

  /**
   * Where the pieces of a token end, if they stand at {@code from}.
   *
   * @return the end, or -1 if other text stands there
   */
  int pieceEnd(int chat, int index, byte[] utf8, int from, int to) {
    long choice = choice(chat, index);
    int leastBytes = leastBytesOf.applyAsInt(chat);
    int at = from;
    do {
      byte[] piece = piece(choice).utf8();
      int end = at + piece.length;
      if (end > to || !Arrays.equals(utf8, at, end, piece, 0, piece.length)) {
        return -1;
      }
      at = end;
      choice = mix(choice);
    } while (at - from < leastBytes);
    return at;
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
