package dev.sluice.http;

import dev.sluice.chat.EventDraft;
import dev.sluice.chat.PublishResult;
import io.netty.buffer.ByteBuf;
import java.nio.ByteBuffer;
import java.util.ArrayList;
import java.util.List;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * A publishing request whose body is one event, or an array of events. Nothing is published before
 * the whole body was found to be right; then one after the other, up to the first that the chat
 * refuses (because its run is over, for instance).
 */
final class EventsBody implements RequestBody {
  private record Addressed(String chatId, EventDraft draft) {}

  private static final String CODE = "malformed_json";

  private final Exchange exchange;
  private final Publication publication;
  private final EventReader reader;
  private final JsonTokens json;
  private final List<Addressed> events = new ArrayList<>(1);
  private boolean begun;
  private boolean inArray;
  private boolean complete;

  EventsBody(Exchange exchange, String chatId) throws ProblemException {
    this.exchange = exchange;
    publication = new Publication(exchange, chatId);
    HttpSettings settings = exchange.edge().settings();
    ProducerFields producer = ProducerFields.of(exchange.headers());
    reader = new EventReader(settings.maxEventBytes(), producer);
    json = new JsonTokens(settings.maxBodyBytes(), CODE, "the body");
  }

  @Override
  public void bytes(ByteBuf piece) throws ProblemException {
    for (ByteBuffer buffer : piece.nioBuffers()) {
      json.feed(buffer, this::take);
    }
  }

  @Override
  public void end() throws ProblemException {
    try {
      json.end(this::take);
      if (!complete) {
        throw fault("the body has to be one event or an array of events");
      }
    } finally {
      json.close();
    }
    for (int i = 0; i < events.size(); i++) {
      Addressed event = events.get(i);
      try {
        PublishResult result = publication.publish(event.chatId(), event.draft());
        if (result != PublishResult.ACCEPTED) {
          throw publication.refusal(result, event.chatId(), event.draft());
        }
        exchange.edge().metrics().eventPosted();
      } catch (ProblemException e) {
        throw publication.at(e, "index", i);
      }
    }
    publication.answer();
  }

  @Override
  public void aborted() {
    json.close();
  }

  @Override
  public void refused() {
    json.close();
  }

  @Override
  public long maxBytes() {
    return exchange.edge().settings().maxBodyBytes();
  }

  private void take(JsonParser parser, JsonToken token) throws ProblemException {
    if (complete) {
      throw fault("there is something after the end of the JSON");
    }
    if (!begun) {
      begun = true;
      inArray = token == JsonToken.START_ARRAY;
      if (inArray) {
        return;
      }
    }
    if (inArray && !reader.isInside() && token == JsonToken.END_ARRAY) {
      complete = true;
      return;
    }
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
    return new ProblemException(Problem.badRequest(CODE, detail));
  }
}
