package dev.sluice.http;

import dev.sluice.chat.Chat;
import dev.sluice.chat.EventId;
import dev.sluice.chat.ProducerState;
import dev.sluice.chat.RunEnding;
import dev.sluice.chat.RunState;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;

/** The calls about a chat as a whole: its state, stop, delete. */
final class ChatEndpoints {
  private ChatEndpoints() {}

  /** {@code GET /v1/chats/{chatId}}. */
  static void state(Exchange exchange) throws ProblemException {
    String chatId = exchange.chatId(0);
    Chat chat = require(exchange, chatId);
    List<RunState> runs = chat.runStates();
    Map<String, Object> state = new LinkedHashMap<>();
    state.put("chatId", chatId);
    state.put("epoch", chat.lastId().epoch());
    state.put("firstId", chat.firstId().toString());
    state.put("lastId", chat.lastId().toString());
    state.put(
        "state",
        runs.isEmpty()
            ? "waiting"
            : runs.stream().anyMatch(RunState::isOpen) ? "running" : "ended");
    state.put("subscribers", chat.subscriberCount());
    state.put("runs", runs.stream().map(run -> runState(run, chat.lastId().epoch())).toList());
    List<ProducerState> producers = chat.producerStates();
    if (!producers.isEmpty()) {
      state.put("producers", producers);
    }
    exchange.json(HttpResponseStatus.OK, state);
  }

  /** {@code POST /v1/chats/{chatId}/stop}: as often as one likes. */
  static void stop(Exchange exchange) throws ProblemException {
    String chatId = exchange.chatId(0);
    Chat chat = require(exchange, chatId);
    chat.stop();
    chat.afterPublished(
        () ->
            exchange.onLoop(
                () ->
                    exchange.json(
                        HttpResponseStatus.OK,
                        Json.MAPPER
                            .createObjectNode()
                            .put("chatId", chatId)
                            .put("lastId", chat.lastId().toString()))));
  }

  /** {@code DELETE /v1/chats/{chatId}}. */
  static void delete(Exchange exchange) throws ProblemException {
    String chatId = exchange.chatId(0);
    require(exchange, chatId);
    exchange.edge().chats().delete(chatId);
    exchange.noContent();
  }

  private static Map<String, Object> runState(RunState run, long epoch) {
    Map<String, Object> state = new LinkedHashMap<>();
    state.put("runId", run.runId());
    RunEnding ending = run.ending();
    state.put("state", ending == null ? "open" : ending.wireName());
    if (run.startOffset() > 0) {
      state.put("firstId", new EventId(epoch, run.startOffset()).toString());
    }
    if (ending != null) {
      state.put("lastId", new EventId(epoch, run.endOffset()).toString());
    }
    return state;
  }

  private static Chat require(Exchange exchange, String chatId) throws ProblemException {
    Chat chat = exchange.edge().chats().find(chatId);
    if (chat == null) {
      throw new ProblemException(Problem.chatNotFound());
    }
    return chat;
  }
}
