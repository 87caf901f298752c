package dev.sluice.chat;

import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.ConcurrentMap;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import org.jctools.maps.NonBlockingHashMap;
import org.jspecify.annotations.NullMarked;
import org.jspecify.annotations.Nullable;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Threads;
import org.openjdk.jmh.annotations.Warmup;

/**
 * The map of chats under churn, from two threads: a chat comes, is looked up for each of its
 * tokens, and the oldest one goes. No chat id is ever used again.
 */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Threads(2)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@NullMarked
public class ChatMapBenchmark {
  static final int LIVE_CHATS = 4096;
  private static final int TOKENS_PER_CHAT = 32;

  final ConcurrentMap<String, Object> nonBlocking = new NonBlockingHashMap<>();
  final ConcurrentMap<String, Object> concurrent = new ConcurrentHashMap<>();
  private final AtomicInteger threads = new AtomicInteger();

  /** The chats of one thread, in the order of their age. */
  @State(Scope.Thread)
  public static class Churn {
    private final @Nullable String[] live = new String[LIVE_CHATS];
    private String prefix = "";
    private int next;
    private long made;

    /** Gives each thread ids of its own. */
    @Setup
    public void setUp(ChatMapBenchmark all) {
      prefix = "chat-" + all.threads.incrementAndGet() + "-";
    }

    @Nullable Object turn(Map<String, Object> map) {
      String created = prefix + Long.toHexString(made++ * 0x9E3779B97F4A7C15L);
      map.putIfAbsent(created, this);
      Object found = null;
      for (int i = 0; i < TOKENS_PER_CHAT; i++) {
        String looked = live[(next + i * 127) & (LIVE_CHATS - 1)];
        found = map.get(looked == null ? created : looked);
      }
      String oldest = live[next];
      live[next] = created;
      next = (next + 1) & (LIVE_CHATS - 1);
      if (oldest != null) {
        map.remove(oldest, this);
      }
      return found;
    }
  }

  /** The map that {@link Chats} uses: the JDK's. */
  @Benchmark
  public @Nullable Object sluice(Churn churn) {
    return churn.turn(concurrent);
  }

  /** JCTools' map, which has no locks and keeps the keys of what was removed until it grows. */
  @Benchmark
  public @Nullable Object nonBlockingHashMap(Churn churn) {
    return churn.turn(nonBlocking);
  }
}
