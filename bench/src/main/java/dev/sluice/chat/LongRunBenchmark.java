package dev.sluice.chat;

import dev.sluice.frame.TokenType;
import dev.sluice.frame.Utf8Buffer;
import dev.sluice.metrics.Metrics;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
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

/** What is done in a run that has so many tokens already: it is to cost the same in all of them. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@NullMarked
public class LongRunBenchmark {
  private static final String CHAT = "chat";
  private static final int MAX_LOG_BYTES = 16 << 20;
  private static final int MAX_READ_BYTES = 64 * 1024;
  private static final int TOKENS_BEHIND = 10;

  @Param({"1000", "1000000"})
  public int published;

  private final Chats chats = BenchChats.create(new Metrics(), MAX_LOG_BYTES);
  private final Wakeups wakeups = new Wakeups(Runnable::run, () -> {});
  private final Utf8Buffer frames = new Utf8Buffer(MAX_READ_BYTES);
  private final EventDraft draft = new EventDraft();
  private @Nullable Cursor live;

  /** Publishes the run so far. */
  @Setup
  public void setUp() {
    live = subscribe(new StartAt.CurrentRun());
    for (int i = 0; i < published; i++) {
      publishAndRead();
    }
  }

  /** Publishes one more token, which a live reader gets. */
  @Benchmark
  public Utf8Buffer publishAndRead() {
    chats.publish(CHAT, draft.token(TokenType.FINAL_RESPONSE, " answer"));
    return read(Objects.requireNonNull(live));
  }

  /** A reader comes back that has missed the last ten tokens. */
  @Benchmark
  public Utf8Buffer resume() {
    EventId last = Objects.requireNonNull(chats.find(CHAT)).lastId();
    EventId id = new EventId(last.epoch(), last.offset() - TOKENS_BEHIND);
    Cursor cursor = subscribe(new StartAt.After(id));
    read(cursor);
    cursor.close();
    return frames;
  }

  /** The run of an event in the middle. */
  @Benchmark
  public @Nullable String lookUp() {
    Chat chat = Objects.requireNonNull(chats.find(CHAT));
    return chat.runAt(new EventId(chat.lastId().epoch(), published / 2 + 1L));
  }

  private Cursor subscribe(StartAt startAt) {
    return Objects.requireNonNull(chats.subscribe(CHAT, startAt, null, wakeups, () -> {}));
  }

  private Utf8Buffer read(Cursor cursor) {
    frames.truncate(0);
    cursor.read(frames, MAX_READ_BYTES, true, 0);
    return frames;
  }
}
