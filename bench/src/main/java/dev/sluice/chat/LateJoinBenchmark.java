package dev.sluice.chat;

import dev.sluice.frame.TokenType;
import dev.sluice.frame.Utf8Buffer;
import dev.sluice.metrics.Metrics;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.NullMarked;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Param;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * A reader that joins, gets the answer as merged frames, and leaves: a reloaded page. While the run
 * is open that is the answer so far; once it has ended the log is folded.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@NullMarked
public class LateJoinBenchmark {
  private static final String CHAT = "chat";
  private static final int MAX_READ_BYTES = 1 << 20;
  private static final StartAt START = new StartAt.CurrentRun();

  @Param({"1", "100", "10000"})
  public int tokens;

  @Param({"false", "true"})
  public boolean ended;

  private final Chats chats = BenchChats.create(new Metrics(), MAX_READ_BYTES);
  private final Wakeups wakeups = new Wakeups(Runnable::run, () -> {});
  private final Utf8Buffer frames = new Utf8Buffer(MAX_READ_BYTES);

  /** Publishes the answer, so far or to its end. */
  @Setup
  public void setUp() {
    EventDraft draft = new EventDraft();
    for (int i = 0; i < tokens; i++) {
      chats.publish(CHAT, draft.token(TokenType.FINAL_RESPONSE, " answer"));
    }
    if (ended) {
      draft.event(EventNames.END).string("[DONE]");
      chats.publish(CHAT, draft);
    }
  }

  /** Joins, reads, leaves. */
  @Benchmark
  public Utf8Buffer joinAndRead() {
    Cursor cursor = Objects.requireNonNull(chats.subscribe(CHAT, START, null, wakeups, () -> {}));
    frames.truncate(0);
    cursor.read(frames, MAX_READ_BYTES, true, 0);
    cursor.close();
    return frames;
  }
}
