package dev.sluice.http;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpContent;
import io.netty.handler.codec.http.HttpRequest;
import io.netty.handler.codec.http.HttpUtil;

/** The body of one request on its way to who takes it: no more of it than may be. */
final class BodyFeed {
  private final RequestBody taker;
  private long byteCount;

  /**
   * @throws ProblemException if the request says itself that its body is too large
   */
  BodyFeed(RequestBody taker, HttpRequest request) throws ProblemException {
    this.taker = taker;
    requireRoom(HttpUtil.getContentLength(request, 0L));
  }

  RequestBody taker() {
    return taker;
  }

  /** Hands on a piece, which stays the caller's; false if its rest has to be handed on again. */
  boolean take(HttpContent content) throws ProblemException {
    if (content.decoderResult().isFailure()) {
      throw new ProblemException(Problem.undecodable(content.decoderResult().cause()));
    }
    ByteBuf piece = content.content();
    int before = piece.readableBytes();
    requireRoom(byteCount + before);
    if (before > 0 || taker.isHeld()) {
      taker.bytes(piece);
    }
    byteCount += taker.isHeld() ? before - piece.readableBytes() : before;
    return !taker.isHeld();
  }

  private void requireRoom(long bytes) throws ProblemException {
    if (bytes > taker.maxBytes()) {
      throw new ProblemException(Problem.bodyTooLarge(taker.maxBytes()));
    }
  }
}
