package dev.sluice.chat;

/** A producer that Sluice itself calls, a model server for instance. */
public interface Upstream {
  /**
   * Begins to answer and returns at once. Whatever happens, the upstream ends the run: by {@code
   * end}, or by {@code error}. It sets {@link RunPublisher#listen} to give up its work when the run
   * is stopped. Any thread.
   */
  void answer(Prompt prompt, RunPublisher run);
}
