package dev.sluice.chat;

import dev.sluice.frame.FrameFormat;
import dev.sluice.frame.TokenType;
import dev.sluice.frame.Utf8Buffer;
import org.jspecify.annotations.Nullable;

/**
 * An event on its way into a log: filled in by a publisher, published, cleared, filled in again, so
 * that a stream of tokens makes no garbage. Owned by one publisher; one thread at a time.
 */
public final class EventDraft {
  /** What kind of JSON value the data is. */
  public enum DataKind {
    ABSENT,
    NULL,
    BOOLEAN,
    NUMBER,
    STRING,
    ARRAY,
    OBJECT
  }

  private static final int KEEP_BYTES = 16 * 1024;

  private String name = "";
  private @Nullable TokenType type;
  private @Nullable String run;
  private @Nullable String producerId;
  private long producerEpoch;
  private long seq;
  private DataKind dataKind = DataKind.ABSENT;
  private boolean blank;
  private final Utf8Buffer data;
  private final Utf8Buffer extras;

  public EventDraft() {
    this(new Utf8Buffer(64), new Utf8Buffer(16));
  }

  private EventDraft(Utf8Buffer data, Utf8Buffer extras) {
    this.data = data;
    this.extras = extras;
  }

  public EventDraft clear() {
    name = "";
    type = null;
    run = null;
    producerId = null;
    producerEpoch = 0;
    seq = 0;
    dataKind = DataKind.ABSENT;
    blank = false;
    data.clear(KEEP_BYTES);
    extras.clear(KEEP_BYTES);
    return this;
  }

  /** Makes this a token of that type and text. */
  public EventDraft token(TokenType tokenType, CharSequence text) {
    clear();
    name = EventNames.TOKEN;
    type = tokenType;
    return string(text);
  }

  /** Makes this an event of that name, without data yet. */
  public EventDraft event(String eventName) {
    clear();
    name = eventName;
    return this;
  }

  /** Sets the data to a string. */
  public EventDraft string(CharSequence text) {
    data.clear(KEEP_BYTES).putEscaped(text);
    dataKind = DataKind.STRING;
    blank = isBlank(text);
    return this;
  }

  /** Sets the data to a string. */
  public EventDraft string(char[] text, int from, int count) {
    data.clear(KEEP_BYTES).putEscaped(text, from, count);
    dataKind = DataKind.STRING;
    blank = count > 0;
    for (int i = from; blank && i < from + count; i++) {
      blank = isBlank(text[i]);
    }
    return this;
  }

  /** Sets the data to a finished JSON text without line breaks; the caller vouches for it. */
  public EventDraft json(CharSequence json) {
    data.clear(KEEP_BYTES).putJson(json);
    return dataKind(
        switch (json.charAt(0)) {
          case '{' -> DataKind.OBJECT;
          case '[' -> DataKind.ARRAY;
          case 'n' -> DataKind.NULL;
          case 't', 'f' -> DataKind.BOOLEAN;
          case '"' -> throw new IllegalArgumentException("a string is set by string(…)");
          default -> DataKind.NUMBER;
        });
  }

  /** Says what {@link #data()} was filled with from outside. */
  public EventDraft dataKind(DataKind kind) {
    dataKind = kind;
    blank = false;
    return this;
  }

  public EventDraft name(String eventName) {
    name = eventName;
    return this;
  }

  public EventDraft type(@Nullable TokenType tokenType) {
    type = tokenType;
    return this;
  }

  /** Names the run that the event belongs to; null for the one that was opened last. */
  public EventDraft run(@Nullable String runId) {
    run = runId;
    return this;
  }

  /** Adds a further key with finished JSON. */
  public EventDraft extra(String key, CharSequence json) {
    extras.put((byte) ',').putQuoted(key).put((byte) ':').putJson(json);
    return this;
  }

  /**
   * The data, to be filled by the publisher that then says its {@link #dataKind}: for a string the
   * escaped text without its quotes, otherwise finished JSON.
   */
  public Utf8Buffer data() {
    return data;
  }

  /** Further keys, each {@code ,"key":value}. */
  public Utf8Buffer extras() {
    return extras;
  }

  /**
   * Numbers the event, so that it is taken once however often it comes.
   *
   * @param id what its producer calls itself in this chat
   * @param epoch which start of the producer; 0 or more
   * @param number 1 for its first event in this chat, then one more for each
   */
  public EventDraft numbered(String id, long epoch, long number) {
    producerId = id;
    producerEpoch = epoch;
    seq = number;
    return this;
  }

  /** Who has numbered the event; null if it has no number. */
  public @Nullable String producerId() {
    return producerId;
  }

  public long producerEpoch() {
    return producerEpoch;
  }

  /** The event's number; 0 for none. */
  public long seq() {
    return seq;
  }

  public String name() {
    return name;
  }

  public @Nullable TokenType type() {
    return type;
  }

  public @Nullable String run() {
    return run;
  }

  public DataKind dataKind() {
    return dataKind;
  }

  /** True for a string that is not empty and holds nothing but white space. */
  public boolean isBlank() {
    return blank;
  }

  /** What the event weighs, in bytes of UTF-8. */
  public int byteCount() {
    return name.length() + data.length() + extras.length();
  }

  /** A draft of its own with the same content. */
  public EventDraft copy() {
    EventDraft copy = new EventDraft(data.copy(), extras.copy());
    copy.name = name;
    copy.type = type;
    copy.run = run;
    copy.producerId = producerId;
    copy.producerEpoch = producerEpoch;
    copy.seq = seq;
    copy.dataKind = dataKind;
    copy.blank = blank;
    return copy;
  }

  /** Writes the finished JSON of this event, as the log keeps it. */
  void putJson(Utf8Buffer out, byte[] runExtra) {
    FrameFormat.putEventJson(out, name, dataKind == DataKind.STRING, data, type, runExtra, extras);
  }

  private static boolean isBlank(CharSequence text) {
    for (int i = 0; i < text.length(); i++) {
      if (!isBlank(text.charAt(i))) {
        return false;
      }
    }
    return !text.isEmpty();
  }

  /** The white space that JavaScript's trim() takes off. */
  private static boolean isBlank(char c) {
    return (c >= '\t' && c <= '\r') || Character.isSpaceChar(c) || c == '\uFEFF';
  }
}
