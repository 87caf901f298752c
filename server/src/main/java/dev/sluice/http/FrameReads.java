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
 * Reads frames for the streams of one event loop. Streams that are told to read one after the other
 * and are at the same place of the same chat get the same bytes. Only the loop may call it.
 */
final class FrameReads {
  // More would only wait outside of the log: the channel is not writable with that much in it.
  private static final int MAX_WRITE_BYTES = 32 * 1024;

  private final StreamLoop loop;
  private final JoinReads joins;
  private final SharedRead shared = new SharedRead();
  private @Nullable ByteBuf sharedFrames;
  private Status status = Status.AT_TAIL;
  private FrameTally tally;

  FrameReads(StreamLoop loop, FrameTally tally) {
    this.loop = loop;
    this.tally = tally;
    joins = new JoinReads(loop);
  }

  /**
   * Reads on.
   *
   * @param first whether the stream has had no frame yet
   * @return what to write, owned by the caller; null if there is nothing
   */
  @Nullable ByteBuf read(
      Cursor cursor, StreamOptions options, boolean first, ByteBufAllocator allocator) {
    if (first && joins.suits(cursor)) {
      ByteBuf frames = joins.read(cursor, options, MAX_WRITE_BYTES, allocator);
      status = joins.status();
      tally = joins.tally();
      return frames;
    }
    // Only within a burst: a read that was kept from before it would end at an older tail.
    boolean shareable = !first && loop.isBurst() && cursor.hasCompany();
    if (shareable && cursor.canFollow(shared, options.dialect())) {
      status = cursor.follow(shared);
      tally = shared.tally();
      return sharedFrames == null ? null : sharedFrames.retainedDuplicate();
    }
    Utf8Buffer scratch = loop.scratch();
    if (shareable) {
      status = cursor.lead(shared, options.dialect(), scratch, MAX_WRITE_BYTES, options.ids());
    } else if (first) {
      status = cursor.read(scratch, MAX_WRITE_BYTES, options.ids(), loop.edge().retryMs());
    } else {
      status = cursor.readOn(scratch, MAX_WRITE_BYTES, options.ids());
    }
    tally = loop.wakeups().tally();
    ByteBuf frames = loop.encodeRead(allocator, scratch, options, status);
    if (shareable) {
      share(frames == null ? null : frames.retainedDuplicate());
    }
    return frames;
  }

  /** Where the newest read has stopped. */
  Status status() {
    return status;
  }

  /** The frames of the newest read. */
  FrameTally tally() {
    return tally;
  }

  /** The next read is nobody's whom others may follow. */
  void forget() {
    shared.forget();
    share(null);
  }

  /** Nobody reads any more for now. */
  void forgetJoins() {
    joins.forget();
  }

  private void share(@Nullable ByteBuf frames) {
    if (sharedFrames != null) {
      sharedFrames.release();
    }
    sharedFrames = frames;
  }
}
