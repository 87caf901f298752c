package dev.sluice.chat;

import org.jspecify.annotations.Nullable;

/**
 * A run as others may see it.
 *
 * @param runId its id
 * @param ending how it ended, or null while it is open
 * @param startOffset the offset of its first event
 * @param endOffset the offset of its {@code end}, 0 while it is open
 */
public record RunState(String runId, @Nullable RunEnding ending, long startOffset, long endOffset) {
  public boolean isOpen() {
    return ending == null;
  }
}
