package dev.sluice.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpVersion;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.NullMarked;
import org.openjdk.jmh.annotations.AuxCounters;
import org.openjdk.jmh.annotations.Benchmark;
import org.openjdk.jmh.annotations.BenchmarkMode;
import org.openjdk.jmh.annotations.Fork;
import org.openjdk.jmh.annotations.Measurement;
import org.openjdk.jmh.annotations.Mode;
import org.openjdk.jmh.annotations.OperationsPerInvocation;
import org.openjdk.jmh.annotations.OutputTimeUnit;
import org.openjdk.jmh.annotations.Scope;
import org.openjdk.jmh.annotations.Setup;
import org.openjdk.jmh.annotations.State;
import org.openjdk.jmh.annotations.TearDown;
import org.openjdk.jmh.annotations.Warmup;
import org.openjdk.jmh.infra.Blackhole;
import tools.jackson.databind.ObjectReader;
import tools.jackson.databind.json.JsonMapper;

/**
 * Lines of a publisher that stays connected, from the bytes of the request's body into the logs. An
 * operation is a line; {@code bytes} are theirs, per second.
 */
@State(Scope.Thread)
@BenchmarkMode(Mode.Throughput)
@OutputTimeUnit(TimeUnit.SECONDS)
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
public class NdjsonBenchmark {
  static final int LINES = 256;

  /** How many bytes the lines had. */
  @State(Scope.Thread)
  @AuxCounters(AuxCounters.Type.OPERATIONS)
  public static class Volume {
    public long bytes;
  }

  /** A line as an object. */
  record Line(String event, String data, String type) {}

  private final BenchEdge edge = new BenchEdge();
  private final BenchEdge.Connection toOne = edge.connectBehindCodec();
  private final BenchEdge.Connection toMany = edge.connectBehindCodec();
  private final HttpContent lines = piece("");
  private final HttpContent linesOfChats = piece("\"chatId\":\"chat-1\",");
  private final byte[] array = bytes("");
  private final ObjectReader databind = JsonMapper.shared().readerFor(Line.class);

  /** Opens the two requests. */
  @Setup
  public void setUp() {
    toOne.writeInbound(head("/v1/chats/chat/events"));
    toMany.writeInbound(head("/v1/events"));
  }

  @TearDown
  public void tearDown() {
    lines.release();
    linesOfChats.release();
    toOne.finishAndReleaseAll();
    toMany.finishAndReleaseAll();
  }

  /** Lines for the chat that the path names. */
  @Benchmark
  @OperationsPerInvocation(LINES)
  public void sluice(Volume volume) {
    volume.bytes += feed(toOne, lines);
  }

  /** Lines that name their chat. */
  @Benchmark
  @OperationsPerInvocation(LINES)
  public void sluiceManyChats(Volume volume) {
    volume.bytes += feed(toMany, linesOfChats);
  }

  /** Only parsing: each line bound to an object, and nothing done with it. */
  @Benchmark
  @OperationsPerInvocation(LINES)
  public void jacksonDatabind(Volume volume, Blackhole taken) {
    int from = 0;
    for (int i = 0; i < array.length; i++) {
      if (array[i] == '\n') {
        taken.consume(databind.<Line>readValue(array, from, i - from));
        from = i + 1;
      }
    }
    volume.bytes += array.length;
  }

  long lastOffset(String chatId) {
    return Objects.requireNonNull(edge.chats.find(chatId)).lastId().offset();
  }

  private static int feed(BenchEdge.Connection connection, HttpContent piece) {
    int count = piece.content().readerIndex(0).readableBytes();
    connection.pipeline().fireChannelRead(piece.retain());
    connection.pipeline().fireChannelReadComplete();
    return count;
  }

  private static HttpContent piece(String chat) {
    byte[] bytes = bytes(chat);
    // Direct, as what comes from a socket.
    ByteBuf direct = Unpooled.directBuffer(bytes.length).writeBytes(bytes);
    return new DefaultHttpContent(direct);
  }

  private static byte[] bytes(String chat) {
    String line =
        "{" + chat + "\"event\":\"token\",\"data\":\" answer\",\"type\":\"finalResponse\"}\n";
    return line.repeat(LINES).getBytes(StandardCharsets.US_ASCII);
  }

  private static HttpRequest head(String path) {
    HttpRequest head = new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.POST, path);
    head.headers()
        .set("host", "x")
        .set("content-type", "application/x-ndjson")
        .set("transfer-encoding", "chunked");
    return head;
  }
}
