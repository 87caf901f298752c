package dev.sluice.http;

import dev.sluice.chat.EventDraft;
import dev.sluice.chat.EventNames;
import dev.sluice.frame.TokenType;
import io.netty.buffer.Unpooled;
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
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;

/**
 * One token from {@code publish} to the pooled buffer that its stream flushes, on one event loop:
 * append, wake, read, chunk, write. With a subscriber that keeps up and asks for no pacing, so each
 * token leaves by itself.
 *
 * <p>On an embedded channel: a real loop adds the switch to its thread and the kernel's send, which
 * are not the server's and differ from run to run; {@code loadtest} measures those.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.AverageTime)
@OutputTimeUnit(TimeUnit.NANOSECONDS)
@Fork(
    value = 1,
    jvmArgsPrepend = {
      EventLoopThreads.USE_CUSTOM,
      EventLoopThreads.USE_THIS,
      EventLoopThreads.NO_LEAK_DETECTION
    })
@Warmup(iterations = 3, time = 1)
@Measurement(iterations = 5, time = 1)
@NullMarked
public class StreamWriteBenchmark {
  private static final String CHAT = "chat";

  private final BenchEdge edge = new BenchEdge();
  private final BenchEdge.Connection reader = edge.connect();
  private final EventDraft draft = new EventDraft();
  private final char[] text = " answer".toCharArray();

  /** Subscribes, and opens the run. */
  @Setup
  public void setUp() {
    reader.writeInbound(
        Unpooled.copiedBuffer(
            "GET /v1/chats/" + CHAT + "/stream HTTP/1.1\r\nHost: x\r\n\r\n",
            StandardCharsets.US_ASCII));
    publishToWritten();
  }

  @TearDown
  public void tearDown() {
    reader.finishAndReleaseAll();
  }

  /** Publishes one token; it has been written when this returns. */
  @Benchmark
  public long publishToWritten() {
    draft.clear();
    draft.name(EventNames.TOKEN).type(TokenType.FINAL_RESPONSE).string(text, 0, text.length);
    edge.chats.publish(CHAT, draft);
    reader.runPendingTasks();
    return reader.takenBytes();
  }
}
