package dev.sluice.http;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import io.netty.channel.ChannelHandler;
import io.netty.channel.ChannelOutboundBuffer;
import io.netty.channel.WriteBufferWaterMark;
import io.netty.channel.embedded.EmbeddedChannel;
import java.io.ByteArrayOutputStream;
import java.nio.charset.StandardCharsets;
import java.util.List;
import java.util.concurrent.TimeUnit;

/**
 * One client's connection, on frozen time. How many bytes its socket takes is up to the test, and
 * what it took is kept.
 */
final class Connection extends EmbeddedChannel {
  // Those of the server's sockets.
  private static final int LOW_WATER_BYTES = 8 * 1024;
  private static final int HIGH_WATER_BYTES = 32 * 1024;

  private final ByteArrayOutputStream taken = new ByteArrayOutputStream();
  private long room = Long.MAX_VALUE;
  private EmbeddedChannel loop = this;

  Connection(ChannelHandler... handlers) {
    super(handlers);
    config().setWriteBufferWaterMark(new WriteBufferWaterMark(LOW_WATER_BYTES, HIGH_WATER_BYTES));
    freezeTime();
  }

  /** Has the tasks of that connection's loop run where this one's would. */
  void runOn(EmbeddedChannel other) {
    loop = other;
  }

  Connection send(String text) {
    return send(text.getBytes(StandardCharsets.UTF_8));
  }

  Connection send(byte[] bytes) {
    writeInbound(Unpooled.copiedBuffer(bytes));
    return this;
  }

  /** Lets time go by in steps that are shorter than any deadline. */
  Connection advance(long ms) {
    for (long left = ms; left > 0; left -= 50) {
      loop.advanceTimeBy(Math.min(50, left), TimeUnit.MILLISECONDS);
      loop.runScheduledPendingTasks();
      loop.runPendingTasks();
    }
    return this;
  }

  /**
   * Lets that much time go by, or less if a timer is due before; returns how much it was, in ns.
   */
  long advanceToTimer(long nanos) {
    long untilTimer = loop.runScheduledPendingTasks();
    long step = untilTimer >= 0 ? Math.min(nanos, untilTimer) : nanos;
    loop.advanceTimeBy(step, TimeUnit.NANOSECONDS);
    loop.runScheduledPendingTasks();
    loop.runPendingTasks();
    return step;
  }

  /** From now on the socket takes no more than so many bytes. */
  Connection take(long bytes) {
    room = bytes;
    flush();
    loop.runPendingTasks();
    return this;
  }

  Connection takeAll() {
    return take(Long.MAX_VALUE);
  }

  /** How many bytes the socket took since the last call of {@link #sent}. */
  int takenBytes() {
    return taken.size();
  }

  /** What was written and the socket has not taken. */
  long pendingBytes() {
    ChannelOutboundBuffer outbound = unsafe().outboundBuffer();
    return outbound == null ? 0 : outbound.totalPendingWriteBytes();
  }

  /** What the socket took since the last call, decoded as UTF-8. */
  String sent() {
    loop.runPendingTasks();
    String text = taken.toString(StandardCharsets.UTF_8);
    taken.reset();
    return text;
  }

  Answer answer() {
    List<Answer> answers = answers();
    if (answers.size() != 1) {
      throw new AssertionError(answers.size() + " answers: " + answers);
    }
    return answers.get(0);
  }

  List<Answer> answers() {
    return Answer.parse(sent());
  }

  Answer call(String method, String path, String contentType, String body) {
    String type = contentType.isEmpty() ? "" : "Content-Type: " + contentType + "\r\n";
    int length = body.getBytes(StandardCharsets.UTF_8).length;
    send(
        method
            + " "
            + path
            + " HTTP/1.1\r\nHost: x\r\n"
            + type
            + "Content-Length: "
            + length
            + "\r\n\r\n"
            + body);
    return answer();
  }

  /** Opens a stream and returns what came at once, the head included. */
  String subscribe(String pathAndQuery) {
    send("GET " + pathAndQuery + " HTTP/1.1\r\nHost: x\r\n\r\n");
    return sent();
  }

  @Override
  protected void doWrite(ChannelOutboundBuffer in) {
    while (in.current() instanceof ByteBuf bytes) {
      int count = (int) Math.min(bytes.readableBytes(), room);
      if (count == 0 && bytes.isReadable()) {
        return;
      }
      byte[] copy = new byte[count];
      bytes.getBytes(bytes.readerIndex(), copy);
      taken.writeBytes(copy);
      room -= count;
      if (count == bytes.readableBytes()) {
        in.progress(count);
        in.remove();
      } else {
        in.removeBytes(count);
      }
    }
  }
}
