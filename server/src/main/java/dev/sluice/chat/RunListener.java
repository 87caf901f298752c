package dev.sluice.chat;

/**
 * What a producer may want to know of its run. Called on any thread, by whoever caused it, so both
 * calls must be short and must not throw; they may publish.
 */
@FunctionalInterface
public interface RunListener {
  /**
   * The run was ended from outside: it was stopped, its chat was deleted, or its producer seemed
   * lost. Nothing more of it is taken. At most once.
   */
  void stopped();

  /**
   * The last reader of the run has left while it was open. Readers may come again, so this may be
   * called again. A run that nobody has read yet does not count. What the run's {@link
   * UnreadPolicy} says is done after this.
   */
  default void unread() {}
}
