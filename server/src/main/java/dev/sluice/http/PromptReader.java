package dev.sluice.http;

import dev.sluice.chat.Prompt;
import java.util.UUID;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.node.ArrayNode;

/** Makes a {@link Prompt} of what the run and prediction calls are sent. Stateless; any thread. */
final class PromptReader {
  private PromptReader() {}

  /** {@code {"question"}} or {@code {"messages":[…]}}, for that flow. */
  static Prompt ofRun(JsonNode body, @Nullable String flow) throws ProblemException {
    JsonNode messages = body.get("messages");
    if (messages == null) {
      return prompt(requireQuestion(body), Json.MAPPER.createArrayNode(), null, flow, null);
    }
    if (!(messages instanceof ArrayNode array) || array.isEmpty()) {
      throw new ProblemException(
          Problem.badRequest("bad_messages", "\"messages\" has to be an array of messages"));
    }
    String question = "";
    for (JsonNode message : array) {
      if (!message.isObject() || !message.path("role").isString()) {
        throw new ProblemException(
            Problem.badRequest(
                "bad_messages", "a message is an object with the keys \"role\" and \"content\""));
      }
      if (message.get("role").asString().equals("user")) {
        question = message.path("content").isString() ? message.get("content").asString() : "";
      }
    }
    return new Prompt(question, array.toString(), newMessageId(), null, flow, null);
  }

  /**
   * The body of a prediction, as Flowise's clients send it.
   *
   * @param whole whether the upstream reads the body itself
   */
  static Prompt ofPrediction(JsonNode body, String chatId, String flow, boolean whole)
      throws ProblemException {
    ArrayNode messages = Json.MAPPER.createArrayNode();
    for (JsonNode message : body.path("history")) {
      JsonNode content = message.path("content");
      if (content.isString()) {
        String role = message.path("role").asString("");
        messages
            .addObject()
            .put(
                "role",
                role.equals("apiMessage") || role.equals("assistant") ? "assistant" : "user")
            .put("content", content.asString());
      }
    }
    JsonNode sessionId = body.path("overrideConfig").path("sessionId");
    return prompt(
        whole ? body.path("question").asString("") : requireQuestion(body),
        messages,
        sessionId.isString() && !sessionId.asString().isEmpty() ? sessionId.asString() : chatId,
        flow,
        whole ? body.toString() : null);
  }

  /** The string of that key, or null if there is none or it is empty. */
  static @Nullable String optionalString(JsonNode body, String key, String faultCode)
      throws ProblemException {
    JsonNode value = body.get(key);
    if (value == null || value.isNull()) {
      return null;
    }
    if (!value.isString()) {
      throw new ProblemException(
          Problem.badRequest(faultCode, "\"" + key + "\" has to be a string"));
    }
    return value.asString().isEmpty() ? null : value.asString();
  }

  private static Prompt prompt(
      String question,
      ArrayNode messages,
      @Nullable String sessionId,
      @Nullable String flow,
      @Nullable String predictionJson) {
    messages.addObject().put("role", "user").put("content", question);
    return new Prompt(
        question, messages.toString(), newMessageId(), sessionId, flow, predictionJson);
  }

  private static String newMessageId() {
    return UUID.randomUUID().toString();
  }

  private static String requireQuestion(JsonNode body) throws ProblemException {
    JsonNode question = body.get("question");
    if (question == null || !question.isString() || question.asString().isEmpty()) {
      throw new ProblemException(
          Problem.badRequest("question_missing", "the body needs a \"question\", a string"));
    }
    return question.asString();
  }
}
