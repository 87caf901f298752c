package dev.sluice.loadtest.rig;

import dev.sluice.loadtest.check.FaultKind;
import dev.sluice.loadtest.check.FaultLog;
import dev.sluice.loadtest.measure.Timing;
import dev.sluice.loadtest.plan.Dialect.PublishForm;
import dev.sluice.loadtest.plan.RunSpec;
import dev.sluice.loadtest.plan.Template;
import dev.sluice.loadtest.wire.HttpResponseParser;
import dev.sluice.loadtest.wire.MalformedWireException;
import dev.sluice.loadtest.wire.ResponseHead;
import io.netty.buffer.ByteBuf;
import io.netty.channel.Channel;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import java.nio.charset.StandardCharsets;
import java.util.ArrayDeque;
import java.util.Objects;
import java.util.Queue;
import org.jspecify.annotations.Nullable;

/**
 * One kept connection, one request for each event, one request at a time: as a producer behaves
 * that awaits each answer. What is due meanwhile waits here, and its latency runs.
 */
final class PostLane extends ChannelInboundHandlerAdapter
    implements PublishLane, HttpResponseParser.Sink {
  private static final int MAX_WAITING = 100_000;
  private static final int MAX_ANSWER_CHARS = 200;

  private final String name;
  private final RunSpec spec;
  private final PublishForm form;
  private final TemplateWriter writer;
  private final Timing roundTrip;
  private final FaultLog faults;
  private final Queue<Event> waiting = new ArrayDeque<>();
  private final StringBuilder answer = new StringBuilder();
  private HttpResponseParser parser = new HttpResponseParser(this);
  private @Nullable Channel channel;
  private long sentNanos;
  private int status;
  private boolean inFlight;
  private boolean finished;
  private boolean abandoned;
  private volatile boolean answered;
  private volatile boolean failed;

  private record Event(int chat, int index) {}

  PostLane(
      String name,
      RunSpec spec,
      PublishForm form,
      TemplateWriter writer,
      Timing roundTrip,
      FaultLog faults) {
    this.name = name;
    this.spec = spec;
    this.form = form;
    this.writer = writer;
    this.roundTrip = roundTrip;
    this.faults = faults;
  }

  @Override
  public void begin(Channel opened) {
    channel = opened;
  }

  @Override
  public void onConnectFailed(Throwable cause) {
    fail(FaultKind.PUBLISH_BROKEN, String.valueOf(cause));
  }

  @Override
  public boolean isWritable() {
    return waiting.size() < MAX_WAITING;
  }

  @Override
  public void add(int chat, int index) {
    if (writer.template(chat, index) != null) {
      waiting.add(new Event(chat, index));
    }
  }

  @Override
  public void flush() {
    Event next = inFlight || failed ? null : waiting.poll();
    if (next == null) {
      answered = finished && !inFlight && waiting.isEmpty();
      return;
    }
    Channel open = Objects.requireNonNull(channel, "not begun");
    inFlight = true;
    sentNanos = System.nanoTime();
    open.writeAndFlush(request(open, next), open.voidPromise());
  }

  @Override
  public void finish() {
    finished = true;
    flush();
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
  public void abandon() {
    abandoned = true;
    waiting.clear();
    if (channel != null) {
      channel.close();
    }
  }

  private ByteBuf request(Channel open, Event event) {
    ByteBuf body = open.alloc().directBuffer();
    Template template = Objects.requireNonNull(writer.template(event.chat, event.index));
    writer.write(template, event.chat, event.index, body);
    String head =
        "POST "
            + form.endpoint().path().forChat(spec.chatId(event.chat))
            + " HTTP/1.1\r\nHost: "
            + form.endpoint().address().authority()
            + "\r\nContent-Type: "
            + form.contentType()
            + "\r\nContent-Length: "
            + body.readableBytes()
            + "\r\n\r\n";
    ByteBuf out = open.alloc().directBuffer(head.length() + body.readableBytes());
    out.writeCharSequence(head, StandardCharsets.US_ASCII);
    out.writeBytes(body);
    body.release();
    return out;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    ByteBuf in = (ByteBuf) message;
    try {
      parser.feed(in);
      if (parser.isComplete()) {
        parser = new HttpResponseParser(this);
        answer.setLength(0);
        flush();
      }
    } catch (MalformedWireException e) {
      fail(FaultKind.HTTP_FORM, String.valueOf(e.getMessage()));
    } finally {
      in.release();
    }
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    if (!answered && !abandoned) {
      fail(FaultKind.PUBLISH_BROKEN, "closed with " + waiting.size() + " events waiting");
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
    roundTrip.record(System.nanoTime() - sentNanos);
    inFlight = false;
    if (status / 100 != 2) {
      fail(FaultKind.PUBLISH_REFUSED, "status " + status + ": " + answer);
    }
  }

  /** Nothing more can be published here; the first reason counts. */
  private void fail(FaultKind kind, String what) {
    if (!failed) {
      failed = true;
      faults.record(kind, name, what);
    }
  }
}
