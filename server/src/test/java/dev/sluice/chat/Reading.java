package dev.sluice.chat;

import static org.junit.jupiter.api.Assertions.assertNotNull;

import dev.sluice.chat.Cursor.Status;
import dev.sluice.frame.Utf8Buffer;
import java.util.ArrayList;
import java.util.List;
import org.jspecify.annotations.Nullable;

/** A reader of a chat: a cursor, how often it was called, and what it has read. */
final class Reading implements Cursor.Reader {
  private static final int NO_BOUND = Integer.MAX_VALUE;

  /** How often the loop has called this. */
  int calls;

  /** All frames so far. */
  final List<Frame> frames = new ArrayList<>();

  Status status = Status.AT_TAIL;
  private @Nullable Cursor cursor;
  private boolean closed;

  void begin(Cursor newCursor) {
    cursor = newCursor;
  }

  Cursor cursor() {
    Cursor now = cursor;
    assertNotNull(now);
    return now;
  }

  @Override
  public void readable() {
    calls++;
  }

  /** The test says when it is closed. */
  @Override
  public boolean isWaitedFor() {
    return true;
  }

  /** Reads what there is, on past ends; the new frames. */
  List<Frame> read() {
    List<Frame> fresh = new ArrayList<>();
    do {
      fresh.addAll(readOnce(NO_BOUND));
    } while (status != Status.AT_TAIL);
    return fresh;
  }

  /** One read of at least that many bytes, if there are so many; the new frames. */
  List<Frame> readOnce(int maxBytes) {
    Utf8Buffer out = new Utf8Buffer(64);
    status = cursor().read(out, maxBytes, true, 0);
    List<Frame> fresh = Frame.parse(out);
    frames.addAll(fresh);
    return fresh;
  }

  /** What the next reads give, in short. */
  List<String> briefs() {
    return Frame.briefs(read());
  }

  /** The bytes of one read, ids left out. */
  String bytes() {
    Utf8Buffer out = new Utf8Buffer(64);
    status = cursor().read(out, NO_BOUND, false, 0);
    return out.toString();
  }

  /** The newest id that a client would send as Last-Event-ID; null if it has seen none. */
  @Nullable EventId lastId() {
    return frames.isEmpty() ? null : frames.get(frames.size() - 1).id();
  }

  void close() {
    if (!closed) {
      closed = true;
      cursor().close();
    }
  }
}
