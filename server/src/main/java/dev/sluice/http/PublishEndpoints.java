package dev.sluice.http;

/** {@code POST …/events}: the ways in for publishers. */
final class PublishEndpoints {
  private static final String JSON = "application/json";
  private static final String NDJSON = "application/x-ndjson";

  private PublishEndpoints() {}

  /** {@code POST /v1/chats/{chatId}/events}. */
  static RequestBody toChat(Exchange exchange) throws ProblemException {
    String chatId = exchange.chatId(0);
    exchange.requireContentType(JSON, NDJSON);
    return NDJSON.contentEquals(exchange.contentType())
        ? new NdjsonBody(exchange, chatId)
        : new EventsBody(exchange, chatId);
  }

  /** {@code POST /v1/events}: every line names its chat. */
  static RequestBody toMany(Exchange exchange) throws ProblemException {
    exchange.requireContentType(NDJSON);
    return new NdjsonBody(exchange, null);
  }
}
