package dev.sluice.http;

import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.util.TokenBuffer;

/** A body that is one JSON object, parsed as it arrives. */
final class JsonBody implements RequestBody {
  /** What is done with the object. */
  @FunctionalInterface
  interface Action {
    void accept(Exchange exchange, JsonNode object) throws ProblemException;
  }

  private static final String CODE = "malformed_json";

  private final Exchange exchange;
  private final Action action;
  private final JsonTokens json;
  private final TokenBuffer tokens = TokenBuffer.forGeneration();
  private int depth;
  private boolean complete;

  private JsonBody(Exchange exchange, Action action) {
    this.exchange = exchange;
    this.action = action;
    json = new JsonTokens(exchange.edge().settings().maxBodyBytes(), CODE, "the body");
  }

  static Endpoint endpoint(Action action) {
    return exchange -> {
      exchange.requireContentType("application/json");
      return new JsonBody(exchange, action);
    };
  }

  @Override
  public void bytes(ByteBuf piece) throws ProblemException {
    for (ByteBuffer buffer : piece.nioBuffers()) {
      json.feed(buffer, this::take);
    }
  }

  @Override
  public void end() throws ProblemException {
    JsonNode object;
    try {
      json.end(this::take);
      if (!complete) {
        throw notAnObject();
      }
      object = Json.MAPPER.readTree(tokens.asParser());
    } finally {
      close();
    }
    action.accept(exchange, object);
  }

  @Override
  public void aborted() {
    close();
  }

  @Override
  public void refused() {
    close();
  }

  @Override
  public long maxBytes() {
    return exchange.edge().settings().maxBodyBytes();
  }

  private void take(JsonParser parser, JsonToken token) throws ProblemException {
    if (complete || (depth == 0 && token != JsonToken.START_OBJECT)) {
      throw notAnObject();
    }
    if (token.isStructStart()) {
      depth++;
    } else if (token.isStructEnd()) {
      complete = --depth == 0;
    }
    tokens.copyCurrentEvent(parser);
  }

  private void close() {
    json.close();
    tokens.close();
  }

  private static ProblemException notAnObject() {
    return new ProblemException(Problem.badRequest(CODE, "the body has to be one JSON object"));
  }
}
