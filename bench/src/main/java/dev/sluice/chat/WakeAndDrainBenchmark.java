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

/**
 * One token to all subscribers of a chat on one event loop: one wake, one of them reads and makes
 * the frame, the others follow. Without channels; see {@code StreamWriteBenchmark} for those.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@NullMarked
public class WakeAndDrainBenchmark {
  private static final String CHAT = "chat";
  private static final int MAX_READ_BYTES = 64 * 1024;

  @Param({"1", "100", "10000"})
  public int subscribers;

  private final Chats chats = BenchChats.create(new Metrics());
  private final SharedRead shared = new SharedRead();
  private final Wakeups wakeups = new Wakeups(Runnable::run, shared::forget);
  private final Utf8Buffer frames = new Utf8Buffer(MAX_READ_BYTES);
  private final EventDraft draft = new EventDraft();
  private final char[] text = " answer".toCharArray();
  private long delivered;

  private final class Subscriber implements Cursor.Reader {
    private @Nullable Cursor cursor;

    void join() {
      cursor =
          Objects.requireNonNull(
              chats.subscribe(CHAT, new StartAt.CurrentRun(), null, wakeups, this));
    }

    @Override
    public void readable() {
      Cursor reading = Objects.requireNonNull(cursor);
      if (reading.canFollow(shared, 0)) {
        reading.follow(shared);
      } else {
        frames.truncate(0);
        reading.lead(shared, 0, frames, MAX_READ_BYTES, true);
      }
      delivered += frames.length();
    }
  }

  /** Has everybody join, and opens the run. */
  @Setup
  public void setUp() {
    for (int i = 0; i < subscribers; i++) {
      new Subscriber().join();
    }
    chats.publish(CHAT, draft.token(TokenType.FINAL_RESPONSE, "first"));
  }

  /** Publishes one token; all have it when this returns. */
  @Benchmark
  public long publish() {
    draft.clear();
    draft.name(EventNames.TOKEN).type(TokenType.FINAL_RESPONSE).string(text, 0, text.length);
    chats.publish(CHAT, draft);
    return delivered;
  }
}
