package dev.sluice.http;

import dev.sluice.chat.Chat;
import dev.sluice.chat.Cursor;
import dev.sluice.chat.EventId;
import dev.sluice.chat.EventRules;
import dev.sluice.chat.PublishResult;
import dev.sluice.chat.StartAt;
import dev.sluice.chat.Wakeups;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.function.Function;
import org.jspecify.annotations.Nullable;

/** {@code GET /v1/chats/{chatId}/stream}, and what other calls need that answer with a stream. */
final class SubscribeEndpoint {
  private SubscribeEndpoint() {}

  static void subscribe(Exchange exchange) throws ProblemException {
    String chatId = exchange.chatId(0);
    StartAt startAt = startAt(exchange);
    String run = exchange.parameter("run");
    if (run != null && !EventRules.isId(run)) {
      throw badParameter("run", "1 to 200 characters without control characters or /");
    }
    boolean follow = choice(exchange, "mode", "run", "follow");
    boolean ids = !choice(exchange, "ids", "on", "off");
    boolean wait = !choice(exchange, "wait", "true", "false");
    int batchMs = batchMs(exchange);
    Chat chat = exchange.edge().chats().find(chatId);
    if (chat == null && !wait) {
      throw new ProblemException(Problem.chatNotFound());
    }
    if (chat != null && run != null && !wait && !chat.hasRun(run)) {
      throw new ProblemException(
          new Problem(
              HttpResponseStatus.NOT_FOUND, "run_not_found", "the chat has no run of this id"));
    }
    StreamOptions options =
        new StreamOptions(ClientType.EXTERNAL, follow, ids, !exchange.isHttp10(), batchMs);
    open(exchange, chatId, startAt, run, options);
  }

  /** Answers with a stream, or with 204 if the client has everything there will be. */
  static void open(
      Exchange exchange,
      String chatId,
      StartAt startAt,
      @Nullable String run,
      StreamOptions options)
      throws ProblemException {
    Edge edge = exchange.edge();
    if (!options.follow()
        && startAt instanceof StartAt.After after
        && edge.chats().hasNothingAfter(chatId, after.id(), run)) {
      exchange.noContent();
      return;
    }
    if (exchange.isHead()) {
      exchange.streamHead();
      return;
    }
    edge.admission().admit(edge.chats().find(chatId), exchange.countedAddress());
    Wakeups wakeups = exchange.loop().wakeups();
    openAdmitted(
        exchange,
        options,
        stream -> edge.chats().subscribe(chatId, startAt, run, wakeups, stream),
        PublishResult.TOO_MANY_CHATS);
  }

  /**
   * Answers with a stream that has been admitted.
   *
   * @param subscription makes the stream's cursor, or null if it cannot be had
   * @param refusal what to answer then
   */
  static void openAdmitted(
      Exchange exchange,
      StreamOptions options,
      Function<SseStream, @Nullable Cursor> subscription,
      PublishResult refusal)
      throws ProblemException {
    Edge edge = exchange.edge();
    SseStream stream =
        new SseStream(exchange.loop(), options, exchange.countedAddress(), exchange.startNanos());
    Cursor cursor = subscription.apply(stream);
    if (cursor == null) {
      edge.admission().release(exchange.countedAddress());
      throw new ProblemException(Publication.refusal(refusal));
    }
    exchange.stream(stream);
    stream.begin(cursor);
  }

  /**
   * Where the client wants to begin: by header, else by {@code lastEventId}, else by {@code from}.
   */
  private static StartAt startAt(Exchange exchange) throws ProblemException {
    EventId last = lastEventId(exchange);
    if (last != null) {
      return new StartAt.After(last);
    }
    String from = exchange.parameter("from");
    if (from == null || from.equals("start")) {
      return new StartAt.CurrentRun();
    }
    if (from.equals("live")) {
      return new StartAt.Live();
    }
    return new StartAt.After(requireId("from", from, "start, live or <epoch>-<offset>"));
  }

  /** The event that the client says it has seen last, or null. */
  static @Nullable EventId lastEventId(Exchange exchange) throws ProblemException {
    String header = exchange.headers().get("last-event-id");
    if (header != null && !header.isEmpty()) {
      return requireId("Last-Event-ID", header, "<epoch>-<offset>");
    }
    String parameter = exchange.parameter("lastEventId");
    return parameter == null || parameter.isEmpty()
        ? null
        : requireId("lastEventId", parameter, "<epoch>-<offset>");
  }

  private static EventId requireId(String name, String text, String allowed)
      throws ProblemException {
    EventId id = EventId.parse(text);
    if (id == null) {
      throw new ProblemException(
          Problem.badRequest("bad_event_id", name + " has to be " + allowed));
    }
    return id;
  }

  /** True if the parameter has the other value than the usual one. */
  private static boolean choice(Exchange exchange, String name, String usual, String other)
      throws ProblemException {
    String value = exchange.parameter(name);
    if (value == null || value.equals(usual)) {
      return false;
    }
    if (value.equals(other)) {
      return true;
    }
    throw badParameter(name, usual + " or " + other);
  }

  private static int batchMs(Exchange exchange) throws ProblemException {
    String value = exchange.parameter("batch");
    if (value == null) {
      return exchange.edge().batchMs();
    }
    try {
      int batchMs = Integer.parseInt(value);
      if (batchMs >= 0 && batchMs <= HttpSettings.MAX_BATCH_MS) {
        return batchMs;
      }
    } catch (NumberFormatException e) {
      // Answered like a number that is out of range.
    }
    throw badParameter("batch", "a number of ms from 0 to " + HttpSettings.MAX_BATCH_MS);
  }

  private static ProblemException badParameter(String name, String allowed) {
    return new ProblemException(
        Problem.badRequest("bad_parameter", "the parameter " + name + " has to be " + allowed));
  }
}
