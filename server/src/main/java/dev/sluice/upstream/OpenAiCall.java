package dev.sluice.upstream;

import dev.sluice.chat.Prompt;
import dev.sluice.chat.PublishResult;
import dev.sluice.chat.RunPublisher;
import dev.sluice.metrics.Metrics;
import io.netty.bootstrap.Bootstrap;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelFutureListener;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoop;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.handler.codec.DecoderException;
import io.netty.handler.codec.PrematureChannelClosureException;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslHandler;
import io.netty.handler.ssl.SslHandshakeCompletionEvent;
import io.netty.util.concurrent.ScheduledFuture;
import java.io.IOException;
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
final class OpenAiCall extends SimpleChannelInboundHandler<HttpObject> {
  private enum Phase {
    /** Name, connection, TLS. */
    CONNECTING,
    /** The request has gone out. */
    ANSWERING,
    OVER
  }

  private static final Logger LOG = LoggerFactory.getLogger(OpenAiCall.class);
  private static final int MAX_CAUSE_CHARS = 300;
  private static final String CALL_LINE =
      "upstream call: flow={} run={} outcome={} status={} tokens={} ms={}";
  private static final String RUN_OVER = "run_over";

  private final UpstreamSettings settings;
  private final RunPublisher run;
  private final @Nullable SslContext tls;
  private final EventLoop loop;
  private final Metrics metrics;
  private final AnswerPublisher answer;
  private final CompletionResponse response;
  private byte @Nullable [] requestBody;

  private Phase phase = Phase.CONNECTING;
  private @Nullable Channel channel;
  private @Nullable ScheduledFuture<?> deadline;
  private final long startNanos;
  private long activeNanos;

  OpenAiCall(
      UpstreamSettings settings,
      Prompt prompt,
      RunPublisher run,
      @Nullable SslContext tls,
      EventLoop loop,
      Metrics metrics) {
    this.settings = settings;
    this.run = run;
    this.tls = tls;
    this.loop = loop;
    this.metrics = metrics;
    answer = new AnswerPublisher(prompt, run);
    response = new CompletionResponse(settings, answer);
    // Built now, so that a call does not hold on to a long conversation while it streams.
    requestBody = ChatRequest.body(settings, prompt);
    startNanos = loop.ticker().nanoTime();
    activeNanos = startNanos;
  }

  /** Connects. On the loop, once. */
  void begin(Bootstrap bootstrap) {
    run.listen(this::stopSoon);
    if (run.ending() != null) {
      over(RUN_OVER);
      return;
    }
    arm(settings.connectTimeoutMs());
    ChannelFuture connected =
        bootstrap
            .clone(loop)
            .handler(
                new ChannelInitializer<>() {
                  @Override
                  protected void initChannel(Channel ch) {
                    assemble(ch);
                  }
                })
            .connect();
    channel = connected.channel();
    connected.addListener(
        done -> {
          Throwable cause = done.cause();
          if (cause != null) {
            fail(CallFailure.ofConnect(cause));
          }
        });
  }

  private void assemble(Channel ch) {
    ChannelPipeline pipeline = ch.pipeline();
    if (tls != null) {
      SslHandler handler = tls.newHandler(ch.alloc(), settings.host(), settings.port());
      // The call's own deadline covers the handshake.
      handler.setHandshakeTimeoutMillis(0);
      pipeline.addLast(handler);
    }
    pipeline.addLast(new HttpClientCodec());
    pipeline.addLast(this);
  }

  @Override
  public void channelActive(ChannelHandlerContext ctx) {
    if (tls == null) {
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
    byte[] body = requestBody;
    if (phase != Phase.CONNECTING || body == null) {
      return;
    }
    requestBody = null;
    phase = Phase.ANSWERING;
    activeNanos = loop.ticker().nanoTime();
    arm(settings.idleTimeoutMs());
    ctx.writeAndFlush(ChatRequest.of(settings, body))
        .addListener(ChannelFutureListener.FIRE_EXCEPTION_ON_FAILURE);
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
        over("completed");
      }
    } else if (!checkRefusal() && run.ending() != null) {
      over(RUN_OVER);
    }
  }

  private boolean checkRefusal() {
    PublishResult refusal = answer.refusal();
    if (refusal == null) {
      return false;
    }
    if (refusal == PublishResult.OVER_BUDGET) {
      fail(CallFailure.of(UpstreamFault.OVER_BUDGET));
    } else {
      over(refusal.code());
    }
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
    close();
    // Counted and logged first, so that whoever sees the error finds both.
    String code = failure.fault().code();
    metrics.upstreamFailed(code);
    String cause = failure.cause();
    LOG.warn(CALL_LINE, ended(cause == null ? code : code + " (" + clip(cause) + ")"));
    run.error(failure.message(), failure.detailJson(settings.flow()));
  }

  /** Ends the call without an error. */
  private void over(String outcome) {
    close();
    LOG.info(CALL_LINE, ended(outcome));
  }

  /** Lets go of the connection; what arrives later is dropped. */
  private void close() {
    phase = Phase.OVER;
    requestBody = null;
    if (deadline != null) {
      deadline.cancel(false);
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

  private void checkDeadline() {
    if (phase == Phase.OVER) {
      return;
    }
    boolean connecting = phase == Phase.CONNECTING;
    long limitMs = connecting ? settings.connectTimeoutMs() : settings.idleTimeoutMs();
    long idleMs = TimeUnit.NANOSECONDS.toMillis(loop.ticker().nanoTime() - activeNanos);
    if (idleMs < limitMs) {
      arm(limitMs - idleMs);
    } else if (response.hasFinished()) {
      // Some servers hold the connection open after the last word.
      response.cut();
      settle();
    } else {
      fail(CallFailure.of(connecting ? UpstreamFault.CONNECT_TIMEOUT : UpstreamFault.IDLE));
    }
  }
}
