package dev.sluice.http;

import dev.sluice.chat.Upstream;
import java.util.concurrent.ConcurrentHashMap;

/**
 * How a client wants its stream.
 *
 * @param client on whose behalf it is read
 * @param follow stay after the end of the run
 * @param ids frames carry ids
 * @param chunked the body is chunked; otherwise it ends with the connection (HTTP/1.0)
 * @param batchMs shortest time between two writes of tokens; 0 for none, {@link
 *     Upstream#NO_BATCH_MS} for what the flow says
 */
record StreamOptions(ClientType client, boolean follow, boolean ids, boolean chunked, int batchMs) {
  private static final ConcurrentHashMap<StreamOptions, StreamOptions> SHARED =
      new ConcurrentHashMap<>();

  /** The one that all share who want the same, of which there are few unless a client says when. */
  StreamOptions shared() {
    if (batchMs > 0) {
      return this;
    }
    StreamOptions present = SHARED.putIfAbsent(this, this);
    return present == null ? this : present;
  }

  int dialect() {
    return (follow ? 1 : 0) | (ids ? 2 : 0) | (chunked ? 4 : 0);
  }
}
