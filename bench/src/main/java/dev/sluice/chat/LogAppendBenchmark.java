package dev.sluice.chat;

import dev.sluice.frame.TokenType;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.NullMarked;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.Warmup;

/**
 * One token into a log that is full, so that segments are made and shed. What it allocates is what
 * it stores: the token's bytes and {@link OpenSegment#ENTRY_BYTES} more, and once more its bytes
 * when a segment is folded.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@NullMarked
public class LogAppendBenchmark {
  private static final long MAX_LOG_BYTES = 1 << 20;

  private final Log log = new Log(1, MAX_LOG_BYTES, new Budget(Long.MAX_VALUE, () -> {}));
  private final Stretch stretch = Run.unnamed("run").tokenStretch(TokenType.FINAL_RESPONSE);
  private final byte[] text = " answer".getBytes(StandardCharsets.US_ASCII);

  /** Appends one token. */
  @Benchmark
  public long append() {
    return log.append(stretch, text, 0, text.length, false);
  }
}
