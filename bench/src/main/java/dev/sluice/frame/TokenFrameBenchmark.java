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
import tools.jackson.core.JsonGenerator;
import tools.jackson.core.ObjectWriteContext;
import tools.jackson.core.json.JsonFactory;

/** One token to the bytes of its frame: our way, Jackson's generator, and string concatenation. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@NullMarked
public class TokenFrameBenchmark {
  private static final byte[] NO_EXTRA = {};

  /** What the token is like. */
  public enum Kind {
    ASCII(" answer"),
    MULTILINGUAL(" réponse 答え"),
    ESCAPES("\"\n\t\\"),
    LONG("the quick brown fox jumps over the lazy dog ".repeat(5).substring(0, 200));

    final String text;

    Kind(String text) {
      this.text = text;
    }
  }

  @Param public Kind kind = Kind.ASCII;

  private final JsonFactory jackson = new JsonFactory();
  private final ByteArrayOutputStream stream = new ByteArrayOutputStream(1024);
  private final Utf8Buffer stored = new Utf8Buffer(1024);
  private final Utf8Buffer frame = new Utf8Buffer(1024);
  private final byte[] idPrefix = FrameFormat.idPrefix(1_700_000_000_000L);
  private final byte[] suffix = FrameFormat.tokenSuffix(TokenType.FINAL_RESPONSE, NO_EXTRA);
  private char[] chars = {};
  private String text = "";
  private long offset;

  /** Lays out the token's text. */
  @Setup
  public void setUp() {
    text = kind.text;
    chars = text.toCharArray();
  }

  /** Escape into the log's form, then frame: the two halves of a token's way through the server. */
  @Benchmark
  public int sluice() {
    stored.truncate(0);
    stored.putEscaped(chars, 0, chars.length);
    frame.truncate(0);
    FrameFormat.putId(frame, idPrefix, ++offset);
    FrameFormat.putTokenPrefix(frame);
    frame.put(stored).put(suffix);
    return frame.length();
  }

  /** The same frame with a streaming JSON generator. */
  @Benchmark
  public int jacksonGenerator() {
    stream.reset();
    stream.writeBytes(
        ("id:1700000000000-" + ++offset + "\nmessage:\ndata:").getBytes(StandardCharsets.UTF_8));
    try (JsonGenerator generator = jackson.createGenerator(ObjectWriteContext.empty(), stream)) {
      generator.writeStartObject();
      generator.writeStringProperty("event", "token");
      generator.writeStringProperty("data", text);
      generator.writeStringProperty("type", "finalResponse");
      generator.writeEndObject();
    }
    stream.writeBytes("\n\n".getBytes(StandardCharsets.UTF_8));
    return stream.size();
  }

  /** The same frame by putting strings together, with the text left unescaped. */
  @Benchmark
  public int concatenation() {
    String whole =
        "id:1700000000000-"
            + ++offset
            + "\nmessage:\ndata:{\"event\":\"token\",\"data\":\""
            + text
            + "\",\"type\":\"finalResponse\"}\n\n";
    return whole.getBytes(StandardCharsets.UTF_8).length;
  }
}
