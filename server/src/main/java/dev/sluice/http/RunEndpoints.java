package dev.sluice.http;

import dev.sluice.chat.Chat;
import dev.sluice.chat.EventId;
import dev.sluice.chat.Flows;
import dev.sluice.chat.Prompt;
import dev.sluice.chat.PublishResult;
import dev.sluice.chat.RunPublisher;
import dev.sluice.chat.StartAt;
import dev.sluice.chat.Upstream;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

/** The calls that have an upstream answer: runs, and the predictions of Flowise's clients. */
final class RunEndpoints {
  private RunEndpoints() {}

  /** {@code POST /v1/chats/{chatId}/runs}: the tokens go to the chat. */
  static void run(Exchange exchange, JsonNode body) throws ProblemException {
    String chatId = exchange.chatId(0);
    String flow = PromptReader.optionalString(body, "flow", "bad_flow");
    Upstream upstream = upstream(exchange, flow);
    Prompt prompt = PromptReader.ofRun(body, flow);
    RunPublisher run = startRun(exchange, chatId, upstream);
    upstream.answer(prompt, run);
    exchange.json(
        HttpResponseStatus.ACCEPTED,
        Json.MAPPER.createObjectNode().put("chatId", chatId).put("runId", run.runId()));
  }

  /** {@code POST /api/v1/prediction/{flowId}} and its internal twin. */
  static JsonBody.Action prediction(ClientType client) {
    return (exchange, body) -> predict(exchange, body, client);
  }

  private static void predict(Exchange exchange, JsonNode body, ClientType client)
      throws ProblemException {
    String named = PromptReader.optionalString(body, "chatId", "bad_chat_id");
    String chatId = named == null ? UUID.randomUUID().toString() : Exchange.requireChatId(named);
    JsonNode streaming = body.path("streaming");
    StreamOptions options =
        new StreamOptions(client, false, true, !exchange.isHttp10(), exchange.edge().batchMs());
    EventId last = SubscribeEndpoint.lastEventId(exchange);
    Chat known = exchange.edge().chats().find(chatId);
    if (last != null && known != null && known.newestRunId() != null) {
      resume(exchange, known, last, options);
      return;
    }
    // What the client has seen is of a chat that is no more: it is told so before the new answer.
    StartAt startAt = last == null ? new StartAt.CurrentRun() : new StartAt.After(last);
    String flow = exchange.variable(0);
    Upstream upstream = upstream(exchange, flow);
    Prompt prompt = PromptReader.ofPrediction(body, chatId, flow, upstream.readsPredictions());
    // Admitted before the model is asked: a refused client costs nothing.
    Edge edge = exchange.edge();
    edge.admission().admit(edge.chats().find(chatId), exchange.countedAddress());
    RunPublisher run;
    try {
      run = startRun(exchange, chatId, upstream);
    } catch (ProblemException e) {
      edge.admission().release(exchange.countedAddress());
      throw e;
    }
    if (streaming.asString("").equals("true")) {
      SubscribeEndpoint.openAdmitted(
          exchange,
          options,
          stream -> run.subscribe(startAt, exchange.loop().wakeups(), stream),
          PublishResult.CHAT_GONE);
    } else {
      new JsonAnswer(exchange, prompt, run).begin();
    }
    upstream.answer(prompt, run);
  }

  /**
   * A client that repeats the call after a broken stream gets the rest of its run; nobody is asked
   * again. If its last event is of another log it gets the chat's newest run, after a gap.
   */
  private static void resume(Exchange exchange, Chat chat, EventId last, StreamOptions options)
      throws ProblemException {
    boolean ofThisLog = chat.lastId().epoch() == last.epoch();
    String run = ofThisLog ? chat.runAt(last) : chat.newestRunId();
    if (run == null) {
      throw new ProblemException(
          new Problem(
              HttpResponseStatus.GONE, "event_gone", "the event of this id is no longer here"));
    }
    SubscribeEndpoint.open(exchange, chat.chatId(), new StartAt.After(last), run, options);
  }

  private static Upstream upstream(Exchange exchange, @Nullable String flow)
      throws ProblemException {
    Upstream upstream = exchange.edge().flows().find(flow);
    if (upstream == null) {
      Flows flows = exchange.edge().flows();
      String known = String.join(", ", flows.named().keySet());
      String choice = known.isEmpty() ? "" : "; there are " + known;
      throw new ProblemException(
          new Problem(
              HttpResponseStatus.NOT_FOUND,
              "flow_not_found",
              flow == null
                  ? "it has to be said which flow is asked" + choice
                  : "there is no flow of this name" + choice));
    }
    return upstream;
  }

  private static RunPublisher startRun(Exchange exchange, String chatId, Upstream upstream)
      throws ProblemException {
    exchange.edge().admission().requireOpen();
    RunPublisher run =
        exchange.edge().chats().startRun(chatId, !upstream.beginsRuns(), upstream.onLag());
    if (run == null) {
      throw new ProblemException(Publication.refusal(PublishResult.TOO_MANY_CHATS));
    }
    if (run.ending() != null) {
      throw new ProblemException(Publication.refusal(PublishResult.TOO_MANY_RUNS));
    }
    run.unreadPolicy(upstream.unreadPolicy());
    run.batchMs(upstream.batchMs());
    return run;
  }
}
