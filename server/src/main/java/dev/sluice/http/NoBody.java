package dev.sluice.http;

import io.netty.buffer.ByteBuf;

/** For calls that need no body; a small one is read over. */
final class NoBody implements RequestBody {
  private final Exchange exchange;
  private final Endpoint.Answer answer;

  NoBody(Exchange exchange, Endpoint.Answer answer) {
    this.exchange = exchange;
    this.answer = answer;
  }

  @Override
  public void bytes(ByteBuf piece) {}

  @Override
  public void end() throws ProblemException {
    answer.to(exchange);
  }

  @Override
  public long maxBytes() {
    return exchange.edge().settings().maxBodyBytes();
  }
}
