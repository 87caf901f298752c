package dev.sluice.http;

import dev.sluice.chat.Chat;
import dev.sluice.chat.Upstream;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.Map;
import tools.jackson.databind.node.ObjectNode;

/** The small calls that Flowise's clients make around a prediction. */
final class FlowiseEndpoints {
  private FlowiseEndpoints() {}

  /** {@code GET /api/v1/chatflows-streaming/{flowId}}. */
  static void isStreaming(Exchange exchange) {
    exchange.json(HttpResponseStatus.OK, Map.of("isStreaming", true));
  }

  /** {@code GET /api/v1/public-chatbotConfig/{flowId}}: the upstream's, if it has one. */
  static void chatbotConfig(Exchange exchange) {
    String flow = exchange.variable(0);
    Upstream upstream = exchange.edge().flows().find(flow);
    if (upstream == null) {
      defaultConfig(exchange);
      return;
    }
    // On this connection's event loop, like everything about the exchange.
    boolean[] gone = {false};
    exchange.onGone(() -> gone[0] = true);
    upstream.chatbotConfig(
        flow,
        config ->
            exchange.onLoop(
                () -> {
                  if (gone[0]) {
                    return;
                  }
                  if (config == null) {
                    defaultConfig(exchange);
                  } else {
                    exchange.respond(HttpResponseStatus.OK, "application/json", config);
                  }
                }));
  }

  /**
   * The widget wants to find {@code uploads}, and shows the follow-up prompts of an answer's {@code
   * metadata} only if they are switched on here.
   */
  private static void defaultConfig(Exchange exchange) {
    ObjectNode config = Json.MAPPER.createObjectNode();
    config.putObject("uploads");
    config.putObject("followUpPrompts").put("status", true);
    exchange.json(HttpResponseStatus.OK, config);
  }

  /**
   * {@code PUT /api/v1/chatmessage/abort/{flowId}/{chatId}}: a chat that is not there is stopped.
   */
  static void abort(Exchange exchange) throws ProblemException {
    Chat chat = exchange.edge().chats().find(exchange.chatId(1));
    if (chat != null) {
      chat.stop();
    }
    exchange.json(
        HttpResponseStatus.OK,
        Json.MAPPER.createObjectNode().put("status", 200).put("message", "Chat message aborted"));
  }

  /** {@code GET /api/v1/ping}. */
  static void ping(Exchange exchange) {
    exchange.text(HttpResponseStatus.OK, "pong");
  }
}
