package dev.sluice.upstream;

import dev.sluice.chat.Prompt;
import io.netty.channel.EventLoop;
import io.netty.handler.codec.http.HttpMethod;
import io.netty.handler.codec.http.HttpResponseStatus;
import java.util.function.Consumer;
import org.slf4j.Logger;
import org.slf4j.LoggerFactory;
import tools.jackson.databind.JsonNode;

/** One prediction of a Flowise server. */
final class FlowiseDialect implements Dialect {
  private static final Logger LOG = LoggerFactory.getLogger(FlowiseDialect.class);

  private final UpstreamServer server;
  private final String chatflow;
  private final String chatId;
  private final long headPatienceMs;
  private final long sideCallMs;

  FlowiseDialect(
      UpstreamServer server, String chatflow, String chatId, long headPatienceMs, long sideCallMs) {
    this.server = server;
    this.chatflow = chatflow;
    this.chatId = chatId;
    this.headPatienceMs = headPatienceMs;
    this.sideCallMs = sideCallMs;
  }

  @Override
  public UpstreamRequest request(Prompt prompt) {
    return FlowiseRequest.prediction(server.settings(), chatflow, chatId, prompt);
  }

  @Override
  public AnswerReader reader(AnswerPublisher answer) {
    return new FlowiseReader(server.settings(), answer);
  }

  @Override
  public long headPatienceMs() {
    return headPatienceMs;
  }

  /**
   * Flowise does not answer a streaming request that fails before its stream begins, for a chatflow
   * that is not there for instance. The same question put otherwise does get an answer.
   */
  @Override
  public void headIsLate(EventLoop loop, Consumer<CallFailure> verdict) {
    UpstreamSettings settings = server.settings();
    String target = FlowiseRequest.target(settings, "/api/v1/chatflows-streaming/", chatflow);
    new SideCall(
            server,
            UpstreamRequest.bare(HttpMethod.GET, target),
            sideCallMs,
            (status, body) -> {
              if (status >= HttpResponseStatus.BAD_REQUEST.code() && isFlowise(body)) {
                verdict.accept(
                    CallFailure.ofStatus(status, FlowiseReader.errorMessage(body, settings)));
              }
            })
        .begin(loop);
  }

  /** What a proxy before Flowise says about a path that it does not know is no verdict. */
  private static boolean isFlowise(String body) {
    JsonNode json = ErrorWords.parse(body);
    return json != null && json.path("success").isBoolean();
  }

  /** Flowise goes on with an answer whose connection is closed, unless it is told to stop. */
  @Override
  public void abandoned(EventLoop loop) {
    String target =
        FlowiseRequest.target(server.settings(), "/api/v1/chatmessage/abort/", chatflow, chatId);
    new SideCall(
            server,
            UpstreamRequest.bare(HttpMethod.PUT, target),
            sideCallMs,
            (status, body) ->
                LOG.debug("abort: flow={} status={}", server.settings().flow(), status))
        .begin(loop);
  }
}
