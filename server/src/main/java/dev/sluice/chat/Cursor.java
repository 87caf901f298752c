package dev.sluice.chat;

import dev.sluice.frame.FrameFormat;
import dev.sluice.frame.TokenType;
import dev.sluice.frame.Utf8Buffer;
import dev.sluice.metrics.FrameTally;
import dev.sluice.metrics.FrameType;
import org.jspecify.annotations.Nullable;

/**
 * A reader's place in a log. It turns what lies between its place and the tail into frames: the
 * same code for a live reader, one that is behind, one that resumes and one that joins late.
 *
 * <p>Belongs to one event loop; only that loop may call it, and gets the {@link Reader} called on
 * it.
 */
public final class Cursor {
  /** Whose cursor it is. */
  @FunctionalInterface
  public interface Reader {
    /** There may be more to read. Called on the cursor's event loop. */
    void readable();

    /** Whether publishers may have to wait for this one: it has a deadline, so not for ever. */
    default boolean isWaitedFor() {
      return false;
    }

    /** {@link #readable} has thrown that; nobody else is told. */
    default void failed(RuntimeException cause) {}
  }

  /** Where a read has stopped. */
  public enum Status {
    /** Nothing more for now. */
    AT_TAIL,
    /** The byte bound was reached; there is more. */
    MORE,
    /** Just past an {@code end} after which nothing that this cursor reads is open. */
    AT_END,
    /** Before something that was shed; only {@link #readText} stops there. */
    LAPPED
  }

  /** A merged frame takes no further token once it holds this much text. */
  static final int MAX_FRAME_BYTES = 256 * 1024;

  /** The same for a reader that has had its first frames: it is there, but behind. */
  static final int MAX_LATER_FRAME_BYTES = 32 * 1024;

  private final Chat chat;
  private final @Nullable String run;
  private final Audience audience;
  final Reader reader;

  // The neighbours among the audience's cursors, which keeps them.
  @Nullable Cursor previous;
  @Nullable Cursor next;

  private long position;
  private @Nullable Ahead ahead;

  Cursor(Chat chat, @Nullable String run, StartAt.Place place, Audience audience, Reader reader) {
    this.chat = chat;
    this.run = run;
    this.reader = reader;
    this.audience = audience;
    this.position = place.position();
    if (place.gap() != null) {
      ahead().gap = place.gap();
    }
  }

  public Chat chat() {
    return chat;
  }

  /** The run that is read, or null for all runs of the chat. */
  public @Nullable String run() {
    return run;
  }

  /** True once the chat is gone and everything in it was read: nothing will come any more. */
  public boolean isOver() {
    return chat.isGone() && position >= chat.log().tail();
  }

  /** How many events of the log are still to be looked at. */
  public long lag() {
    return chat.log().tail() - position;
  }

  /**
   * How many bytes the log still has for this reader: the events after its place that were not
   * shed, those of other runs included. Costs a look at each of the log's segments.
   */
  public long lagBytes() {
    return chat.log().bytesAfter(position);
  }

  /** What a reader that paces itself has to know of what is to come. */
  public Lookahead lookahead() {
    return new Lookahead(this);
  }

  /** Has the reader called again on the loop's next turn. */
  public void readAgain() {
    audience.wake();
  }

  /** Leaves the chat. */
  public void close() {
    chat.leave(this, audience);
  }

  /**
   * Appends frames to {@code out} until there is nothing more, an end was passed, or {@code out}
   * has taken at least {@code maxBytes}. They are counted in {@link Wakeups#tally}.
   *
   * @param ids whether frames carry an id line
   * @param retryMs if positive, the first frame carries it as its reconnection time
   */
  public Status read(Utf8Buffer out, int maxBytes, boolean ids, long retryMs) {
    return read(out, maxBytes, MAX_FRAME_BYTES, ids, retryMs);
  }

  /**
   * As {@link #read}, for a reader that has had its first frames: those that follow are smaller.
   */
  public Status readOn(Utf8Buffer out, int maxBytes, boolean ids) {
    return read(out, maxBytes, MAX_LATER_FRAME_BYTES, ids, 0);
  }

