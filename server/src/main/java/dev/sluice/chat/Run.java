package dev.sluice.chat;

import dev.sluice.frame.FrameFormat;
import dev.sluice.frame.TokenType;
import dev.sluice.frame.Utf8Buffer;
import java.util.Arrays;
import java.util.EnumMap;
import org.jspecify.annotations.Nullable;

/**
 * One generation inside a chat, from its {@code start} to its {@code end}. Written inside the
 * chat's {@link Combiner}; what others may read is volatile or final.
 */
final class Run {
  private static final byte[] NO_EXTRA = {};
  private static final Utf8Buffer NO_EXTRAS = new Utf8Buffer(0);

  private final String runId;
  private final byte[] runExtra;
  private final EnumMap<TokenType, Stretch> tokenStretches = new EnumMap<>(TokenType.class);
  private final Stretch eventStretch = new Stretch(this, Stretch.Kind.EVENT, null, NO_EXTRA);
  private final IdleWatch idleWatch = new IdleWatch();
  private @Nullable Stretch lastExtraStretch;

  private volatile long startOffset;
  private volatile long endOffset;
  private volatile @Nullable RunEnding ending;
  private volatile long eventCount;
  private boolean started;
  private boolean hasMetadata;
  private @Nullable Runnable onStop;

  /**
   * @param named true if a publisher gave the id: its frames then carry it, which tells apart runs
   *     that are open at once
   */
  Run(String runId, boolean named) {
    this.runId = runId;
    this.runExtra =
        named ? new Utf8Buffer(32).putAscii(",\"run\":").putQuoted(runId).toByteArray() : NO_EXTRA;
  }

  String runId() {
    return runId;
  }

  /** The finished JSON key of a named run, with its comma; empty for others. */
  byte[] runExtra() {
    return runExtra;
  }

  boolean isOpen() {
    return ending == null;
  }

  /** Why the run is over, or null while it is open. */
  @Nullable RunEnding ending() {
    return ending;
  }

  /** The offset of the run's first event, 0 while there is none. */
  long startOffset() {
    return startOffset;
  }

  /** The offset of the run's {@code end}, 0 while it is open. */
  long endOffset() {
    return endOffset;
  }

  /** Events so far; whoever looks twice can tell whether the producer lives. */
  long eventCount() {
    return eventCount;
  }

  IdleWatch idleWatch() {
    return idleWatch;
  }

  /** True the first time. */
  boolean markStarted() {
    boolean first = !started;
    started = true;
    return first;
  }

  /** True the first time. */
  boolean markMetadata() {
    boolean first = !hasMetadata;
    hasMetadata = true;
    return first;
  }

  // One thread at a time writes, so the increment of a volatile is safe.
  @SuppressWarnings("NonAtomicVolatileUpdate")
  void appended(long offset) {
    if (startOffset == 0) {
      startOffset = offset;
    }
    eventCount = eventCount + 1;
  }

  void ended(RunEnding how, long offset) {
    endOffset = offset;
    ending = how;
    onStop = null;
  }

  /** Who wants to know that the run was stopped; null when nobody does any more. */
  void onStop(@Nullable Runnable listener) {
    onStop = listener;
  }

  @Nullable Runnable onStop() {
    return onStop;
  }

  Stretch eventStretch() {
    return eventStretch;
  }

  Stretch endStretch(boolean last) {
    return new Stretch(this, last ? Stretch.Kind.LAST_END : Stretch.Kind.END, null, NO_EXTRA);
  }

  /** The stretch of a token; tokens with the same type and the same further keys share theirs. */
  Stretch tokenStretch(TokenType type, Utf8Buffer extras) {
    if (!extras.isEmpty()) {
      byte[] suffix = FrameFormat.tokenSuffix(type, runExtra, extras);
      Stretch last = lastExtraStretch;
      if (last == null || !Arrays.equals(last.suffix(), suffix)) {
        last = new Stretch(this, Stretch.Kind.TOKEN, type, suffix);
        lastExtraStretch = last;
      }
      return last;
    }
    Stretch known = tokenStretches.get(type);
    if (known == null) {
      byte[] suffix = FrameFormat.tokenSuffix(type, runExtra, NO_EXTRAS);
      known = new Stretch(this, Stretch.Kind.TOKEN, type, suffix);
      tokenStretches.put(type, known);
    }
    return known;
  }
}
