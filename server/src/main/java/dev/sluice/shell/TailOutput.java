package dev.sluice.shell;

import java.io.IOException;

/** Where a tail puts what it reads. One thread. */
interface TailOutput {
  /**
   * Takes one event, and has written it when it returns.
   *
   * @throws IOException if standard output takes no more
   */
  void event(ChatEvent event) throws IOException;

  /** Says something about the tail itself, on standard error. */
  void note(String line) throws IOException;

  /** Nothing more will come. */
  void end() throws IOException;
}
