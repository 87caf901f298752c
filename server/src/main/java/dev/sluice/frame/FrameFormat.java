package dev.sluice.frame;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * The bytes of a frame: the WHATWG server-sent-events format with the field order and line ends
 * that existing clients were measured to need.
 *
 * <pre>
 * id:&lt;epoch&gt;-&lt;offset&gt;\n
 * message:\n
 * data:{"event":"token","data":" Hel","type":"finalResponse"}\n
 * \n
 * </pre>
 *
 * <p>LF only, no space after a colon, keys in the order event, data, type, then extras. Stateless;
 * any thread.
 */
public final class FrameFormat {
  private static final byte[] HEARTBEAT = ascii(":hb\n");
  private static final byte[] EVENT_PREFIX = ascii("message:\ndata:");
  private static final byte[] EVENT_SUFFIX = ascii("\n\n");
  private static final byte[] TOKEN_PREFIX =
      ascii("message:\ndata:{\"event\":\"token\",\"data\":\"");

  private static final Utf8Buffer NO_EXTRAS = new Utf8Buffer(0);

  private FrameFormat() {}

  /** {@code id:<epoch>-}: what every id line of one log begins with. */
  public static byte[] idPrefix(long epoch) {
    return ascii("id:" + epoch + "-");
  }

  public static void putId(Utf8Buffer out, byte[] idPrefix, long offset) {
    out.put(idPrefix).putDecimal(offset).put((byte) '\n');
  }

  /** A comment line with one LF: a blank line would dispatch an empty message in some clients. */
  public static void putHeartbeat(Utf8Buffer out) {
    out.put(HEARTBEAT);
  }

  public static void putRetry(Utf8Buffer out, long retryMs) {
    out.putAscii("retry:").putDecimal(retryMs).put((byte) '\n');
  }

  /** What stands before a token's escaped text. */
  public static void putTokenPrefix(Utf8Buffer out) {
    out.put(TOKEN_PREFIX);
  }

  /**
   * What stands after a token's escaped text.
   *
   * @param runExtra the run's own further key with its leading comma; may be empty
   */
  public static byte[] tokenSuffix(TokenType type, byte[] runExtra) {
    Utf8Buffer suffix = new Utf8Buffer(64).put((byte) '"');
    putTail(suffix, type, runExtra, NO_EXTRAS);
    return suffix.put(EVENT_SUFFIX).toByteArray();
  }

  /**
   * The finished JSON of an event that is not a token, as the log keeps it.
   *
   * @param name matches the contract's name pattern, so that it needs no escaping
   * @param quoteData true if {@code data} is the escaped text of a string, false if it is finished
   *     JSON on one line
   * @param runExtra as in {@link #tokenSuffix}
   * @param extras the publisher's further keys, each with its leading comma; may be empty
   */
  public static void putEventJson(
      Utf8Buffer out,
      String name,
      boolean quoteData,
      Utf8Buffer data,
      @Nullable TokenType type,
      byte[] runExtra,
      Utf8Buffer extras) {
    out.putAscii("{\"event\":\"").putAscii(name).putAscii("\",\"data\":");
    if (quoteData) {
      out.put((byte) '"').put(data).put((byte) '"');
    } else {
      out.put(data);
    }
    putTail(out, type, runExtra, extras);
  }

  private static void putTail(
      Utf8Buffer out, @Nullable TokenType type, byte[] runExtra, Utf8Buffer extras) {
    if (type != null) {
      out.putAscii(",\"type\":\"").putAscii(type.wireName()).put((byte) '"');
    }
    out.put(runExtra).put(extras).put((byte) '}');
  }

  /**
   * What stands after the id and retry lines of a frame that tells of lost events.
   *
   * @param from the id of the last event before them, as the reader has it
   * @param to the id of the last of them
   */
  public static void putGap(Utf8Buffer out, String from, String to, String reason) {
    putEventPrefix(out);
    out.putAscii("{\"event\":\"gap\",\"data\":{\"from\":")
        .putQuoted(from)
        .putAscii(",\"to\":")
        .putQuoted(to)
        .putAscii(",\"reason\":")
        .putQuoted(reason)
        .putAscii("}}");
    putEventSuffix(out);
  }

  /** What stands before the finished JSON of an event. */
  public static void putEventPrefix(Utf8Buffer out) {
    out.put(EVENT_PREFIX);
  }

  /** What stands after the finished JSON of an event. */
  public static void putEventSuffix(Utf8Buffer out) {
    out.put(EVENT_SUFFIX);
  }

  private static byte[] ascii(String text) {
    return text.getBytes(StandardCharsets.US_ASCII);
  }
}
