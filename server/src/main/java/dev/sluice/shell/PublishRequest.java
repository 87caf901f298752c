package dev.sluice.shell;

import io.netty.bootstrap.Bootstrap;
import io.netty.buffer.Unpooled;
import io.netty.channel.Channel;
import io.netty.channel.ChannelFuture;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInitializer;
import io.netty.channel.ChannelOption;
import io.netty.channel.ChannelPipeline;
import io.netty.channel.EventLoopGroup;
import io.netty.channel.MultiThreadIoEventLoopGroup;
import io.netty.channel.SimpleChannelInboundHandler;
import io.netty.channel.nio.NioIoHandler;
import io.netty.channel.socket.nio.NioSocketChannel;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultHttpRequest;
import io.netty.handler.codec.http.HttpClientCodec;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpHeaderNames;
import io.netty.handler.codec.http.HttpHeaderValues;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpObject;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpResponse;
import io.netty.handler.codec.http.HttpVersion;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.handler.ssl.SslContext;
import io.netty.handler.ssl.SslContextBuilder;
import io.netty.handler.timeout.IdleStateEvent;
import io.netty.handler.timeout.IdleStateHandler;
import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ThreadFactory;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;

/**
 * One NDJSON request that stays open while its lines are made. Its answer may come, or begin,
 * before its end, when a line is refused or the run is stopped; no client of the JDK's tells of
 * that before the whole body was sent, so this one is Netty's.
 *
 * <p>While there is nothing to send an empty line goes now and then, the sign of life without which
 * the run would count as lost.
 *
 * <p>One thread may write; any may wait for the answer.
 */
final class PublishRequest implements AutoCloseable {
  /** A response in one piece. */
  record Answer(int status, String body) {}

  private static final int CONNECT_TIMEOUT_MS = 10_000;
  private static final int MAX_ANSWER_BYTES = 1 << 20;
  private static final String LINES = "application/x-ndjson";
  private static final int ALIVE_SECONDS = 15;
  private static final byte[] EMPTY_LINE = {'\n'};

  private final EventLoopGroup loop;
  private final Channel channel;
  private final Exchange exchange;

  private PublishRequest(EventLoopGroup loop, Channel channel, Exchange exchange) {
    this.loop = loop;
    this.channel = channel;
    this.exchange = exchange;
  }

  /**
   * Connects and sends the head.
   *
   * @throws IOException if there is no connection
   */
  static PublishRequest open(URI uri) throws IOException {
    boolean secure = "https".equalsIgnoreCase(uri.getScheme());
    int port = uri.getPort() > 0 ? uri.getPort() : secure ? 443 : 80;
    String host = uri.getHost().replaceAll("^\\[|]$", "");
    Exchange exchange = new Exchange();
    SslContext tls = secure ? SslContextBuilder.forClient().build() : null;
    ThreadFactory threads =
        task -> {
          Thread thread = new Thread(task, "sluice-publish");
          thread.setDaemon(true);
          return thread;
        };
    EventLoopGroup loop = new MultiThreadIoEventLoopGroup(1, threads, NioIoHandler.newFactory());
    ChannelFuture connected =
        new Bootstrap()
            .group(loop)
            .channel(NioSocketChannel.class)
            .option(ChannelOption.CONNECT_TIMEOUT_MILLIS, CONNECT_TIMEOUT_MS)
            .option(ChannelOption.TCP_NODELAY, true)
            // A write that fails must not throw away an answer that is there already.
            .option(ChannelOption.AUTO_CLOSE, false)
            .handler(
                new ChannelInitializer<>() {
                  @Override
                  protected void initChannel(Channel created) {
                    addHandlers(created.pipeline(), tls, host, port, exchange);
                  }
                })
            .connect(host, port)
            .awaitUninterruptibly();
    PublishRequest request = new PublishRequest(loop, connected.channel(), exchange);
    if (!connected.isSuccess()) {
      request.close();
      throw new IOException("no connection: " + connected.cause().getMessage());
    }
    request.send(head(uri));
    exchange.betweenLines = true;
    return request;
  }

  private static void addHandlers(
      ChannelPipeline pipeline,
      @Nullable SslContext tls,
      String host,
      int port,
      Exchange exchange) {
    if (tls != null) {
      pipeline.addLast(tls.newHandler(pipeline.channel().alloc(), host, port));
    }
    pipeline.addLast(new HttpClientCodec(), new IdleStateHandler(0, ALIVE_SECONDS, 0), exchange);
  }

