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
import tools.jackson.databind.json.JsonMapper;

/** One event that is not a token, from its data to the bytes of its frame. */
@State(Scope.Benchmark)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@NullMarked
public class EventFrameBenchmark {
  private static final byte[] NO_EXTRA = {};
  private static final Utf8Buffer NO_EXTRAS = new Utf8Buffer(0);

  /** An event and its data. */
  public enum Event {
    END("end", true, "[DONE]"),
    USAGE(
        "usageMetadata",
        false,
        "{\"input_tokens\":123,\"output_tokens\":456,\"total_tokens\":579}"),
    REASONING(
        "agentReasoning",
        false,
        "[{\"agentName\":\"planner\",\"messages\":[\"first look, then leap\"],"
            + "\"next\":\"writer\",\"usedTools\":[null],\"sourceDocuments\":[null]}]");

    final String wireName;
    final boolean isText;
    final String data;

    Event(String wireName, boolean isText, String data) {
      this.wireName = wireName;
      this.isText = isText;
      this.data = data;
    }
  }

  @Param public Event event = Event.END;

  private final JacksonFrames jackson = new JacksonFrames();
  private final Utf8Buffer data = new Utf8Buffer(1024);
  private final Utf8Buffer json = new Utf8Buffer(1024);
  private final Utf8Buffer frame = new Utf8Buffer(1024);
  private final byte[] idPrefix = FrameFormat.idPrefix(1_700_000_000_000L);
  private Object tree = "";
  private byte[] finished = {};
  private long offset;

  /** Prepares what the rivals start from. */
  @Setup
  public void setUp() {
    tree = event.isText ? event.data : JsonMapper.shared().readTree(event.data);
    finished = sluice().toByteArray();
  }

  /** Into the log's form, then framed. */
  @Benchmark
  public Utf8Buffer sluice() {
    data.truncate(0);
    if (event.isText) {
      data.putEscaped(event.data);
    } else {
      data.putJson(event.data);
    }
    json.truncate(0);
    FrameFormat.putEventJson(json, event.wireName, event.isText, data, null, NO_EXTRA, NO_EXTRAS);
    frame.truncate(0);
    FrameFormat.putId(frame, idPrefix, ++offset);
    FrameFormat.putEventPrefix(frame);
    frame.put(json);
    FrameFormat.putEventSuffix(frame);
    return frame;
  }

  /** Copies the finished frame. */
  @Benchmark
  public Utf8Buffer memoryCopy() {
    frame.truncate(0);
    return frame.put(finished);
  }

  /** By the streaming generator, which takes finished JSON as it is. */
  @Benchmark
  public ByteArrayOutputStream jacksonGenerator() {
    return jackson.generated(++offset, event.wireName, event.data, event.isText, null);
  }

  /** By databind, from an object and its tree. */
  @Benchmark
  public ByteArrayOutputStream jacksonDatabind() {
    return jackson.bound(++offset, new JacksonFrames.Message(event.wireName, tree, null));
  }
}
