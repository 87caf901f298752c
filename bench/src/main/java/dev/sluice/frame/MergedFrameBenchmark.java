package dev.sluice.frame;

import java.io.ByteArrayOutputStream;
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

/** One frame of tokens that lie in the log already: what every read costs. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@NullMarked
public class MergedFrameBenchmark {
  private static final byte[] NO_EXTRA = {};
  private static final int TOKEN_CHARS = 5;

  @Param({"1", "47", "1000"})
  public int tokens;

  private final JacksonFrames jackson = new JacksonFrames();
  private final Utf8Buffer stored = new Utf8Buffer(16 * 1024);
  private final Utf8Buffer frame = new Utf8Buffer(16 * 1024);
  private final byte[] idPrefix = FrameFormat.idPrefix(1_700_000_000_000L);
  private final byte[] suffix = FrameFormat.tokenSuffix(TokenType.FINAL_RESPONSE, NO_EXTRA);
  private String string = "";
  private byte[] finished = {};
  private long offset;

  /** Lays the tokens side by side, as a segment of the log does. */
  @Setup
  public void setUp() {
    string = TokenText.ASCII.of(tokens * TOKEN_CHARS);
    stored.putEscaped(string);
    finished = sluice().toByteArray();
  }

  /** Envelope, the stored bytes, envelope. */
  @Benchmark
  public Utf8Buffer sluice() {
    frame.truncate(0);
    FrameFormat.putId(frame, idPrefix, ++offset);
    FrameFormat.putTokenPrefix(frame);
    return frame.put(stored).put(suffix);
  }

  /** Copies the finished frame. */
  @Benchmark
  public Utf8Buffer memoryCopy() {
    frame.truncate(0);
    return frame.put(finished);
  }

  /** By the streaming generator, from the whole text. */
  @Benchmark
  public ByteArrayOutputStream jacksonGenerator() {
    return jackson.generated(++offset, "token", string, true, "finalResponse");
  }
}
