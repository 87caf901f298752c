package dev.sluice.chat;

import dev.sluice.frame.FrameFormat;
import dev.sluice.frame.TokenType;
import dev.sluice.frame.Utf8Buffer;
import dev.sluice.metrics.FrameType;
import dev.sluice.metrics.TokenFigures;
import java.util.ArrayList;
import java.util.EnumMap;
import java.util.List;
import java.util.UUID;
import org.jspecify.annotations.Nullable;

/**
 * One generation inside a chat, from its {@code start} to its {@code end}. Written inside the
 * chat's {@link Combiner}; what others may read is volatile or final.
 */
final class Run {
  /** What a run costs beside its events, about. It is kept as long as one of them is. */
  static final int HEAP_BYTES = 512;

  private static final byte[] NO_EXTRA = {};
  private static final long NEVER = Long.MIN_VALUE;
  private static final long NOT_ORPHANED = -1;

  private final String runId;
  private volatile boolean supervised;
  private byte[] runExtra;
  private final EnumMap<TokenType, Stretch> tokenStretches = new EnumMap<>(TokenType.class);
  private @Nullable EnumMap<TokenType, Stretch> wholeTokenStretches;
  private final Stretch eventStretch = eventStretch(FrameType.EVENT);
  private final IdleWatch idleWatch = new IdleWatch();

  private volatile long startOffset;
  private volatile long endOffset;
  private volatile @Nullable RunEnding ending;
  private volatile long eventCount;
  private volatile long touchCount;
  private volatile UnreadPolicy unreadPolicy = UnreadPolicy.CONTINUE;
  private volatile long forsakenAtMs = NEVER;
  private volatile int batchMs = Upstream.NO_BATCH_MS;
  private volatile OnLag onLag = OnLag.SHED;
  private volatile boolean patient;
  private @Nullable TokenFigures figures;
  private boolean started;
  private boolean hasMetadata;
  private List<RunListener> listeners = List.of();
  private int publishers;
  private volatile long orphanedAtMs = NOT_ORPHANED;
  private volatile long orphanedAtCount;

  private Run(String runId, boolean supervised) {
    this.runId = runId;
    this.supervised = supervised;
    runExtra = NO_EXTRA;
  }

  /** A run that the server has named. */
  static Run unnamed(String runId) {
    return new Run(runId, false);
  }

  /** A run that its publisher has named: its frames carry the name. */
  static Run named(String runId) {
    Run run = new Run(runId, false);
    run.showId();
    return run;
  }

  /** A run whose producer is inside this process and ends it in any case. */
  static Run supervised(String runId) {
    return new Run(runId, true);
  }

  /** From now on a long silence of the producer counts as its loss. */
  void watch() {
    supervised = false;
  }

  /** An id that no run has had before. */
  static String newId() {
    return UUID.randomUUID().toString();
  }

  String runId() {
    return runId;
  }

  /** The finished JSON key with the run's id and its comma, or nothing. */
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

  /** The offset of the run's {@code end}, 0 while that is not in the log. */
  long endOffset() {
    return endOffset;
  }

  /** For the sweeper alone: how long the producer gave no sign of life. */
  long idleMs(long nowMs) {
    return supervised ? 0 : idleWatch.idleMs(eventCount + touchCount, nowMs);
  }

  /** A sign of life from the producer. Any thread; of two at once one may not count. */
  @SuppressWarnings("NonAtomicVolatileUpdate")
  void touch() {
    touchCount = touchCount + 1;
  }

  void unreadPolicy(UnreadPolicy policy) {
    unreadPolicy = policy;
  }

  /** The last reader has gone; true if the run is to be stopped at once. */
  boolean forsaken(long nowMs) {
    forsakenAtMs = nowMs;
    return isForsaken(nowMs);
  }

  /** True if the run is to be stopped, unless a reader has come since the last one went. */
  boolean isForsaken(long nowMs) {
    UnreadPolicy policy = unreadPolicy;
    return policy.cancels() && forsakenAtMs != NEVER && nowMs - forsakenAtMs >= policy.graceMs();
  }

  /** A publisher outside of this process has begun to write to the open run. */
  void attached() {
    publishers++;
    orphanedAtMs = NOT_ORPHANED;
  }

