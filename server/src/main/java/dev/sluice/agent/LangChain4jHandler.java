package dev.sluice.agent;

import dev.langchain4j.agent.tool.ToolExecutionRequest;
import dev.langchain4j.model.chat.response.ChatResponse;
import dev.langchain4j.model.chat.response.CompleteToolCall;
import dev.langchain4j.model.chat.response.PartialResponse;
import dev.langchain4j.model.chat.response.PartialResponseContext;
import dev.langchain4j.model.chat.response.PartialThinking;
import dev.langchain4j.model.chat.response.PartialThinkingContext;
import dev.langchain4j.model.chat.response.StreamingChatResponseHandler;
import dev.langchain4j.model.chat.response.StreamingHandle;
import dev.langchain4j.model.output.TokenUsage;
import dev.sluice.chat.PublishResult;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.CompletionStage;
import org.jspecify.annotations.Nullable;

/**
 * Publishes what a LangChain4j model streams: its text as tokens, its thinking, the tools that it
 * asks for, its usage. For one call of a model, inside a run that has begun; the run is ended by
 * whoever began it, once {@link #done} says so.
 *
 * <p>When the run is stopped, or takes no more, the model's stream is cancelled as soon as the
 * library allows: at the next piece that arrives if none has arrived yet.
 *
 * <p>The library is an optional dependency: {@code dev.langchain4j:langchain4j-core} 1.8 or newer
 * has to be brought by the program that uses this class. LangChain4j calls one thread at a time.
 */
public final class LangChain4jHandler implements StreamingChatResponseHandler {
  private final LlmNode node;
  private final CompletableFuture<PublishResult> done = new CompletableFuture<>();
  private volatile @Nullable StreamingHandle stream;
  private volatile boolean stopped;

  /**
   * @param node what is done with the text; for this call of a model alone
   */
  public LangChain4jHandler(LlmNode node) {
    this.node = node;
    node.events().listen(node.chatId(), this::stop);
  }

  /**
   * When the model has finished and all of it was published: {@link PublishResult#ACCEPTED}, or why
   * not all was; {@link PublishResult#RUN_ENDED} if the model has failed, and the run with it.
   */
  public CompletionStage<PublishResult> done() {
    return done.minimalCompletionStage();
  }

  @Override
  public void onPartialResponse(PartialResponse partial, PartialResponseContext context) {
    next(context.streamingHandle(), node.onToken(partial.text()));
  }

  @Override
  public void onPartialThinking(PartialThinking partial, PartialThinkingContext context) {
    next(context.streamingHandle(), node.onThinking(partial.text()));
  }

  @Override
  public void onCompleteToolCall(CompleteToolCall call) {
    ToolExecutionRequest request = call.toolExecutionRequest();
    Map<String, @Nullable Object> item = AgentNode.toolUse(request.name(), request.arguments(), "");
    if (request.id() != null) {
      item.put("toolCallId", request.id());
    }
    node.onToolCalls(List.of(item));
  }

  @Override
  public void onCompleteResponse(ChatResponse response) {
    done.complete(node.onComplete(response.aiMessage().text(), usage(response.tokenUsage())));
  }

  @Override
  public void onError(Throwable cause) {
    node.onError(cause);
    // A stream that was cancelled may end by an error, too.
    done.complete(stopped ? PublishResult.RUN_STOPPED : PublishResult.RUN_ENDED);
  }

  private void next(StreamingHandle handle, PublishResult result) {
    stream = handle;
    if (stopped || result != PublishResult.ACCEPTED) {
      handle.cancel();
      done.complete(result == PublishResult.ACCEPTED ? PublishResult.RUN_STOPPED : result);
    }
  }

  private void stop() {
    stopped = true;
    StreamingHandle handle = stream;
    if (handle != null) {
      handle.cancel();
      done.complete(PublishResult.RUN_STOPPED);
    }
  }

  private static @Nullable Map<String, Integer> usage(@Nullable TokenUsage usage) {
    if (usage == null) {
      return null;
    }
    Map<String, Integer> counts = new LinkedHashMap<>();
    put(counts, "input_tokens", usage.inputTokenCount());
    put(counts, "output_tokens", usage.outputTokenCount());
    put(counts, "total_tokens", usage.totalTokenCount());
    return counts;
  }

  private static void put(Map<String, Integer> counts, String name, @Nullable Integer count) {
    if (count != null) {
      counts.put(name, count);
    }
  }
}
