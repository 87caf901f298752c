package dev.sluice.http;

import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.http.DefaultFullHttpResponse;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpResponseStatus;
import io.netty.handler.codec.http.HttpUtil;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import java.io.IOException;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * The requests of one connection, one after the other: finds the route, feeds the body, writes the
 * answer, keeps the deadlines. A request that is pipelined behind one that is not answered yet
 * waits.
 */
final class RequestHandler extends TimedHandler implements WaitingMessages.Taker {
  private enum Phase {
    /** Waiting for a request head. */
    HEAD,
    /** Taking a body. */
    BODY,
    /** The request is complete, the answer is not. */
    ANSWER,
    /** Answered before the request was complete: the rest is read over until the client closes. */
    LINGER
  }

  private static final Logger LOG = LoggerFactory.getLogger(RequestHandler.class);
  private static final HttpRequest NO_REQUEST =
      new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.GET, "/");

  private final Edge edge;
  private final Routes routes;
  private final StreamLoop loop;
  private final EdgePipeline pipeline;
  private final WaitingMessages waiting = new WaitingMessages(this);

  private Phase phase = Phase.HEAD;
  private @Nullable Exchange exchange;
  private @Nullable BodyFeed body;
  private @Nullable AnswerLines lines;
  private boolean headRequest;
  private boolean keepAlive;
  private boolean sawMessage;
  private boolean headBegun;
  private boolean needsFlush;
  private long deadlineNanos;

  RequestHandler(Edge edge, Routes routes, StreamLoop loop, EdgePipeline pipeline) {
    this.edge = edge;
    this.routes = routes;
    this.loop = loop;
    this.pipeline = pipeline;
  }

  Edge edge() {
    return edge;
  }

  StreamLoop loop() {
    return loop;
  }

  @Override
  public void handlerAdded(ChannelHandlerContext context) {
    ctx = context;
    headBegun = true;
    deadline(edge.settings().headTimeoutMs());
    loop.add(this);
  }

  @Override
  public void handlerRemoved(ChannelHandlerContext context) {
    loop.remove(this);
    waiting.release();
  }

  @Override
  public void channelInactive(ChannelHandlerContext context) {
    if (phase == Phase.BODY) {
      abortBody();
    } else if (phase == Phase.ANSWER && exchange != null) {
      exchange.gone();
    }
    phase = Phase.LINGER;
  }

  @Override
  public void channelRead(ChannelHandlerContext context, Object message) {
    sawMessage = true;
    if (!waiting.add(message)) {
      context.channel().config().setAutoRead(false);
    }
  }

  @Override
  public void channelWritabilityChanged(ChannelHandlerContext context) {
    // A client that takes no answers gets no more of them made.
    if (context.channel().isWritable() && phase != Phase.ANSWER) {
      takeWaiting(context);
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext context) {
    if (phase == Phase.HEAD && !sawMessage && !headBegun) {
      // Bytes came, but no message yet: a head has begun.
      headBegun = true;
      deadline(edge.settings().headTimeoutMs());
    }
    sawMessage = false;
    if (needsFlush) {
      needsFlush = false;
      context.flush();
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
    // The decoder's own are the client's doing: too many requests in a row, for instance.
    if (!(cause instanceof IOException || cause instanceof DecoderException)) {
      LOG.error("request failed", cause);
    }
    context.close();
  }

  /**
   * Writes the answer of the current request. The response is owned by the channel from here on.
   */
  void answer(FullHttpResponse response) {
    ChannelHandlerContext context = context();
    boolean early = phase == Phase.BODY;
    AnswerLines begun = lines;
    boolean stay = keepAlive && !early && begun == null && !edge.admission().isDraining();
    boolean http10 = exchange != null && exchange.isHttp10();
    ResponseHeads.complete(response, stay, http10, loop.date());
    HttpObject written =
        begun != null
            ? begun.last(response)
            : headRequest ? ResponseHeads.withoutBody(response) : response;
    exchange = null;
    body = null;
    lines = null;
    if (stay) {
      context.write(written, context.voidPromise());
      flushSoon(context);
      phase = Phase.HEAD;
      awaitRequest();
      takeWaiting(context);
    } else {
      phase = Phase.LINGER;
      deadline(early ? LINGER_MS : edge.settings().idleTimeoutMs());
      // A close while the client still sends would reset the connection and cost it the answer.
      context.writeAndFlush(written).addListener(early ? SAY_GOODBYE : ChannelFutureListener.CLOSE);
    }
  }

  /** Begins the answer with a line, or goes on with it; {@link #answer} ends it. */
  void line(Exchange from, byte[] json) {
    if (exchange == from && (phase == Phase.BODY || phase == Phase.ANSWER)) {
      AnswerLines begun = lines;
      if (begun == null) {
        begun = AnswerLines.begin(context(), !from.isHttp10(), loop.date());
        lines = begun;
      }
      begun.add(json);
    }
  }

  /** Answers with a stream and lends the connection to it, or gives it away. */
  void stream(SseStream stream) {
    ChannelHandlerContext context = context();
    boolean chunked = exchange != null && !exchange.isHttp10();
    HttpResponse head = ResponseHeads.ofStream(chunked, !keepAlive, loop.date());
    context.writeAndFlush(head, context.voidPromise());
    if (keepAlive && chunked && waiting.isEmpty()) {
      stream.lentBy(pipeline);
    }
    context.pipeline().addLast(stream);
    EdgePipeline.removeHttp(context.pipeline());
    context.channel().config().setAutoRead(true);
  }

  /** A request has come to its end; another handler has answered it if it did not come here. */
  void requestEnded() {
    sawMessage = true;
    if (phase == Phase.HEAD) {
      awaitRequest();
    }
  }

  /** Gives the client time for its next request. */
  void awaitRequest() {
    headBegun = false;
    deadline(edge.settings().idleTimeoutMs());
  }

  /** Answers a HEAD request as if with a stream. */
  void streamHead() {
    boolean chunked = exchange != null && !exchange.isHttp10();
    exchange = null;
    body = null;
    phase = Phase.LINGER;
    deadline(LINGER_MS);
    context()
        .writeAndFlush(ResponseHeads.ofStream(chunked, true, loop.date()))
        .addListener(ChannelFutureListener.CLOSE);
  }

  @Override
  void tick(long nowNanos) {
    if (phase == Phase.ANSWER || nowNanos - deadlineNanos < 0) {
      return;
    }
    if (phase == Phase.HEAD && headBegun) {
      keepAlive = false;
      headRequest = false;
      exchange = new Exchange(this, context(), NO_REQUEST);
      refuse(
          new Problem(
              HttpResponseStatus.REQUEST_TIMEOUT,
              "head_timeout",
              "a request head has to arrive within " + edge.settings().headTimeoutMs() + " ms"));
    } else if (phase == Phase.BODY) {
      abortBody();
      refuse(
          new Problem(
              HttpResponseStatus.REQUEST_TIMEOUT,
              "body_timeout",
              "the rest of the request body did not arrive in time"));
    } else {
      context().close();
    }
  }

  @Override
  void leave() {
    BodyFeed feed = body;
    if (phase == Phase.HEAD) {
      phase = Phase.LINGER;
      closeOnceWritten();
    } else if (phase == Phase.BODY && feed != null) {
      feed.taker().refused();
      refuse(feed.taker().draining().problem());
    } else if (phase == Phase.ANSWER && exchange != null) {
      exchange.leave();
    }
  }

  @Override
  public boolean mayTake() {
    return phase != Phase.ANSWER && context().channel().isWritable();
  }

  @Override
  public boolean take(Object message) {
    if (phase == Phase.LINGER) {
      return true;
    }
    if (message instanceof HttpRequest request) {
      begin(request);
    }
    return !(message instanceof HttpContent content && phase == Phase.BODY) || takeBody(content);
  }

  private void begin(HttpRequest request) {
    ChannelHandlerContext context = context();
    phase = Phase.BODY;
    headRequest = request.method().equals(HttpMethod.HEAD);
    keepAlive = HttpUtil.isKeepAlive(request);
    Exchange begun = new Exchange(this, context, request);
    exchange = begun;
    if (request.decoderResult().isFailure()) {
      refuse(Problem.undecodable(request.decoderResult().cause()));
      return;
    }
    try {
      begun.requireHost();
      begun.requireAllowedOrigin();
      Routes.Match match = routes.match(request);
      begun.routed(match.variables());
      RequestBody taker = match.endpoint().open(begun);
      body = new BodyFeed(taker, request);
      deadline(
          taker.isOpenEnded() ? edge.settings().lineTimeoutMs() : edge.settings().bodyTimeoutMs());
      if (HttpUtil.is100ContinueExpected(request)) {
        context.writeAndFlush(
            new DefaultFullHttpResponse(
                HttpVersion.HTTP_1_1, HttpResponseStatus.CONTINUE, context.alloc().buffer(0)));
      }
    } catch (ProblemException e) {
      refuse(e.problem());
    } catch (RuntimeException e) {
      failed(e);
    }
  }

  /** False if the content has to be taken again. */
  private boolean takeBody(HttpContent content) {
    BodyFeed feed = body;
    if (feed == null) {
      return true;
    }
    RequestBody taker = feed.taker();
    try {
      if (content.content().isReadable() && taker.isOpenEnded()) {
        deadline(edge.settings().lineTimeoutMs());
      }
      boolean taken = feed.take(content);
      if (taken && content instanceof LastHttpContent && phase == Phase.BODY) {
        phase = Phase.ANSWER;
        taker.end();
        taken = !taker.isHeld();
        phase = taken ? phase : Phase.BODY;
      }
      if (!taken) {
        // Its silence is not the client's doing.
        deadline(edge.settings().lineTimeoutMs());
        loop.tryAgain(this);
      }
      return taken;
    } catch (ProblemException e) {
      if (phase == Phase.BODY) {
        taker.refused();
      }
      refuse(e.problem());
    } catch (RuntimeException e) {
      failed(e);
    }
    return true;
  }

  /** There may be room by now for what a body has brought. */
  void takeAgain() {
    ChannelHandlerContext context = context();
    if (!context.isRemoved()) {
      try {
        takeWaiting(context);
      } catch (RuntimeException e) {
        exceptionCaught(context, e);
      }
    }
  }

  private void failed(RuntimeException cause) {
    Exchange failed = exchange;
    if (failed == null || phase == Phase.LINGER) {
      // Already answered, or given away to a stream.
      throw cause;
    }
    failed.failed(cause);
  }

  private void abortBody() {
    if (body != null) {
      body.taker().aborted();
    }
  }

  private void refuse(Problem problem) {
    Objects.requireNonNull(exchange, "nothing to refuse").problem(problem);
  }

  private void takeWaiting(ChannelHandlerContext context) {
    if (waiting.drain()) {
      context.channel().config().setAutoRead(true);
    }
  }

  private void flushSoon(ChannelHandlerContext context) {
    if (sawMessage) {
      needsFlush = true;
    } else {
      context.flush();
    }
  }

  private void deadline(long timeoutMs) {
    deadlineNanos = loop.nowNanos() + TimeUnit.MILLISECONDS.toNanos(timeoutMs);
  }
}
