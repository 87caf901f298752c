package dev.sluice.http;

import io.netty.channel.ChannelInboundHandlerAdapter;
import org.jspecify.annotations.Nullable;

/**
 * A handler with deadlines. The loop's one timer looks at all of them now and then, so that a
 * connection needs no timer of its own. The links make it a member of the loop's list.
 */
abstract class TimedHandler extends ChannelInboundHandlerAdapter {
  @Nullable TimedHandler previous;
  @Nullable TimedHandler next;

  /** Does what is due. On the event loop. */
  abstract void tick(long nowNanos);
}
