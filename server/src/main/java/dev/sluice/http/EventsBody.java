package dev.sluice.http;

import dev.sluice.chat.EventDraft;
import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.async.ByteBufferFeeder;

/**
 * A publishing request whose body is one event, or an array of events. Nothing is published before
 * the whole body was found to be right.
 */
final class EventsBody implements RequestBody {
  private record Addressed(String chatId, EventDraft draft) {}

  private final Exchange exchange;
  private final Publication publication;
  private final EventReader reader;
  private final JsonParser parser;
  private final ByteBufferFeeder feeder;
  private final List<Addressed> events = new ArrayList<>(1);
  private boolean begun;
  private boolean inArray;
  private boolean complete;

  EventsBody(Exchange exchange, String chatId) {
    this.exchange = exchange;
    publication = new Publication(exchange, chatId);
    HttpSettings settings = exchange.edge().settings();
    reader = new EventReader(settings.maxEventBytes());
    parser =
        Json.factory(settings.maxBodyBytes())
            .createNonBlockingByteBufferParser(ObjectReadContext.empty());
    feeder = (ByteBufferFeeder) parser.nonBlockingInputFeeder();
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
    try {
      feeder.endOfInput();
      drain();
      if (!complete) {
        throw fault("the body has to be one event or an array of events");
      }
    } catch (JacksonException e) {
      throw malformed(e);
    } finally {
      parser.close();
    }
    for (int i = 0; i < events.size(); i++) {
      try {
        publication.publish(events.get(i).chatId(), events.get(i).draft());
      } catch (ProblemException e) {
        throw publication.at(e, "index", i);
      }
    }
    publication.answer();
  }

  @Override
  public void aborted() {
    parser.close();
  }

  @Override
  public void refused() {
    parser.close();
  }

  @Override
  public long maxBytes() {
    return exchange.edge().settings().maxBodyBytes();
  }

  private void drain() throws ProblemException {
    JsonToken token;
    while ((token = parser.nextToken()) != JsonToken.NOT_AVAILABLE && token != null) {
      if (complete) {
        throw fault("there is something after the end of the JSON");
      }
      if (!begun) {
        begun = true;
        if (token == JsonToken.START_ARRAY) {
          inArray = true;
          continue;
        }
      }
      if (inArray && !reader.isInside() && token == JsonToken.END_ARRAY) {
        complete = true;
      } else {
        take(token);
      }
    }
  }

  private void take(JsonToken token) throws ProblemException {
    try {
      if (reader.take(parser, token)) {
        String chatId = publication.chatOf(reader.chatId());
        events.add(new Addressed(chatId, inArray ? reader.draft().copy() : reader.draft()));
        complete = !inArray;
      }
    } catch (ProblemException e) {
      throw publication.at(e, "index", events.size());
    }
  }

  private static ProblemException fault(String detail) {
    return new ProblemException(Problem.badRequest("malformed_json", detail));
  }

  private static ProblemException malformed(JacksonException e) {
    return fault("the body is not JSON: " + e.getOriginalMessage());
  }
}
