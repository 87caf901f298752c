package dev.sluice.http;

import dev.sluice.chat.EventDraft;
import dev.sluice.chat.EventRules;
import dev.sluice.chat.PublishResult;
import io.netty.buffer.ByteBuf;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.nio.ByteBuffer;
import java.util.concurrent.TimeUnit;
import org.jspecify.annotations.Nullable;
import tools.jackson.core.JsonParser;
import tools.jackson.core.JsonToken;

/**
 * A publishing request with one event a line. A line takes effect when its end arrives, on a
 * request that may stay open for hours; an empty line is a sign of life and nothing else. The first
 * bad line ends the request; the lines before it stand.
 *
 * <p>If a run is stopped that the request writes to, a line of the answer says so at once, and what
 * still comes of that run is dropped. On a request to one chat that is so for a second: who goes on
 * after that does not read the answer, and is refused, so that the end of the connection tells it.
 *
 * <p>While there is no room for a line, neither it nor what follows is read: the sender's own
 * writes wait then. It waits for readers as long as they take; for memory as long as they may, and
 * then it is refused.
 *
 * <p>One parser serves the whole request. It is fed line by line, so that an event can neither span
 * lines nor share one.
 */
final class NdjsonBody implements RequestBody {
  private static final String CODE = "malformed_line";
  private static final long HEED_STOP_NANOS = TimeUnit.SECONDS.toNanos(1);

  private final Exchange exchange;
  private final Publication publication;
  private final boolean isToMany;
  private final EventReader reader;
  private final JsonTokens json;
  private final JsonTokens.Taker taker = this::take;
  private final OpenRuns openRuns;
  private final int maxLineBytes;
  private long line = 1;
  private int lineBytes;
  private boolean hasEvent;
  private long stopToldNanos;
  private boolean ended;
  // The line that was read last waits for room.
  private boolean held;
  private long heldSinceNanos;

  /**
   * @param chatId the chat that the path names, or null if every line names its own
   */
  NdjsonBody(Exchange exchange, @Nullable String chatId) throws ProblemException {
    this.exchange = exchange;
    publication = new Publication(exchange, chatId);
    isToMany = chatId == null;
    openRuns = new OpenRuns(exchange.edge().chats(), exchange.executor(), this::stopped);
    HttpSettings settings = exchange.edge().settings();
    maxLineBytes = settings.maxLineBytes();
    ProducerFields producer = ProducerFields.of(exchange.headers());
    reader = new EventReader(settings.maxEventBytes(), producer);
    json = new JsonTokens(maxLineBytes, CODE, "this line");
  }

  @Override
  public void bytes(ByteBuf piece) throws ProblemException {
    try {
      if (held) {
        endLine();
      }
      for (ByteBuffer buffer : piece.nioBuffers()) {
        int from = buffer.position();
        lines(buffer);
        piece.skipBytes(buffer.position() - from);
      }
    } catch (ProblemException e) {
      throw publication.at(e, "line", line);
    }
  }

  @Override
  public void end() throws ProblemException {
    if (!ended) {
      ended = true;
      try {
        json.end(taker);
        endLine();
      } catch (ProblemException e) {
        openRuns.close();
        throw publication.at(e, "line", line);
      } finally {
        json.close();
      }
    }
    if (!held) {
      openRuns.close();
      publication.answer();
    }
  }

  @Override
  public boolean isHeld() {
    return held;
  }

  @Override
  public void aborted() {
    json.close();
    openRuns.lose();
  }

  @Override
  public void refused() {
    // Its runs stay open: the publisher knows where it stands, and can go on with a new request.
    json.close();
    openRuns.close();
  }

  @Override
  public ProblemException draining() {
    return publication.at(Admission.draining(), "line", line);
  }

  @Override
  public long maxBytes() {
    return Long.MAX_VALUE;
  }

  @Override
  public boolean isOpenEnded() {
    return true;
  }

  private void lines(ByteBuffer buffer) throws ProblemException {
    int end = buffer.limit();
    int from = buffer.position();
    while (from < end && !held) {
      int to = endOfLine(buffer, from, end);
      boolean isWhole = buffer.get(to - 1) == '\n';
      lineBytes += isWhole ? to - 1 - from : to - from;
      if (lineBytes > maxLineBytes) {
        throw new ProblemException(
            new Problem(
                HttpResponseStatus.REQUEST_ENTITY_TOO_LARGE,
                "line_too_large",
                "a line may have " + maxLineBytes + " bytes"));
      }
      buffer.limit(to).position(from);
      json.feed(buffer, taker);
      buffer.limit(end).position(to);
      if (isWhole) {
        endLine();
      }
      from = to;
    }
  }

  private void take(JsonParser parser, JsonToken token) throws ProblemException {
    if (hasEvent) {
      throw fault("a line holds one JSON object and nothing else");
    }
    hasEvent = reader.take(parser, token);
  }

  private void endLine() throws ProblemException {
    if (reader.isInside()) {
      throw fault("the JSON object of this line is not complete");
    }
    if (hasEvent) {
      publish(publication.chatOf(reader.chatId()), reader.draft());
      if (held) {
        return;
      }
    } else {
      openRuns.touch();
    }
    hasEvent = false;
    lineBytes = 0;
    line++;
  }

  private void publish(String chatId, EventDraft draft) throws ProblemException {
    PublishResult result =
        openRuns.hasLost(chatId) && !EventRules.isStart(draft)
            ? PublishResult.CHAT_GONE
            : publication.publish(chatId, draft);
    held = result.isForNow() && mayWait(result);
    if (held) {
      return;
    }
    if (result == PublishResult.ACCEPTED) {
      openRuns.published(chatId, draft);
    } else if (isLateAfterStop(result, chatId, draft)) {
      publication.drop(chatId, draft);
    } else {
      throw publication.refusal(result, chatId, draft);
    }
  }

  /** Whoever reads is closed if it takes too long; memory may be used up for ever. */
  private boolean mayWait(PublishResult refusal) {
    long nowNanos = exchange.loop().nowNanos();
    heldSinceNanos = held ? heldSinceNanos : nowNanos;
    long maxMs = exchange.edge().settings().stallTimeoutMs();
    return refusal == PublishResult.PUSHED_BACK
        || nowNanos - heldSinceNanos < TimeUnit.MILLISECONDS.toNanos(maxMs);
  }

  /** True if the publisher could not know yet that this run takes no more events. */
  private boolean isLateAfterStop(PublishResult result, String chatId, EventDraft draft) {
    if (result != PublishResult.RUN_STOPPED && result != PublishResult.CHAT_GONE) {
      return false;
    }
    boolean told = openRuns.hasToldStop(chatId, draft.run());
    if (isToMany) {
      if (!told && result == PublishResult.RUN_STOPPED) {
        openRuns.tellStop(chatId, draft.run());
        return true;
      }
      // It must not cost the other chats their request.
      return told;
    }
    return told && exchange.loop().nowNanos() - stopToldNanos < HEED_STOP_NANOS;
  }

  private void stopped(String chatId, String runId) {
    stopToldNanos = exchange.loop().nowNanos();
    publication.tellStopped(chatId, runId);
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
    return new ProblemException(Problem.badRequest(CODE, detail));
  }
}
