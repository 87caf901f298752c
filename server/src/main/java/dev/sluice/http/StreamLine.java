package dev.sluice.http;

import dev.sluice.chat.Cursor;
import dev.sluice.metrics.TokenFigures;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import org.slf4j.event.Level;

/**
 * What is logged of a stream when it ends. At debug, since thousands end at once when a server
 * drains; but at info if the server has closed it for being too slow.
 */
final class StreamLine {
  private static final Logger LOG = LoggerFactory.getLogger(StreamLine.class);
  private static final String LINE =
      "stream: chat={} run={} client={} reason={} tokens={} bytes={} firstTokenMs={} p99GapMs={}";

  private StreamLine() {}

  /**
   * @param figures null if nothing was sent
   * @param requestNanos when the stream was asked for
   */
  static void log(
      Cursor cursor,
      ClientType client,
      CloseReason reason,
      @Nullable TokenFigures figures,
      long requestNanos) {
    Level level = reason.isSlowness() ? Level.INFO : Level.DEBUG;
    if (LOG.isEnabledForLevel(level)) {
      String run = cursor.run();
      TokenFigures told = figures == null ? new TokenFigures(requestNanos) : figures;
      LOG.atLevel(level)
          .log(
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
