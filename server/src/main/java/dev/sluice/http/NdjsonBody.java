package dev.sluice.http;

import dev.sluice.chat.Chat;
import dev.sluice.chat.EventDraft;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.nio.ByteBuffer;
import java.util.HashMap;
import java.util.HashSet;
import java.util.Map;
import java.util.Set;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JacksonException;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;
import tools.jackson.core.ObjectReadContext;
import tools.jackson.core.async.ByteBufferFeeder;

/**
 * A publishing request with one event a line. A line takes effect when its end arrives, on a
 * request that may stay open for hours; an empty line is a sign of life and nothing else. The first
 * bad line ends the request; the lines before it stand.
 *
 * <p>One parser serves the whole request. It is fed line by line, so that an event can neither span
 * lines nor share one.
 */
final class NdjsonBody implements RequestBody {
  private final Exchange exchange;
  private final Publication publication;
  private final EventReader reader;
  private final JsonParser parser;
  private final ByteBufferFeeder feeder;
  private final int maxLineBytes;
  // The open runs that this request wrote to, by chat: they end if it breaks off.
  private final Map<String, Set<String>> openRuns = new HashMap<>();
  private long line = 1;
  private int lineBytes;
  private boolean hasEvent;

  NdjsonBody(Exchange exchange, @Nullable String chatId) {
    this.exchange = exchange;
    publication = new Publication(exchange, chatId);
    HttpSettings settings = exchange.edge().settings();
    maxLineBytes = settings.maxLineBytes();
    reader = new EventReader(settings.maxEventBytes());
    parser =
        Json.factory(maxLineBytes).createNonBlockingByteBufferParser(ObjectReadContext.empty());
    feeder = (ByteBufferFeeder) parser.nonBlockingInputFeeder();
  }

  @Override
  public void bytes(ByteBuf piece) throws ProblemException {
    for (ByteBuffer buffer : piece.nioBuffers()) {
      int end = buffer.limit();
      int from = buffer.position();
      while (from < end) {
        int to = endOfLine(buffer, from, end);
        buffer.limit(to).position(from);
        feed(buffer);
        if (buffer.get(to - 1) == '\n') {
          endLine();
        }
        buffer.limit(end);
        from = to;
      }
    }
  }

  @Override
  public void end() throws ProblemException {
    try {
      feeder.endOfInput();
      drain();
      endLine();
    } catch (JacksonException e) {
      throw at(malformed(e));
    } finally {
      parser.close();
    }
    publication.answer();
  }

  @Override
  public void aborted() {
    parser.close();
    openRuns.forEach(
        (chatId, runs) -> {
          Chat chat = exchange.edge().chats().find(chatId);
          if (chat != null) {
            runs.forEach(chat::loseProducer);
          }
        });
  }

  @Override
  public void refused() {
    // Its runs stay open: the publisher knows where it stands, and can go on with a new request.
    parser.close();
  }

  @Override
  public long maxBytes() {
    return Long.MAX_VALUE;
  }

  @Override
  public boolean isOpenEnded() {
    return true;
  }

  private void feed(ByteBuffer piece) throws ProblemException {
    lineBytes += piece.remaining();
    if (lineBytes > maxLineBytes) {
      throw at(
          new ProblemException(
              new Problem(
                  HttpResponseStatus.REQUEST_ENTITY_TOO_LARGE,
                  "line_too_large",
                  "a line may have " + maxLineBytes + " bytes")));
    }
    try {
      feeder.feedInput(piece);
      drain();
    } catch (JacksonException e) {
      throw at(malformed(e));
    }
  }

  private void drain() throws ProblemException {
    JsonToken token;
    while ((token = parser.nextToken()) != JsonToken.NOT_AVAILABLE && token != null) {
      if (hasEvent) {
        throw at(fault("a line holds one JSON object and nothing else"));
      }
      try {
        hasEvent = reader.take(parser, token);
      } catch (ProblemException e) {
        throw at(e);
      }
    }
  }

  private void endLine() throws ProblemException {
    if (reader.isInside()) {
      throw at(fault("the JSON object of this line is not complete"));
    }
    if (hasEvent) {
      try {
        EventDraft draft = reader.draft();
        String chatId = publication.chatOf(reader.chatId());
        publication.publish(chatId, draft);
        noteRun(chatId, draft);
      } catch (ProblemException e) {
        throw at(e);
      }
    }
    hasEvent = false;
    lineBytes = 0;
    line++;
  }

  private void noteRun(String chatId, EventDraft draft) {
    Chat chat = exchange.edge().chats().find(chatId);
    if (chat == null) {
      return;
    }
    String open = chat.openRunId(draft.run());
    Set<String> runs = openRuns.get(chatId);
    if (open == null) {
      if (runs != null) {
        runs.removeIf(run -> chat.openRunId(run) == null);
        if (runs.isEmpty()) {
          openRuns.remove(chatId);
        }
      }
    } else if (runs == null) {
      openRuns.computeIfAbsent(chatId, id -> new HashSet<>(2)).add(open);
    } else {
      runs.add(open);
    }
  }

  private ProblemException at(ProblemException e) {
    return publication.at(e, "line", line);
  }

  private static int endOfLine(ByteBuffer buffer, int from, int end) {
    for (int i = from; i < end; i++) {
      if (buffer.get(i) == '\n') {
        return i + 1;
      }
    }
    return end;
  }

  private static ProblemException fault(String detail) {
    return new ProblemException(Problem.badRequest("malformed_line", detail));
  }

  private static ProblemException malformed(JacksonException e) {
    return fault("this line is not JSON: " + e.getOriginalMessage());
  }
}
