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
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/** A token into a chat's log, and out of it as a frame by a cursor that keeps up. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@NullMarked
public class PublishAndReadBenchmark {
  private static final String CHAT = "chat";
  private static final int MAX_READ_BYTES = 64 * 1024;

  private final Chats chats = BenchChats.create(new Metrics());
  private final Utf8Buffer frames = new Utf8Buffer(MAX_READ_BYTES);
  private final EventDraft draft = new EventDraft();
  private final char[] text = " answer".toCharArray();
  private final Cursor cursor =
      Objects.requireNonNull(
          chats.subscribe(
              CHAT,
              new StartAt.CurrentRun(),
              null,
              new Wakeups(Runnable::run, () -> {}),
              () -> {}));

  /** Opens the run. */
  @Setup
  public void setUp() {
    chats.publish(CHAT, draft.token(TokenType.FINAL_RESPONSE, "first"));
  }

  /** Publishes one token and reads its frame. */
  @Benchmark
  public Utf8Buffer publishAndRead() {
    draft.clear();
    draft.name(EventNames.TOKEN).type(TokenType.FINAL_RESPONSE).string(text, 0, text.length);
    chats.publish(CHAT, draft);
    frames.truncate(0);
    cursor.read(frames, MAX_READ_BYTES, true, 0);
    return frames;
  }
}
