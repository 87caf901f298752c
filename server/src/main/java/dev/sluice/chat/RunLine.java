package dev.sluice.chat;

import dev.sluice.metrics.TokenFigures;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/** The line of the log that a run leaves behind. */
final class RunLine {
  private static final Logger LOG = LoggerFactory.getLogger(RunLine.class);
  private static final String LINE =
      "run: chat={} run={} ending={} tokens={} bytes={} firstTokenMs={} p99GapMs={}";

  private RunLine() {}

  static void log(String chatId, String runId, RunEnding ending, TokenFigures figures) {
    LOG.info(
        LINE,
        chatId,
        runId,
        ending.wireName(),
        figures.tokens(),
        figures.bytes(),
        figures.firstTokenMs(),
        figures.p99GapMs());
  }
}
