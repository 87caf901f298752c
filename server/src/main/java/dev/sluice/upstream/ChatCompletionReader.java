package dev.sluice.upstream;

import dev.sluice.frame.TokenType;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;

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
    JsonNode chunk = ErrorWords.parse(data);
    if (chunk == null || !chunk.isObject()) {
      failure = CallFailure.of(UpstreamFault.MALFORMED, "An event is not a JSON object.");
    } else if (type.equals("error") && !chunk.has("error")) {
      failure = report(chunk);
    } else {
      chunk(chunk);
    }
  }

  @Override
  public void document(String json) {
    JsonNode completion = ErrorWords.parse(json);
    if (completion == null
        || !(completion.path("choices").isArray() || isError(completion.path("error")))) {
      failure = CallFailure.of(UpstreamFault.MALFORMED, "It is JSON, but not a completion.");
      return;
    }
    chunk(completion);
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

  private void chunk(JsonNode chunk) {
    JsonNode error = chunk.path("error");
    if (isError(error)) {
      failure = report(error);
      return;
    }
    TokenUsage counted = TokenUsage.of(chunk.path("usage"));
    if (counted != null) {
      usage = counted;
    }
    for (JsonNode choice : chunk.path("choices")) {
      if (choice.path("index").asInt(0) == 0) {
        choice(choice);
        return;
      }
    }
  }

  private void choice(JsonNode choice) {
    JsonNode delta = choice.has("delta") ? choice.path("delta") : choice.path("message");
    // Servers that know both spellings send the same text under both.
    String reasoning = delta.path("reasoning_content").stringValue("");
    if (reasoning.isEmpty()) {
      reasoning = delta.path("reasoning").stringValue("");
    }
    answer.token(TokenType.AGENT_REASONING, reasoning);
    answer.token(contentType, MessageText.of(delta.path("content")));
    answer.token(contentType, delta.path("refusal").stringValue(""));
    if (!toolCalls.add(delta.path("tool_calls"))) {
      failure = CallFailure.of(UpstreamFault.MALFORMED, "Its tool calls are too large.");
      return;
    }
    if (choice.path("finish_reason").isString()) {
      finished = true;
      publishToolCalls();
    }
  }

  private static boolean isError(JsonNode error) {
    return error.isObject() || error.isString();
  }

  private void publishToolCalls() {
    if (!toolCalls.isEmpty()) {
      answer.calledTools(toolCalls.take());
    }
  }

  private CallFailure report(JsonNode error) {
    int code = error.path("code").asInt(0);
    return CallFailure.ofReport(
        ErrorWords.of(error, settings), code >= 400 && code <= 599 ? code : 0);
  }
}
