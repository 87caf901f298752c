package dev.sluice.http;

import dev.sluice.chat.Cursor;
import dev.sluice.metrics.TokenFigures;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * What is logged of a stream when it ends. At debug: when a server drains, thousands end at once.
 */
final class StreamLine {
  private static final Logger LOG = LoggerFactory.getLogger(StreamLine.class);
  private static final String LINE =
      "stream: chat={} run={} client={} reason={} tokens={} bytes={} firstTokenMs={} p99GapMs={}";

  private StreamLine() {}

  static void log(Cursor cursor, ClientType client, CloseReason reason, TokenFigures told) {
    if (LOG.isDebugEnabled()) {
      String run = cursor.run();
      LOG.debug(
          LINE,
          cursor.chat().chatId(),
          run == null ? "-" : run,
          client.label(),
          reason.label(),
          told.tokens(),
          told.bytes(),
          told.firstTokenMs(),
          told.p99GapMs());
    }
  }
}
