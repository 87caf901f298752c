package dev.sluice.loadtest.rival;

import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufUtil;
import io.netty.channel.ChannelHandlerContext;
import io.netty.channel.ChannelInboundHandlerAdapter;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.LastHttpContent;
import io.netty.util.ReferenceCountUtil;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/** One connection: a stream, or a long request of lines. */
final class EchoHandler extends ChannelInboundHandlerAdapter {
  private static final Pattern STREAM = Pattern.compile("/v1/chats/([^/]+)/stream");
  private static final String HEAD =
      String.join(
          "\r\n",
          "HTTP/1.1 200 OK",
          "Content-Type: text/event-stream",
          "Cache-Control: no-cache, no-transform",
          "X-Accel-Buffering: no",
          "Transfer-Encoding: chunked",
          "X-Content-Type-Options: nosniff",
          "",
          "");
  private static final String NOT_FOUND =
      "HTTP/1.1 404 Not Found\r\nContent-Length: 0\r\nConnection: close\r\n\r\n";

  private final EchoChats chats;
  private @Nullable String reads;
  private @Nullable ByteBuf pending;
  private boolean publishes;
  private long lines;

  EchoHandler(EchoChats chats) {
    this.chats = chats;
  }

  @Override
  public void channelRead(ChannelHandlerContext ctx, Object message) {
    try {
      if (message instanceof HttpRequest request) {
        onRequest(ctx, request);
      }
      if (message instanceof HttpContent content && publishes) {
        onLines(ctx, content);
      }
    } finally {
      ReferenceCountUtil.release(message);
    }
  }

  @Override
  public void channelReadComplete(ChannelHandlerContext ctx) {
    chats.flush();
  }

  @Override
  public void channelInactive(ChannelHandlerContext ctx) {
    chats.forget(reads, ctx.channel());
    if (pending != null) {
      pending.release();
      pending = null;
    }
  }

  @Override
  public void exceptionCaught(ChannelHandlerContext ctx, Throwable cause) {
    ctx.close();
  }

  private void onRequest(ChannelHandlerContext ctx, HttpRequest request) {
    Matcher stream = STREAM.matcher(request.uri());
    if (request.method().equals(HttpMethod.GET) && stream.matches()) {
      reads = stream.group(1);
      ctx.writeAndFlush(ByteBufUtil.writeAscii(ctx.alloc(), HEAD));
      chats.subscribe(reads, ctx.channel());
    } else if (request.method().equals(HttpMethod.POST) && request.uri().equals("/v1/events")) {
      publishes = true;
      lines = 0;
    } else {
      ctx.writeAndFlush(ByteBufUtil.writeAscii(ctx.alloc(), NOT_FOUND));
    }
  }

  private void onLines(ChannelHandlerContext ctx, HttpContent content) {
    ByteBuf all = pending == null ? ctx.alloc().buffer() : pending;
    all.writeBytes(content.content());
    int lineBytes = all.bytesBefore((byte) '\n');
    while (lineBytes >= 0) {
      chats.publish(all.readSlice(lineBytes));
      all.skipBytes(1);
      lines++;
      lineBytes = all.bytesBefore((byte) '\n');
    }
    pending = null;
    if (all.isReadable()) {
      pending = all.discardReadBytes();
    } else {
      all.release();
    }
    if (content instanceof LastHttpContent) {
      publishes = false;
      String body = "{\"accepted\":" + lines + "}";
      String answer = "HTTP/1.1 200 OK\r\nContent-Length: " + body.length() + "\r\n\r\n" + body;
      ctx.writeAndFlush(ByteBufUtil.writeAscii(ctx.alloc(), answer));
    }
  }
}
