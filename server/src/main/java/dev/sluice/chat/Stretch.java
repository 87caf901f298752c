package dev.sluice.chat;

import dev.sluice.frame.TokenType;
import dev.sluice.metrics.FrameType;
import org.jspecify.annotations.Nullable;

/**
 * What an entry of the log is, shared by all entries that are alike: neighbours with the very same
 * stretch are tokens that may leave as one frame. Immutable, compared by identity.
 */
final class Stretch {
  enum Kind {
    TOKEN,
    EVENT,
    /** The end of a run while another one is open. */
    END,
    /** The end of a run after which no run of the chat is open. */
    LAST_END
  }

  private final Run run;
  private final Kind kind;
  private final @Nullable TokenType type;
  private final byte[] suffix;
  private final FrameType frameType;

  /**
   * @param type for a token, its type
   * @param suffix for a token, the bytes after its text; empty otherwise
   * @param frameType what its frames are counted as
   */
  Stretch(Run run, Kind kind, @Nullable TokenType type, byte[] suffix, FrameType frameType) {
    this.run = run;
    this.kind = kind;
    this.type = type;
    this.suffix = suffix;
    this.frameType = frameType;
  }

  Run run() {
    return run;
  }

  Kind kind() {
    return kind;
  }

  @Nullable TokenType type() {
    return type;
  }

  FrameType frameType() {
    return frameType;
  }

  byte[] suffix() {
    return suffix;
  }

  /** True for the last entry of a run. */
  boolean endsRun() {
    return kind == Kind.END || kind == Kind.LAST_END;
  }

  /** True for the last entry that a reader of that run gets; of all runs, if that is null. */
  boolean endsReading(@Nullable String run) {
    return kind == Kind.LAST_END || (run != null && kind == Kind.END);
  }

  boolean isToken() {
    return kind == Kind.TOKEN;
  }
}