  private static HttpRequest head(URI uri) {
    String path = uri.getRawPath();
    HttpRequest head = new DefaultHttpRequest(HttpVersion.HTTP_1_1, HttpMethod.POST, path);
    head.headers()
        .set(HttpHeaderNames.HOST, uri.getRawAuthority())
        .set(HttpHeaderNames.USER_AGENT, ChatUrl.USER_AGENT)
        .set(HttpHeaderNames.CONTENT_TYPE, LINES)
        .set(HttpHeaderNames.TRANSFER_ENCODING, HttpHeaderValues.CHUNKED);
    return head;
  }

  /**
   * Sends some of the body, and waits until the kernel has it.
   *
   * @throws IOException if the connection is broken
   */
  void write(byte[] bytes, int from, int count) throws IOException {
    exchange.betweenLines = false;
    send(new DefaultHttpContent(Unpooled.copiedBuffer(bytes, from, count)));
    exchange.betweenLines = bytes[from + count - 1] == '\n';
  }

  /** Sends the end of the body. */
  void end() throws IOException {
    exchange.betweenLines = false;
    send(LastHttpContent.EMPTY_LAST_CONTENT);
  }

  /** Comes when the whole answer has, or fails with an {@link IOException} if none will. */
  CompletableFuture<Answer> answer() {
    return exchange.answer;
  }

  /** Comes when the server tells that a run was stopped, if it does. */
  CompletableFuture<Void> stop() {
    return exchange.stop;
  }

  @Override
  public void close() {
    channel.close().awaitUninterruptibly();
    loop.shutdownGracefully(0, 1, TimeUnit.SECONDS);
  }

  private void send(Object message) throws IOException {
    ChannelFuture sent = channel.writeAndFlush(message).awaitUninterruptibly();
    if (!sent.isSuccess()) {
      throw new IOException(String.valueOf(sent.cause().getMessage()), sent.cause());
    }
  }

  /** The connection's last handler. On its event loop. */
  private static final class Exchange extends SimpleChannelInboundHandler<HttpObject> {
    private final CompletableFuture<Answer> answer = new CompletableFuture<>();
    private final CompletableFuture<Void> stop = new CompletableFuture<>();
    private final ByteArrayOutputStream body = new ByteArrayOutputStream();
    private int status;
    private boolean hasLines;

    /** Everything sent so far ends with a line end: an empty line may follow. */
    private volatile boolean betweenLines;

    @Override
    protected void channelRead0(ChannelHandlerContext context, HttpObject message)
        throws IOException {
      if (message instanceof HttpResponse response) {
        status = response.status().code();
        hasLines = LINES.contentEquals(response.headers().get(HttpHeaderNames.CONTENT_TYPE, ""));
      }
      if (message instanceof HttpContent content) {
        content.content().readBytes(body, content.content().readableBytes());
        if (body.size() > MAX_ANSWER_BYTES) {
          throw new IOException("the answer is too large");
        }
        String text = body.toString(StandardCharsets.UTF_8);
        if (hasLines && text.lines().anyMatch(Exchange::tellsStop)) {
          stop.complete(null);
        }
        if (message instanceof LastHttpContent) {
          answer.complete(new Answer(status, text));
        }
      }
    }

    private static boolean tellsStop(String line) {
      try {
        return JsonFields.parse(line).isText("stop");
      } catch (JacksonException e) {
        // The rest of it is still to come.
        return false;
      }
    }

    @Override
    public void userEventTriggered(ChannelHandlerContext context, Object event) {
      if (event instanceof IdleStateEvent && betweenLines) {
        context.writeAndFlush(new DefaultHttpContent(Unpooled.wrappedBuffer(EMPTY_LINE)));
      }
    }

    @Override
    public void channelInactive(ChannelHandlerContext context) {
      answer.completeExceptionally(new IOException("the server closed the connection"));
    }

    @Override
    public void exceptionCaught(ChannelHandlerContext context, Throwable cause) {
      answer.completeExceptionally(new IOException(String.valueOf(cause.getMessage()), cause));
      context.close();
    }
  }
}