  /** A publisher writes no more, or not over that connection; true if it was the only one. */
  boolean detached() {
    publishers--;
    return publishers == 0;
  }

  /** The connection of its only publisher broke: it waits for that one to come back. */
  void orphaned(long nowMs) {
    orphanedAtCount = eventCount + touchCount;
    orphanedAtMs = nowMs;
  }

  /**
   * How long it has been waiting for its publisher to come back; 0 if it has not to. Any thread.
   */
  long orphanedMs(long nowMs) {
    long sinceMs = orphanedAtMs;
    boolean waits = sinceMs != NOT_ORPHANED && orphanedAtCount == eventCount + touchCount;
    return waits ? nowMs - sinceMs : 0;
  }

  /** The pacing window that its flow asks for, in ms; negative if it says nothing. Any thread. */
  int batchMs() {
    return batchMs;
  }

  void batchMs(int newBatchMs) {
    batchMs = newBatchMs;
  }

  void onLag(OnLag what) {
    onLag = what;
  }

  /** True if publishers wait for those who read it. Any thread. */
  boolean pushesBack() {
    return onLag == OnLag.PUSH_BACK;
  }

  /** From now on its producer looks for room before it goes on: what it publishes is taken. */
  void patient() {
    patient = true;
  }

  boolean isPatient() {
    return patient;
  }

  /** From now on the frames of this run carry its id. */
  void showId() {
    runExtra = new Utf8Buffer(32).putAscii(",\"run\":").putQuoted(runId).toByteArray();
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

  /** The run counts among the open ones from that time on. */
  void opened(long nowNanos) {
    figures = new TokenFigures(nowNanos);
  }

  /** What is told of it at its end; null before it is opened and after that. */
  @Nullable TokenFigures figures() {
    return figures;
  }

  /** Gives up what has been told. */
  void told() {
    figures = null;
  }

  /** Says how the run ends; its last event follows. */
  void ending(RunEnding how) {
    ending = how;
    listeners = List.of();
  }

  void endedAt(long offset) {
    endOffset = offset;
  }

  /** Has one more listener told what happens to the open run. */
  void listen(RunListener listener) {
    List<RunListener> more = new ArrayList<>(listeners);
    more.add(listener);
    listeners = List.copyOf(more);
  }

  void unlisten(RunListener listener) {
    List<RunListener> rest = new ArrayList<>(listeners);
    rest.remove(listener);
    listeners = List.copyOf(rest);
  }

  /** Who is to be told; nobody once the run is over. */
  List<RunListener> listeners() {
    return listeners;
  }

  Stretch eventStretch() {
    return eventStretch;
  }

  Stretch endStretch(boolean last) {
    Stretch.Kind kind = last ? Stretch.Kind.LAST_END : Stretch.Kind.END;
    return new Stretch(this, kind, null, NO_EXTRA, FrameType.EVENT);
  }

  /** The stretch of a token that is stored like an event, with keys of its own. */
  Stretch wholeTokenStretch(TokenType type) {
    if (wholeTokenStretches == null) {
      wholeTokenStretches = new EnumMap<>(TokenType.class);
    }
    return wholeTokenStretches.computeIfAbsent(type, each -> eventStretch(frameType(each)));
  }

  private Stretch eventStretch(FrameType frameType) {
    return new Stretch(this, Stretch.Kind.EVENT, null, NO_EXTRA, frameType);
  }

  private static FrameType frameType(TokenType type) {
    return switch (type) {
      case AGENT_REASONING -> FrameType.AGENT_REASONING;
      case FINAL_RESPONSE -> FrameType.FINAL_RESPONSE;
      case TOOL_RESPONSE -> FrameType.TOOL_RESPONSE;
    };
  }

  /** The stretch of all tokens of that type. */
  Stretch tokenStretch(TokenType type) {
    Stretch known = tokenStretches.get(type);
    if (known == null) {
      byte[] suffix = FrameFormat.tokenSuffix(type, runExtra);
      known = new Stretch(this, Stretch.Kind.TOKEN, type, suffix, frameType(type));
      tokenStretches.put(type, known);
    }
    return known;
  }
}
