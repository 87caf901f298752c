package dev.sluice.http;

import io.netty.buffer.ByteBuf;
import io.netty.channel.ChannelHandlerContext;
import io.netty.handler.codec.http.DefaultHttpContent;
import io.netty.handler.codec.http.DefaultLastHttpContent;
import io.netty.handler.codec.http.FullHttpResponse;
import io.netty.handler.codec.http.LastHttpContent;

/**
 * An answer that begins before its request is complete: NDJSON, of which the last line is what
 * would have been the whole answer otherwise. The connection closes after it. On the event loop.
 */
final class AnswerLines {
  private static final byte[] LINE_END = {'\n'};

  private final ChannelHandlerContext ctx;

  private AnswerLines(ChannelHandlerContext ctx) {
    this.ctx = ctx;
  }

  /**
   * Writes the head.
   *
   * @param chunked false for HTTP/1.0, where the body ends with the connection
   */
  static AnswerLines begin(ChannelHandlerContext ctx, boolean chunked, String date) {
    ctx.write(ResponseHeads.ofLines(chunked, date), ctx.voidPromise());
    return new AnswerLines(ctx);
  }

  /** Writes a line and has it leave at once. */
  void add(byte[] json) {
    ByteBuf line = ctx.alloc().buffer(json.length + 1).writeBytes(json).writeBytes(LINE_END);
    ctx.writeAndFlush(new DefaultHttpContent(line), ctx.voidPromise());
  }

  /** The last line and the end of the body, made of an answer that would have been the only one. */
  LastHttpContent last(FullHttpResponse answer) {
    return new DefaultLastHttpContent(answer.content().writeBytes(LINE_END));
  }
}
