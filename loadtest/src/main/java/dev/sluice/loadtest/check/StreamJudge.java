package dev.sluice.loadtest.check;

import dev.sluice.loadtest.wire.BodyReader;
import dev.sluice.loadtest.wire.ResponseHead;
import org.jspecify.annotations.Nullable;

/**
 * Judges what comes on one stream, over one response or several that resume each other. Belongs to
 * one thread at a time.
 */
public interface StreamJudge {

  /** Is told what came, so that it can be measured. */
  interface Listener extends StreamCheck.Arrivals {
    /** A frame or event has been read; {@code tokens} came in it. */
    void onFrame(int tokens);

    /** A heartbeat or another comment came. */
    void onHeartbeat();
  }

  /**
   * Judges the head of a response.
   *
   * @return whether a body follows that is to be read; if not, and {@link #ended} is true, the
   *     stream is rightly over
   */
  boolean onHead(ResponseHead head);

  /** A reader for the body of the next response. */
  BodyReader newBody();

  /** What to resume after, or null if nothing has come yet. */
  @Nullable String lastEventId();

  /** Whether all has come that was to come, so that the stream need not be resumed. */
  boolean ended();

  /** Whether the rig has to close the stream now, because the target will not. */
  boolean toBeClosed();

  /** The body was completed. */
  void onCompleted();

  /** The connection was closed before the body was completed, and not by the rig. */
  void onTruncated();

  /** The run stopped waiting; what has not come may still have been on its way. */
  void onNotCompleted();
}
