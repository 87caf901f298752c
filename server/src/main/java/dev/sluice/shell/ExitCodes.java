package dev.sluice.shell;

/** What the commands that are clients exit with, so that a script can tell. */
public final class ExitCodes {
  /** All there was to do was done. */
  public static final int DONE = 0;

  /** It could not be done: no connection, or the server refused. */
  public static final int FAILED = 1;

  /** The command line was wrong. */
  public static final int USAGE = 2;

  /** The run ended with an {@code error}. */
  public static final int RUN_FAILED = 3;

  /** The run was stopped. */
  public static final int RUN_STOPPED = 4;

  /** There was a {@code gap}: what was printed is not everything. */
  public static final int GAP = 5;

  /** Whoever reads standard output has gone: 128 and the number of SIGPIPE, as shells have it. */
  public static final int OUTPUT_GONE = 141;

  private ExitCodes() {}
}
