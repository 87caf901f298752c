package dev.sluice.upstream;

import dev.sluice.chat.Prompt;
import dev.sluice.chat.PublishResult;
import dev.sluice.chat.RunPublisher;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.EventLoop;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.PrematureChannelClosureException;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.concurrent.ScheduledFuture;
import java.io.IOException;
import java.util.EnumSet;
import java.util.Set;
import java.util.concurrent.RejectedExecutionException;
import java.util.concurrent.TimeUnit;
import javax.net.ssl.SSLException;
import org.jspecify.annotations.Nullable;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;

/**
 * One call to a model server, from connecting to the end of its run; the handler of its channel.
 * Everything happens on one event loop.
 */
final class UpstreamCall extends SimpleChannelInboundHandler<HttpObject> {
  private enum Phase {
    /** Name, connection, TLS. */
    CONNECTING,
    /** The request has gone out. */
    ANSWERING,
    OVER
  }

  private static final Logger LOG = LoggerFactory.getLogger(UpstreamCall.class);
  private static final int MAX_CAUSE_CHARS = 300;
  private static final String CALL_LINE =
      "upstream call: flow={} run={} outcome={} status={} tokens={} ms={}";
  private static final String RUN_OVER = "run_over";

  /** The failures that come from here: the model server may go on with its answer. */
  private static final Set<UpstreamFault> GIVEN_UP =
      EnumSet.of(
          UpstreamFault.MALFORMED,
          UpstreamFault.IDLE,
          UpstreamFault.OVER_BUDGET,
          UpstreamFault.INTERNAL);

  private final UpstreamServer server;
  private final UpstreamSettings settings;
  private final Dialect dialect;
  private final RunPublisher run;
  private final EventLoop loop;
  private final AnswerPublisher answer;
  private final UpstreamResponse response;
  private final RoomWatch room;
  private @Nullable UpstreamRequest request;

  private Phase phase = Phase.CONNECTING;
  private @Nullable Channel channel;
  private @Nullable ScheduledFuture<?> deadline;
  private @Nullable ScheduledFuture<?> headDeadline;
  private final long startNanos;
  private long activeNanos;

  UpstreamCall(
      UpstreamServer server, Dialect dialect, Prompt prompt, RunPublisher run, EventLoop loop) {
    this.server = server;
    this.dialect = dialect;
    this.run = run;
    this.loop = loop;
    settings = server.settings();
    answer = new AnswerPublisher(prompt, run);
    room = new RoomWatch(run, loop, settings.idleTimeoutMs(), this::readOn, this::noRoom);
    response = new UpstreamResponse(settings, dialect.reader(answer));
    // Built now, so that a call does not hold on to a long conversation while it streams.
    request = dialect.request(prompt);
    startNanos = loop.ticker().nanoTime();
    activeNanos = startNanos;
  }

  /** Connects. On the loop, once. */
  void begin() {
    run.listen(this::stopSoon);
    if (run.ending() != null) {
      over(RUN_OVER);
      return;
    }
    arm(settings.connectTimeoutMs());
    ChannelFuture connected = server.connect(loop, this);
    channel = connected.channel();
    connected.addListener(
        done -> {
          Throwable cause = done.cause();
          if (cause != null) {
            fail(CallFailure.ofConnect(cause));
          }
        });
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    if (!server.isTls()) {
      send(ctx);
    }
  }

  @Override
  public void userEventTriggered(ChannelHandlerContext ctx, Object event) {
    if (event instanceof SslHandshakeCompletionEvent handshake) {
      if (handshake.isSuccess()) {
        send(ctx);
      } else {
        fail(CallFailure.of(UpstreamFault.TLS, handshake.cause()));
      }
    }
  }

