package dev.sluice.http;

import dev.sluice.chat.Chats;
import dev.sluice.chat.Flows;
import dev.sluice.chat.Upstream;
import dev.sluice.metrics.Metrics;
import java.util.concurrent.ThreadLocalRandom;
import java.util.concurrent.TimeUnit;

/**
 * What all calls work with. Immutable; any thread.
 *
 * @param demo true if nobody but the built-in demo answers
 * @param version of the server, for people
 */
record Edge(
    HttpSettings settings,
    Chats chats,
    Flows flows,
    Metrics metrics,
    Admission admission,
    boolean demo,
    String version) {

  long heartbeatNanos() {
    return TimeUnit.MILLISECONDS.toNanos(settings.heartbeatMs());
  }

  /**
   * The pacing window of a stream whose client asks for none: {@link Upstream#NO_BATCH_MS} if it
   * depends on which flow answers.
   */
  int batchMs() {
    return flows.haveBatchMs() ? Upstream.NO_BATCH_MS : settings.batchMs();
  }

  /** Told to each client a little differently, so that they do not all come back at once. */
  long retryMs() {
    long retryMs = settings.retryMs();
    return retryMs / 2 + ThreadLocalRandom.current().nextLong(retryMs + 1);
  }
}
