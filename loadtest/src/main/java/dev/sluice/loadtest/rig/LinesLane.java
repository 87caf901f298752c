package dev.sluice.loadtest.rig;

import dev.sluice.loadtest.check.FaultKind;
import dev.sluice.loadtest.check.FaultLog;
import dev.sluice.loadtest.plan.Dialect.PublishForm;
import dev.sluice.loadtest.plan.Template;
import dev.sluice.loadtest.wire.HttpResponseParser;
import dev.sluice.loadtest.wire.MalformedWireException;
import dev.sluice.loadtest.wire.ResponseHead;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.channel.ChannelOption;
import java.nio.charset.StandardCharsets;
import java.util.Objects;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** One long chunked {@code POST}. Lines are gathered, then sent as one chunk. */
final class LinesLane extends ChannelInboundHandlerAdapter
    implements PublishLane, HttpResponseParser.Sink {
  private static final Pattern ACCEPTED = Pattern.compile("\"accepted\"\\s*:\\s*(\\d+)");
  private static final int MAX_ANSWER_CHARS = 4096;

  /**
   * Eight hex digits and CRLF: leading zeros are legal, and a fixed width can be filled in when the
   * chunk is whole.
   */
  private static final int CHUNK_HEAD_BYTES = 10;

  private final String name;
  private final String head;
  private final boolean counted;
  private final TemplateWriter writer;
  private final FaultLog faults;
  private final HttpResponseParser parser = new HttpResponseParser(this);
  private final StringBuilder answer = new StringBuilder();
  private @Nullable Channel channel;
  private @Nullable ByteBuf chunk;
  private long lines;
  private int status;
  private boolean finished;
  private volatile boolean answered;
  private volatile boolean failed;

  /**
   * A lane that has no connection yet.
   *
   * @param counted whether the answer has to tell how many lines were accepted
   */
  LinesLane(
      String name, PublishForm form, boolean counted, TemplateWriter writer, FaultLog faults) {
    this.name = name;
    this.head =
        "POST "
            + form.endpoint().path().source()
            + " HTTP/1.1\r\nHost: "
            + form.endpoint().address().authority()
            + "\r\nContent-Type: "
            + form.contentType()
            + "\r\nTransfer-Encoding: chunked\r\nUser-Agent: sluice-loadtest\r\n\r\n";
    this.counted = counted;
    this.writer = writer;
    this.faults = faults;
  }

  @Override
  public boolean answered() {
    return answered;
  }

  @Override
  public boolean failed() {
    return failed;
  }

  @Override
  public void begin(Channel opened) {
    channel = opened;
    opened.writeAndFlush(ByteBufUtil.writeAscii(opened.alloc(), head));
  }

  @Override
  public void onConnectFailed(Throwable cause) {
    fail(FaultKind.PUBLISH_BROKEN, String.valueOf(cause));
  }

  @Override
  public boolean isWritable() {
    return channel != null && channel.isWritable();
  }

  @Override
  public void add(int chat, int index) {
    Template template = writer.template(chat, index);
    if (template == null) {
      return;
    }
    lines++;
    writer.write(template, chat, index, chunk());
    chunk().writeByte('\n');
  }

  private ByteBuf chunk() {
    if (chunk == null) {
      chunk = open().alloc().directBuffer().writeZero(CHUNK_HEAD_BYTES);
    }
    return chunk;
  }

  /**
   * Sends half of an event's line after what was added, then closes the connection without a word
   * more. Nothing of it is judged from now on.
   *
   * @param hard by a reset, which takes away what the target has not read yet; else all that was
   *     sent arrives, and then the end of it
   */
  void cut(int chat, int index, boolean hard) {
    Template template = Objects.requireNonNull(writer.template(chat, index));
    int from = chunk().writerIndex();
    writer.write(template, chat, index, chunk());
    chunk().writerIndex(from + (chunk().writerIndex() - from) / 2);
    flush();
    failed = true;
    Channel cut = open();
    cut.writeAndFlush(Unpooled.EMPTY_BUFFER)
        .addListener(
            sent -> {
              if (hard) {
                cut.config().setOption(ChannelOption.SO_LINGER, 0);
              }
              cut.close();
            });
  }

  @Override
  public void flush() {
    ByteBuf out = chunk;
    if (out == null) {
      return;
    }
    chunk = null;
    int size = out.readableBytes() - CHUNK_HEAD_BYTES;
    String head = String.format("%08x\r\n", size);
    out.setCharSequence(0, head, StandardCharsets.US_ASCII);
    out.writeByte('\r').writeByte('\n');
    Channel open = open();
    open.writeAndFlush(out, open.voidPromise());
  }

  @Override
  public void finish() {
    finished = true;
    Channel open = open();
    open.writeAndFlush(ByteBufUtil.writeAscii(open.alloc(), "0\r\n\r\n"), open.voidPromise());
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    ByteBuf in = (ByteBuf) message;
    try {
      parser.feed(in);
    } catch (MalformedWireException e) {
      fail(FaultKind.HTTP_FORM, String.valueOf(e.getMessage()));
    } finally {
      in.release();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    parser.onClosed();
    if (!answered) {
      fail(FaultKind.PUBLISH_BROKEN, "closed after " + lines + " lines, without an answer");
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    fail(FaultKind.PUBLISH_BROKEN, String.valueOf(cause));
    ctx.close();
  }

  @Override
  public void onHead(ResponseHead head) {
    status = head.status();
  }

  @Override
  public void onBody(ByteBuf in, int index, int length) {
    int kept = Math.min(length, MAX_ANSWER_CHARS - answer.length());
    answer.append(in.toString(index, kept, StandardCharsets.UTF_8));
  }

  @Override
  public void onComplete() {
    if (!finished || status / 100 != 2) {
      fail(FaultKind.PUBLISH_REFUSED, "status " + status + " after " + lines + " lines: " + answer);
      return;
    }
    answered = true;
    if (!counted) {
      return;
    }
    Matcher accepted = ACCEPTED.matcher(answer);
    if (!accepted.find()) {
      faults.record(FaultKind.PUBLISH_MISCOUNTED, name, "no count in the answer: " + answer);
    } else if (Long.parseLong(accepted.group(1)) != lines) {
      faults.record(
          FaultKind.PUBLISH_MISCOUNTED,
          name,
          "sent " + lines + " lines, accepted " + accepted.group(1));
    }
  }

  /** The request can not go on; the first reason counts. */
  private void fail(FaultKind kind, String what) {
    if (!failed) {
      failed = true;
      faults.record(kind, name, what);
    }
  }

  @Override
  public void abandon() {
    failed = true;
    if (chunk != null) {
      chunk.release();
      chunk = null;
    }
    if (channel != null) {
      channel.close();
    }
  }

  private Channel open() {
    if (channel == null) {
      throw new IllegalStateException(name + " has not begun");
    }
    return channel;
  }
}
