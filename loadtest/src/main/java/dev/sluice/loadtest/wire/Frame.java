package dev.sluice.loadtest.wire;

import java.nio.charset.StandardCharsets;
import org.jspecify.annotations.Nullable;

/**
 * One SSE frame of the contract. A view: valid only during the call that hands it over.
 *
 * <p>{@code start}, {@code token} and {@code end} are read to the last byte; any other event is
 * handed over with its JSON.
 */
public final class Frame {

  /** The events that a load run publishes, and all others. */
  public enum Kind {
    START,
    TOKEN,
    END,
    OTHER
  }

  private final long epoch;
  private final long offset;
  private final long retryMs;
  private final Kind kind;
  private final String event;
  private final byte[] bytes;
  private final int textFrom;
  private final int textTo;
  private final @Nullable String type;
  private final @Nullable String run;

  private Frame(
      long epoch,
      long offset,
      long retryMs,
      Kind kind,
      String event,
      byte[] bytes,
      int textFrom,
      int textTo,
      @Nullable String type,
      @Nullable String run) {
    this.epoch = epoch;
    this.offset = offset;
    this.retryMs = retryMs;
    this.kind = kind;
    this.event = event;
    this.bytes = bytes;
    this.textFrom = textFrom;
    this.textTo = textTo;
    this.type = type;
    this.run = run;
  }

  /** The identity of the log that the offset counts in. */
  public long epoch() {
    return epoch;
  }

  /** The offset of the last event in the frame. */
  public long offset() {
    return offset;
  }

  /** The reconnection time in the frame, or -1. */
  public long retryMs() {
    return retryMs;
  }

  /** Which event this is. */
  public Kind kind() {
    return kind;
  }

  /** The name of the event. */
  public String event() {
    return event;
  }

  /** The token type, or null if the frame has none or is {@link Kind#OTHER}. */
  public @Nullable String type() {
    return type;
  }

  /** The run, or null if its publisher gave it no name or the frame is {@link Kind#OTHER}. */
  public @Nullable String run() {
    return run;
  }

  /**
   * Holds the decoded UTF-8 text of the data from {@link #textFrom} to {@link #textTo}; see {@link
   * #text}.
   */
  public byte[] bytes() {
    return bytes;
  }

  /** Where the text begins. */
  public int textFrom() {
    return textFrom;
  }

  /** Where the text ends, exclusive. */
  public int textTo() {
    return textTo;
  }

  /** The data as a string; for {@link Kind#OTHER} the JSON of the whole event. */
  public String text() {
    return new String(bytes, textFrom, textTo - textFrom, StandardCharsets.UTF_8);
  }

  /**
   * Reads the frame that is {@code bytes[from, to)}, both line feeds at its end included. Changes
   * the bytes.
   */
  static Frame parse(byte[] bytes, int from, int to) throws MalformedWireException {
    StrictCursor cursor = new StrictCursor(bytes, from, to);
    cursor.expect("id:");
    final long epoch = cursor.digits();
    cursor.expect("-");
    final long offset = cursor.digits();
    cursor.expect("\n");
    long retryMs = -1;
    if (cursor.accept("retry:")) {
      retryMs = cursor.digits();
      cursor.expect("\n");
    }
    cursor.expect("message:\n");
    cursor.expect("data:");
    final int jsonFrom = cursor.at();
    cursor.expect("{\"event\":\"");
    int nameFrom = cursor.at();
    int nameTo = cursor.indexOf('"');
    cursor.moveTo(nameTo);
    cursor.expect("\",\"data\":");
    String event = nameOf(bytes, nameFrom, nameTo);
    Kind kind = kindOf(event);
    if (kind == Kind.OTHER) {
      cursor.moveTo(cursor.indexOf('\n') - 1);
      cursor.expect("}\n\n");
      int jsonTo = to - 2;
      return new Frame(epoch, offset, retryMs, kind, event, bytes, jsonFrom, jsonTo, null, null);
    }
    cursor.expect("\"");
    int textFrom = cursor.at();
    int quote = JsonString.closingQuote(bytes, textFrom, to);
    if (quote < 0) {
      throw cursor.malformed("unclosed string");
    }
    cursor.moveTo(quote);
    cursor.expect("\"");
    String type = null;
    if (cursor.accept(",\"type\":\"")) {
      int typeFrom = cursor.at();
      int typeTo = cursor.indexOf('"');
      type = nameOf(bytes, typeFrom, typeTo);
      cursor.moveTo(typeTo);
      cursor.expect("\"");
    }
    String run = null;
    if (cursor.accept(",\"run\":\"")) {
      int runFrom = cursor.at();
      int runTo = cursor.indexOf('"');
      run = nameOf(bytes, runFrom, runTo);
      cursor.moveTo(runTo);
      cursor.expect("\"");
    }
    cursor.expect("}\n\n");
    if (!cursor.atEnd()) {
      throw cursor.malformed("expected the end of the frame");
    }
    // Last, because it overwrites what an error message would show.
    int textTo = JsonString.decodeInPlace(bytes, textFrom, quote);
    if (textTo < 0) {
      throw cursor.malformed("data is no JSON string");
    }
    return new Frame(epoch, offset, retryMs, kind, event, bytes, textFrom, textTo, type, run);
  }

  /** The names that come with every token are not built anew for each one. */
  private static String nameOf(byte[] bytes, int from, int to) {
    if (matches(bytes, from, to, "token")) {
      return "token";
    }
    if (matches(bytes, from, to, "finalResponse")) {
      return "finalResponse";
    }
    return new String(bytes, from, to - from, StandardCharsets.UTF_8);
  }

  private static boolean matches(byte[] bytes, int from, int to, String ascii) {
    return to - from == ascii.length() && new StrictCursor(bytes, from, to).accept(ascii);
  }

  private static Kind kindOf(String event) {
    return switch (event) {
      case "token" -> Kind.TOKEN;
      case "start" -> Kind.START;
      case "end" -> Kind.END;
      default -> Kind.OTHER;
    };
  }
}
