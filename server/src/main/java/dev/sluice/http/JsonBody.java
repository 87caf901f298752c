package dev.sluice.http;

import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.nio.ByteBuffer;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.async.ByteBufferFeeder;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.util.TokenBuffer;

/** A body that is one JSON object, parsed as it arrives. */
final class JsonBody implements RequestBody {
  /** What is done with the object. */
  @FunctionalInterface
  interface Action {
    void accept(Exchange exchange, JsonNode object) throws ProblemException;
  }

  private final Exchange exchange;
  private final Action action;
  private final JsonParser parser;
  private final ByteBufferFeeder feeder;
  private final TokenBuffer tokens = TokenBuffer.forGeneration();
  private int depth;
  private boolean complete;

  private JsonBody(Exchange exchange, Action action) {
    this.exchange = exchange;
    this.action = action;
    int maxBytes = exchange.edge().settings().maxBodyBytes();
    parser = Json.factory(maxBytes).createNonBlockingByteBufferParser(ObjectReadContext.empty());
    feeder = (ByteBufferFeeder) parser.nonBlockingInputFeeder();
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
      try {
        feeder.feedInput(buffer);
        drain();
      } catch (JacksonException e) {
        throw malformed(e);
      }
    }
  }

  @Override
  public void end() throws ProblemException {
    JsonNode object;
    try {
      feeder.endOfInput();
      drain();
      if (!complete) {
        throw notAnObject();
      }
      object = Json.MAPPER.readTree(tokens.asParser());
    } catch (JacksonException e) {
      throw malformed(e);
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

  private void drain() throws ProblemException {
    JsonToken token;
    while ((token = parser.nextToken()) != JsonToken.NOT_AVAILABLE && token != null) {
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
  }

  private void close() {
    parser.close();
    tokens.close();
  }

  private static ProblemException notAnObject() {
    return new ProblemException(
        Problem.badRequest("malformed_json", "the body has to be one JSON object"));
  }

  private static ProblemException malformed(JacksonException e) {
    return new ProblemException(
        new Problem(
            HttpResponseStatus.BAD_REQUEST,
            "malformed_json",
            "the body is not JSON: " + e.getOriginalMessage()));
  }
}
