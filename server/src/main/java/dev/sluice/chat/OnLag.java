package dev.sluice.chat;

import org.jspecify.annotations.Nullable;

/**
 * What becomes of a run whose log is full while a connected reader still needs the oldest of it.
 */
public enum OnLag {
  /** The oldest events are shed, and the reader is told by a {@code gap}. */
  SHED("shed"),
  /**
   * Publishers wait for the reader: it misses nothing as long as it is within its stall deadline.
   */
  PUSH_BACK("push-back");

  private final String wireName;

  OnLag(String wireName) {
    this.wireName = wireName;
  }

  /** What configurations call it. */
  public String wireName() {
    return wireName;
  }

  /** The one of that name, or null. */
  public static @Nullable OnLag of(String wireName) {
    for (OnLag each : values()) {
      if (each.wireName.equals(wireName)) {
        return each;
      }
    }
    return null;
  }
}
