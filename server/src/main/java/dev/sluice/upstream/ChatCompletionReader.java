package dev.sluice.upstream;

import dev.sluice.frame.TokenType;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.MissingNode;

/**
 * Turns the chunks of a chat completion into the events of a run. A completion that came in one
 * piece is read as a single chunk. One thread.
 */
final class ChatCompletionReader implements AnswerReader {
  private static final String DONE = "[DONE]";

  private final UpstreamSettings settings;
  private final AnswerPublisher answer;
  private final TokenType contentType;
  private final ToolCallAssembler toolCalls;
  private final CompletionChunk chunk = new CompletionChunk();
  private @Nullable TokenUsage usage;
  private @Nullable CallFailure failure;
  private boolean done;
  private boolean finished;

  ChatCompletionReader(UpstreamSettings settings, AnswerPublisher answer) {
    this.settings = settings;
    this.answer = answer;
    contentType = settings.tokenType();
    toolCalls = new ToolCallAssembler(settings.maxEventBytes());
  }

  @Override
  public boolean isDone() {
    return done;
  }

  /** True once the model has finished; the usage may still come. */
  @Override
  public boolean isFinished() {
    return finished;
  }

  @Override
  public @Nullable CallFailure failure() {
    return failure;
  }

  @Override
  public void event(String type, String data) {
    if (done || failure != null || answer.refusal() != null || data.isBlank()) {
      return;
    }
    if (data.strip().equals(DONE)) {
      done = true;
      return;
    }
    if (!chunk.read(data)) {
      failure = CallFailure.of(UpstreamFault.MALFORMED, "An event is not a JSON object.");
    } else if (type.equals("error") && !chunk.hasError()) {
      failure = report(ErrorWords.parse(data));
    } else {
      publish();
    }
  }

  @Override
  public void document(String json) {
    if (!chunk.read(json) || !(chunk.hasChoices() || chunk.error() != null)) {
      failure = CallFailure.of(UpstreamFault.MALFORMED, "It is JSON, but not a completion.");
      return;
    }
    publish();
    done = true;
  }

  @Override
  public void end() {
    publishToolCalls();
    answer.end(usage);
  }

  @Override
  public @Nullable String errorMessage(String body) {
    return ErrorWords.ofBody(body, settings);
  }

  private void publish() {
    if (chunk.error() != null) {
      failure = report(chunk.error());
      return;
    }
    if (chunk.usage() != null) {
      usage = chunk.usage();
    }
    answer.token(TokenType.AGENT_REASONING, chunk.reasoning());
    answer.token(contentType, chunk.content());
    answer.token(contentType, chunk.refusal());
    JsonNode pieces = chunk.toolCalls();
    if (pieces != null && !toolCalls.add(pieces)) {
      failure = CallFailure.of(UpstreamFault.MALFORMED, "Its tool calls are too large.");
      return;
    }
    if (chunk.isFinished()) {
      finished = true;
      publishToolCalls();
    }
  }

  private void publishToolCalls() {
    if (!toolCalls.isEmpty()) {
      answer.calledTools(toolCalls.take());
    }
  }

  private CallFailure report(@Nullable JsonNode said) {
    JsonNode error = said == null ? MissingNode.getInstance() : said;
    int code = error.path("code").asInt(0);
    return CallFailure.ofReport(
        ErrorWords.of(error, settings), code >= 400 && code <= 599 ? code : 0);
  }
}
