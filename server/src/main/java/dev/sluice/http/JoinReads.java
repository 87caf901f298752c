package dev.sluice.http;

import dev.sluice.chat.Cursor;
import dev.sluice.chat.Cursor.Status;
import dev.sluice.chat.SharedRead;
import dev.sluice.frame.Utf8Buffer;
import dev.sluice.metrics.FrameTally;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import org.jspecify.annotations.Nullable;

/**
 * First reads of streams that have much to catch up on, as when everybody comes back at once. The
 * first frame is each one's own, since it says when this client is to come again; what follows is
 * encoded for the first of them and given to those that come soon after it. Only the loop may call
 * it.
 */
final class JoinReads {
  /** With fewer events than this, to make the frames costs no more than to share them. */
  private static final int MIN_EVENTS = 500;

  private final StreamLoop loop;
  private final SharedRead shared = SharedRead.ofJoins();
  private final FrameTally tally = new FrameTally();
  private @Nullable ByteBuf sharedFrames;
  private Status status = Status.AT_TAIL;

  JoinReads(StreamLoop loop) {
    this.loop = loop;
  }

  /** True if it is worth it. */
  boolean suits(Cursor cursor) {
    return cursor.lag() >= MIN_EVENTS;
  }

  /**
   * Reads for a stream that has had no frame yet.
   *
   * @param maxBytes after which no frame is begun
   * @return what to write, owned by the caller; null if there is nothing
   */
  @Nullable ByteBuf read(
      Cursor cursor, StreamOptions options, int maxBytes, ByteBufAllocator allocator) {
    Utf8Buffer scratch = loop.scratch();
    status = cursor.read(scratch, 1, options.ids(), loop.edge().retryMs());
    tally.copy(loop.wakeups().tally());
    ByteBuf own = loop.encodeRead(allocator, scratch, options, status);
    if (own == null || status != Status.MORE) {
      return own;
    }
    ByteBuf rest = readRest(cursor, options, maxBytes, allocator);
    tally.add(shared.tally());
    return rest == null ? own : allocator.compositeDirectBuffer(2).addComponents(true, own, rest);
  }

  /** Where the newest read has stopped. */
  Status status() {
    return status;
  }

  /** The frames of the newest read. */
  FrameTally tally() {
    return tally;
  }

  /** Lets go of what was kept for the next one. */
  void forget() {
    shared.forget();
    if (sharedFrames != null) {
      sharedFrames.release();
      sharedFrames = null;
    }
  }

  private @Nullable ByteBuf readRest(
      Cursor cursor, StreamOptions options, int maxBytes, ByteBufAllocator allocator) {
    if (cursor.canFollow(shared, options.dialect())) {
      status = cursor.follow(shared);
      if (status == Status.AT_TAIL && cursor.lag() > 0) {
        // The log has grown since; whoever published that did not know of this reader yet.
        status = Status.MORE;
      }
    } else {
      forget();
      Utf8Buffer scratch = loop.scratch();
      status = cursor.lead(shared, options.dialect(), scratch, maxBytes, options.ids());
      sharedFrames = loop.encodeRead(allocator, scratch, options, status);
    }
    return sharedFrames == null ? null : sharedFrames.retainedDuplicate();
  }
}
