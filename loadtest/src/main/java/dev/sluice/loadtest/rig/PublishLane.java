package dev.sluice.loadtest.rig;

import io.netty.channel.Channel;
import io.netty.channel.ChannelHandler;

/**
 * One connection that events are published on, in their order. Belongs to the publishing loop;
 * {@link #answered} and {@link #failed} may be read by any thread.
 */
interface PublishLane extends ChannelHandler {

  /** Takes over a connection that has just been opened. */
  void begin(Channel opened);

  /** The connection could not be opened. */
  void onConnectFailed(Throwable cause);

  /**
   * Whether the target keeps up: less than the limit waits in this process. If not, publishing has
   * to pause.
   */
  boolean isWritable();

  /** Takes the next event, known by its chat and its index. */
  void add(int chat, int index);

  /** Sends what was added, as far as the form of publishing lets it leave now. */
  void flush();

  /** No event follows. */
  void finish();

  /** Whether all has been answered, after {@link #finish}. */
  boolean answered();

  /** Whether nothing more can be published here. */
  boolean failed();

  /** Closes the connection without judging it, and drops what still waits. */
  void abandon();
}
