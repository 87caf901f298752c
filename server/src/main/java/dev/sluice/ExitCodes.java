package dev.sluice;

/** What the commands that are clients exit with, so that a script can tell. */
final class ExitCodes {
  /** All there was to do was done. */
  static final int DONE = 0;

  /** It could not be done: no connection, or the server refused. */
  static final int FAILED = 1;

  /** The command line was wrong. */
  static final int USAGE = 2;

  /** The run ended with an {@code error}. */
  static final int RUN_FAILED = 3;

  /** The run was stopped. */
  static final int RUN_STOPPED = 4;

  /** There was a {@code gap}: what was printed is not everything. */
  static final int GAP = 5;

  /** Whoever reads standard output has gone: 128 and the number of SIGPIPE, as shells have it. */
  static final int OUTPUT_GONE = 141;

  private ExitCodes() {}
}