  @Override
  protected void channelRead0(ChannelHandlerContext ctx, HttpObject message) {
    if (phase == Phase.OVER) {
      return;
    }
    activeNanos = loop.ticker().nanoTime();
    Throwable broken = message.decoderResult().cause();
    if (broken instanceof PrematureChannelClosureException) {
      response.cut();
    } else if (broken != null) {
      fail(CallFailure.of(UpstreamFault.MALFORMED, "It is not valid HTTP."));
    } else {
      if (message instanceof HttpResponse head) {
        response.head(head);
      }
      if (message instanceof HttpContent content) {
        response.body(content.content(), message instanceof LastHttpContent);
      }
    }
    settle();
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    if (phase != Phase.OVER) {
      response.cut();
      settle();
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    if (phase == Phase.OVER) {
      LOG.debug("after the end of an upstream call", cause);
    } else if (cause instanceof SSLException || cause.getCause() instanceof SSLException) {
      fail(CallFailure.of(UpstreamFault.TLS, cause));
    } else if (cause instanceof IOException && response.status() != 0) {
      response.cut();
      settle();
    } else if (cause instanceof IOException) {
      fail(CallFailure.of(UpstreamFault.CUT, cause));
    } else if (cause instanceof DecoderException) {
      fail(CallFailure.of(UpstreamFault.MALFORMED, "It is not valid HTTP."));
    } else {
      LOG.error("upstream call of flow {} broke down", settings.flow(), cause);
      fail(CallFailure.of(UpstreamFault.INTERNAL));
    }
  }

  private void send(ChannelHandlerContext ctx) {
    UpstreamRequest sent = request;
    if (phase != Phase.CONNECTING || sent == null) {
      return;
    }
    request = null;
    phase = Phase.ANSWERING;
    activeNanos = loop.ticker().nanoTime();
    arm(settings.idleTimeoutMs());
    ctx.writeAndFlush(sent.message(settings))
        .addListener(ChannelFutureListener.FIRE_EXCEPTION_ON_FAILURE);
    if (dialect.headPatienceMs() > 0) {
      headDeadline =
          loop.schedule(this::checkHead, dialect.headPatienceMs(), TimeUnit.MILLISECONDS);
    }
  }

  /** After something was read: is the call over by it? */
  private void settle() {
    CallFailure failure = response.failure();
    if (phase == Phase.OVER) {
      return;
    } else if (failure != null) {
      fail(failure);
    } else if (response.isComplete()) {
      response.end();
      if (!checkRefusal()) {
        close();
        LOG.info(CALL_LINE, ended("completed"));
      }
    } else if (!checkRefusal()) {
      if (run.ending() != null) {
        over(RUN_OVER);
      } else if (!room.hasRoom()) {
        // What the model server writes waits then, and the model server before long.
        autoRead(false);
      }
    }
  }

  private void readOn() {
    activeNanos = loop.ticker().nanoTime();
    autoRead(true);
  }

  private void noRoom() {
    fail(CallFailure.of(UpstreamFault.OVER_BUDGET));
  }

  private void autoRead(boolean on) {
    if (channel != null) {
      channel.config().setAutoRead(on);
    }
  }

  private boolean checkRefusal() {
    PublishResult refusal = answer.refusal();
    if (refusal == null) {
      return false;
    }
    over(refusal.code());
    return true;
  }

  private void fail(CallFailure failure) {
    if (phase == Phase.OVER) {
      return;
    }
    if (run.ending() != null) {
      // Nobody waits for this answer any more, so nobody was failed.
      over(RUN_OVER);
      return;
    }
    if (GIVEN_UP.contains(failure.fault())) {
      abandon();
    }
    close();
    // Counted and logged first, so that whoever sees the error finds both.
    String code = failure.fault().code();
    server.metrics().upstreamFailed(code);
    String cause = failure.cause();
    LOG.warn(CALL_LINE, ended(cause == null ? code : code + " (" + clip(cause) + ")"));
    run.error(failure.message(), failure.detailJson(settings.flow()));
  }

  /** Ends the call because the chat takes no more of it. */
  private void over(String outcome) {
    abandon();
    close();
    LOG.info(CALL_LINE, ended(outcome));
  }

  private void abandon() {
    if (phase == Phase.ANSWERING && !response.hasFinished()) {
      dialect.abandoned(loop);
    }
  }

  /** Lets go of the connection; what arrives later is dropped. */
  private void close() {
    phase = Phase.OVER;
    request = null;
    room.close();
    if (deadline != null) {
      deadline.cancel(false);
    }
    if (headDeadline != null) {
      headDeadline.cancel(false);
    }
    if (channel != null) {
      channel.close();
    }
  }

  private Object[] ended(String outcome) {
    return new Object[] {
      settings.flow(),
      run.runId(),
      outcome,
      response.status(),
      answer.tokenCount(),
      TimeUnit.NANOSECONDS.toMillis(loop.ticker().nanoTime() - startNanos)
    };
  }

  private static String clip(String cause) {
    return cause.length() <= MAX_CAUSE_CHARS ? cause : cause.substring(0, MAX_CAUSE_CHARS);
  }

  /** From any thread: the run was stopped. */
  private void stopSoon() {
    try {
      loop.execute(
          () -> {
            if (phase != Phase.OVER) {
              over("stopped");
            }
          });
    } catch (RejectedExecutionException e) {
      LOG.debug("the loop is gone, and the connection with it", e);
    }
  }

  private void arm(long timeoutMs) {
    if (deadline != null) {
      deadline.cancel(false);
    }
    deadline = loop.schedule(this::checkDeadline, timeoutMs, TimeUnit.MILLISECONDS);
  }

  private void checkHead() {
    if (phase == Phase.ANSWERING && response.status() == 0) {
      dialect.headIsLate(
          loop,
          failure -> {
            if (response.status() == 0) {
              fail(failure);
            }
          });
    }
  }

  private void checkDeadline() {
    if (phase == Phase.OVER) {
      return;
    }
    boolean connecting = phase == Phase.CONNECTING;
    long limitMs = connecting ? settings.connectTimeoutMs() : settings.idleTimeoutMs();
    long idleMs = TimeUnit.NANOSECONDS.toMillis(loop.ticker().nanoTime() - activeNanos);
    if (idleMs < limitMs) {
      arm(limitMs - idleMs);
    } else if (room.isWaiting()) {
      // Its silence is not the model server's doing.
      arm(limitMs);
    } else if (response.hasFinished()) {
      // Some servers hold the connection open after the last word.
      response.cut();
      settle();
    } else {
      fail(CallFailure.of(connecting ? UpstreamFault.CONNECT_TIMEOUT : UpstreamFault.IDLE));
    }
  }
}
