package dev.sluice.frame;

import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
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

/** One token, from its characters to the bytes of its frame. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@NullMarked
public class TokenFrameBenchmark {
  private static final byte[] NO_EXTRA = {};
  private static final String TYPE = TokenType.FINAL_RESPONSE.wireName();

  @Param public TokenText text = TokenText.ASCII;

  @Param({"4", "20", "200"})
  public int chars;

  private final JacksonFrames jackson = new JacksonFrames();
  private final Utf8Buffer stored = new Utf8Buffer(4096);
  private final Utf8Buffer frame = new Utf8Buffer(4096);
  private final byte[] idPrefix = FrameFormat.idPrefix(1_700_000_000_000L);
  private final byte[] suffix = FrameFormat.tokenSuffix(TokenType.FINAL_RESPONSE, NO_EXTRA);
  private char[] token = {};
  private String string = "";
  private byte[] finished = {};
  private long offset;

  /** Lays out the token's text, and one frame of it to be copied. */
  @Setup
  public void setUp() {
    string = text.of(chars);
    token = string.toCharArray();
    finished = sluice().toByteArray();
  }

  /** Escaped into the log's form, then framed: both halves of a token's way through the server. */
  @Benchmark
  public Utf8Buffer sluice() {
    stored.truncate(0);
    stored.putEscaped(token, 0, token.length);
    frame.truncate(0);
    FrameFormat.putId(frame, idPrefix, ++offset);
    FrameFormat.putTokenPrefix(frame);
    return frame.put(stored).put(suffix);
  }

  /** Copies the finished frame, by {@link System#arraycopy}: nothing can be faster. */
  @Benchmark
  public Utf8Buffer memoryCopy() {
    frame.truncate(0);
    return frame.put(finished);
  }

  /** By the streaming generator. */
  @Benchmark
  public ByteArrayOutputStream jacksonGenerator() {
    return jackson.generated(++offset, "token", string, true, TYPE);
  }

  /** By databind: what {@code JSON.stringify} of an object does in a node server. */
  @Benchmark
  public ByteArrayOutputStream jacksonDatabind() {
    return jackson.bound(++offset, new JacksonFrames.Message("token", string, TYPE));
  }

  /** Strings put together, the text left unescaped: faster than any right way to do it so. */
  @Benchmark
  public byte[] concatenation() {
    String whole =
        "id:1700000000000-"
            + ++offset
            + "\nmessage:\ndata:{\"event\":\"token\",\"data\":\""
            + string
            + "\",\"type\":\"finalResponse\"}\n\n";
    return whole.getBytes(StandardCharsets.UTF_8);
  }
}