  private Status read(Utf8Buffer out, int maxBytes, int maxFrameBytes, boolean ids, long retryMs) {
    int start = out.length();
    FrameTally tally = audience.wakeups().tally();
    tally.clear();
    Log log = chat.log();
    long tail = log.tail();
    Segment[] segments = log.segments();
    putGap(out, segments, ids, retryMs);
    if (out.length() > start) {
      tally.endFrame(FrameType.EVENT, out.length() - start);
      if (run != null && chat.timeline().hasNothingAfter(new EventId(log.epoch(), position), run)) {
        // Its end is among what was lost.
        return Status.AT_END;
      }
    }
    if (position >= tail) {
      return Status.AT_TAIL;
    }
    int s = Log.find(segments, position + 1);
    while (position < tail) {
      if (out.length() - start >= maxBytes) {
        return Status.MORE;
      }
      long next = position + 1;
      if (s + 1 < segments.length && next >= segments[s + 1].base) {
        s++;
      }
      Segment segment = segments[s];
      int index = (int) (next - segment.base);
      Stretch stretch = segment.stretch(index);
      if (!reads(stretch)) {
        position += segment.pieceEnd(index, Log.limit(segments, s, tail)) - index;
        continue;
      }
      int frameStart = out.length();
      long firstRetryMs = frameStart == start ? retryMs : 0;
      if (stretch.isToken()) {
        long last = lastOfStretch(segments, s, stretch, tail, maxFrameBytes);
        if (last == 0) {
          return Status.AT_TAIL;
        }
        putHead(out, last, ids, firstRetryMs);
        FrameFormat.putTokenPrefix(out);
        s = putTexts(out, segments, s, stretch, last);
        out.put(stretch.suffix());
        tally.endFrame(stretch.frameType(), out.length() - frameStart);
        position = last;
      } else {
        putHead(out, next, ids, firstRetryMs);
        FrameFormat.putEventPrefix(out);
        segment.put(out, index, index + 1);
        FrameFormat.putEventSuffix(out);
        tally.addTokens(stretch.frameType() == FrameType.EVENT ? 0 : 1);
        tally.endFrame(stretch.frameType(), out.length() - frameStart);
        position = next;
        // What has begun since is read on: with a run open there is no end yet.
        if (stretch.endsReading(run) && (run != null || next == tail)) {
          return Status.AT_END;
        }
      }
    }
    return Status.AT_TAIL;
  }

  /**
   * Appends the text of the tokens of one type, escaped as in JSON, instead of frames; for an
   * answer in one piece. Unlike {@link #read} it cannot tell of a gap, so it does not go past one.
   */
  public Status readText(Utf8Buffer out, TokenType type) {
    Log log = chat.log();
    long tail = log.tail();
    Segment[] segments = log.segments();
    if (segments.length > 0 && position + 1 < segments[0].base) {
      return Status.LAPPED;
    }
    while (position < tail) {
      int s = Log.find(segments, position + 1);
      Segment segment = segments[s];
      int index = (int) (position + 1 - segment.base);
      int pieceEnd = segment.pieceEnd(index, Log.limit(segments, s, tail));
      Stretch stretch = segment.stretch(index);
      position += pieceEnd - index;
      if (!reads(stretch)) {
        continue;
      }
      if (stretch.type() == type) {
        segment.put(out, index, pieceEnd);
      } else if (stretch.endsReading(run)) {
        return Status.AT_END;
      }
    }
    return Status.AT_TAIL;
  }

  /**
   * True if another cursor of this loop has just made the very read that this one is about to make.
   *
   * @param dialect what else the bytes depend on, in the caller's own numbers
   */
  public boolean canFollow(SharedRead shared, int dialect) {
    return shared.isNextOf(this, dialect);
  }

  /** Moves to where that read ended. */
  public Status follow(SharedRead shared) {
    position = shared.to;
    if (shared.heldThrough > position) {
      ahead().hold(shared.heldThrough, shared.heldLast, shared.heldBytes);
    }
    return shared.status;
  }

  /** Reads on, and keeps in {@code shared} what {@link #follow} needs. */
  public Status lead(SharedRead shared, int dialect, Utf8Buffer out, int maxBytes, boolean ids) {
    shared.begin(this, dialect);
    Status status = read(out, maxBytes, shared.maxFrameBytes, ids, 0);
    shared.end(this, status, audience.wakeups().tally());
    return status;
  }

