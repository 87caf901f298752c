package dev.sluice.upstream;

import dev.sluice.chat.BenchChats;
import dev.sluice.chat.Prompt;
import dev.sluice.metrics.Metrics;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.NullMarked;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/** The stream of a model server, as OpenAI's API sends it. An operation is one event. */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(1)
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@NullMarked
public class CompletionReadBenchmark {
  static final int EVENTS = 64;
  private static final int MAX_EVENT_BYTES = 64 * 1024;
  private static final String EVENT =
      "data: {\"id\":\"chatcmpl-B9MBs8CjcvOU2jLn4n570S5qMJKcT\",\"object\":\"chat.completion.chunk\","
          + "\"created\":1741569952,\"model\":\"gpt-4o-mini\",\"system_fingerprint\":\"fp_44709d6fcb\","
          + "\"choices\":[{\"index\":0,\"delta\":{\"content\":\" answer\"},\"logprobs\":null,"
          + "\"finish_reason\":null}]}\n\n";

  private final ByteBuf stream =
      Unpooled.directBuffer().writeBytes(EVENT.repeat(EVENTS).getBytes(StandardCharsets.US_ASCII));
  private final AnswerPublisher answer =
      new AnswerPublisher(
          new Prompt("question", "[]", "message", null),
          Objects.requireNonNull(BenchChats.create(new Metrics()).startRun("chat")));
  private final SseParser parser =
      new SseParser(MAX_EVENT_BYTES, new ChatCompletionReader(settings(), answer));
  private final SseParser bare = new SseParser(MAX_EVENT_BYTES, (type, data) -> count(data));
  private long dataChars;

  @TearDown
  public void tearDown() {
    stream.release();
  }

  /** From the bytes to the tokens in the log. */
  @Benchmark
  @OperationsPerInvocation(EVENTS)
  public boolean readAndPublish() {
    stream.readerIndex(0);
    return parser.parse(stream);
  }

  /** The event stream alone, without what its JSON says. */
  @Benchmark
  @OperationsPerInvocation(EVENTS)
  public long parseEvents() {
    stream.readerIndex(0);
    bare.parse(stream);
    return dataChars;
  }

  long tokenCount() {
    return answer.tokenCount();
  }

  private void count(String data) {
    dataChars += data.length();
  }

  private static UpstreamSettings settings() {
    return new UpstreamSettings(
        "bench",
        URI.create("http://127.0.0.1/v1"),
        null,
        null,
        Map.of(),
        null,
        true,
        1000,
        1000,
        MAX_EVENT_BYTES);
  }
}
