package dev.sluice.upstream;

import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.JsonNodeFactory;

/**
 * What an answer cost, in the model's own tokens.
 *
 * @param inputTokens of the conversation
 * @param outputTokens of the answer
 * @param totalTokens both, or more if the model server counts more
 */
record TokenUsage(long inputTokens, long outputTokens, long totalTokens) {

  /** Reads a {@code usage} object; null if there is none or it counts nothing. */
  static @Nullable TokenUsage of(JsonNode usage) {
    JsonNode input = usage.path("prompt_tokens");
    JsonNode output = usage.path("completion_tokens");
    JsonNode total = usage.path("total_tokens");
    if (!input.isIntegralNumber() && !output.isIntegralNumber() && !total.isIntegralNumber()) {
      return null;
    }
    long in = input.asLong(0);
    long out = output.asLong(0);
    return new TokenUsage(in, out, total.asLong(in + out));
  }

  /** For the {@code usageMetadata} event, under the names that Flowise uses. */
  String json() {
    return JsonNodeFactory.instance
        .objectNode()
        .put("input_tokens", inputTokens)
        .put("output_tokens", outputTokens)
        .put("total_tokens", totalTokens)
        .toString();
  }
}