  /** True if other cursors of this loop read the same chat. */
  public boolean hasCompany() {
    return !audience.isAlone();
  }

  /** Tells the reader; what it does wrong is its own affair and not that of the next one. */
  void readable() {
    try {
      reader.readable();
    } catch (RuntimeException e) {
      reader.failed(e);
    }
  }

  /** True if publishers wait for this reader: it is they who keep it behind. */
  public boolean holdsPublishers() {
    return reader.isWaitedFor() && chat.log().isProtected(position + 1);
  }

  /** Where it is, if publishers wait for it just now; -1 if they do not. */
  public long holdsAt() {
    return reader.isWaitedFor() && position < chat.log().heldThrough() ? position : -1;
  }

  long position() {
    return position;
  }

  StartAt.@Nullable Gap gap() {
    Ahead seen = ahead;
    return seen == null ? null : seen.gap;
  }

  @Nullable Ahead seenAhead() {
    return ahead;
  }

  private Ahead ahead() {
    Ahead made = ahead;
    if (made == null) {
      made = new Ahead();
      ahead = made;
    }
    return made;
  }

  boolean reads(Stretch stretch) {
    return run == null || run.equals(stretch.run().runId());
  }

  /**
   * The last offset that belongs into one frame with the token at the position, or 0 if all there
   * is is white space that has to wait for what follows it.
   */
  private long lastOfStretch(
      Segment[] segments, int s, Stretch stretch, long tail, int maxFrameBytes) {
    long last = 0;
    long offset = position + 1;
    int bytes = 0;
    boolean blank = true;
    Ahead seen = ahead;
    if (seen != null && seen.heldThrough > position) {
      last = seen.heldLast;
      offset = seen.heldThrough + 1;
      bytes = seen.heldBytes;
      s = Log.find(segments, seen.heldThrough);
    }
    while (offset <= tail && bytes < maxFrameBytes) {
      if (s + 1 < segments.length && offset >= segments[s + 1].base) {
        s++;
      }
      Segment segment = segments[s];
      int index = (int) (offset - segment.base);
      int pieceEnd = segment.pieceEnd(index, Log.limit(segments, s, tail));
      Stretch other = segment.stretch(index);
      offset += pieceEnd - index;
      if (other == stretch) {
        bytes += segment.end(pieceEnd - 1) - segment.start(index);
        blank = blank && segment.isBlank(index, pieceEnd);
        last = offset - 1;
      } else if (reads(other)) {
        return last;
      }
    }
    if (blank && bytes < maxFrameBytes && !chat.log().isHeld()) {
      ahead().hold(tail, last, bytes);
      return 0;
    }
    return last;
  }

  /**
   * Appends the texts of that stretch up to {@code last}; returns the index of the last segment.
   */
  private int putTexts(Utf8Buffer out, Segment[] segments, int s, Stretch stretch, long last) {
    FrameTally tally = audience.wakeups().tally();
    long offset = position + 1;
    while (true) {
      Segment segment = segments[s];
      int limit = Log.limit(segments, s, last);
      for (int from = (int) (offset - segment.base); from < limit; ) {
        int to = segment.pieceEnd(from, limit);
        if (segment.stretch(from) == stretch) {
          segment.put(out, from, to);
          tally.addTokens(to - from);
        }
        from = to;
      }
      offset = segment.base + limit;
      if (offset > last) {
        return s;
      }
      s++;
    }
  }

  private void putGap(Utf8Buffer out, Segment[] segments, boolean ids, long retryMs) {
    StartAt.Gap told = gap();
    if (segments.length > 0 && position + 1 < segments[0].base) {
      if (told == null) {
        told = new StartAt.Gap(chat.epoch() + "-" + position, "lapped");
      }
      position = segments[0].base - 1;
    }
    if (told == null) {
      return;
    }
    if (ahead != null) {
      ahead.gap = null;
    }
    putHead(out, position, ids, retryMs);
    FrameFormat.putGap(out, told.from(), chat.epoch() + "-" + position, told.reason());
  }

  private void putHead(Utf8Buffer out, long offset, boolean ids, long retryMs) {
    if (ids) {
      FrameFormat.putId(out, chat.idPrefix(), offset);
    }
    if (retryMs > 0) {
      FrameFormat.putRetry(out, retryMs);
    }
  }
}
