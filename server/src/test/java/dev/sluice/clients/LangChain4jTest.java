package dev.sluice.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.langchain4j.agent.tool.ToolSpecification;
import dev.langchain4j.data.message.UserMessage;
import dev.langchain4j.model.chat.request.ChatRequest;
import dev.langchain4j.model.openai.OpenAiStreamingChatModel;
import dev.sluice.Sluice;
import dev.sluice.agent.EventPublisher;
import dev.sluice.agent.LangChain4jHandler;
import dev.sluice.agent.LlmNode;
import dev.sluice.agent.NodeOutput;
import dev.sluice.chat.PublishResult;
import java.net.URI;
import java.util.List;
import java.util.Objects;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.AfterAll;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeAll;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;

/** The LangChain4j library, unmodified, with a model server by others behind it. */
@Needs(Tool.NODE)
@SuppressWarnings("NullAway.Init")
class LangChain4jTest {
  private static AimockServer modelServer;
  private static OpenAiStreamingChatModel model;

  // One for each test: what it still has to send when a test is over is not left over by it.
  private Sluice sluice;

  private record Embedded(Sluice sluice) implements RunningServer {
    @Override
    public URI uri() {
      return sluice.uri();
    }

    @Override
    public void close() {
      sluice.close();
    }
  }

  @BeforeAll
  static void startModel() {
    modelServer = AimockServer.start();
    model =
        OpenAiStreamingChatModel.builder()
            .baseUrl(modelServer.uri() + "/v1")
            .apiKey("none")
            .modelName("gpt-4o")
            .returnThinking(true)
            .build();
  }

  @AfterAll
  static void stopModel() {
    modelServer.close();
  }

  @BeforeEach
  void start() throws InterruptedException {
    sluice = Sluice.embed().port(0).start();
  }

  @AfterEach
  void stop() {
    sluice.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"plain", "split pair", "think"})
  void publishesAnswerThinkingAndUsage(String question) throws Exception {
    String chatId = "chat of " + question;
    assertEquals(PublishResult.ACCEPTED, ask(chatId, question, NodeOutput.ANSWER));
    JsonNode fixture = AimockServer.fixture(question);
    List<JsonNode> messages = endAndRead(chatId);
    assertEquals(fixture.path("content").asString(), Frame.text(messages, "finalResponse"));
    String thinking =
        messages.stream()
            .filter(message -> Frame.event(message).equals("thinking"))
            .map(message -> message.path("data").asString())
            .reduce("", String::concat);
    assertEquals(fixture.path("reasoning").asString(""), thinking);
    assertTrue(Frame.events(messages).contains("usageMetadata"), messages::toString);
  }

  @Test
  void publishesASilentStepAsNothingButItsUsage() throws Exception {
    ask("silent", "plain", new NodeOutput(false, false));
    assertEquals(List.of("start", "usageMetadata", "end"), Frame.events(endAndRead("silent")));
  }

  @Test
  void publishesToolCalls() throws Exception {
    ask("tools", "weather", NodeOutput.STEP);
    List<JsonNode> messages = endAndRead("tools");
    String calls =
        messages.stream()
            .filter(message -> Frame.event(message).equals("calledTools"))
            .map(JsonNode::toString)
            .reduce("", String::concat);
    assertTrue(calls.contains("get_weather") && calls.contains("get_time"), calls);
    assertTrue(calls.contains("Zürich"), calls);
  }

  @Test
  void saysThatTheModelServerRefused() throws Exception {
    assertEquals(PublishResult.RUN_ENDED, ask("refused", "refused", NodeOutput.ANSWER));
    List<String> events = Frame.events(endAndRead("refused"));
    assertEquals(List.of("start", "error", "end"), events);
  }

  @Test
  void aStopCancelsTheModelsStream() throws Exception {
    EventPublisher events = sluice.events();
    events.start("stopped");
    LangChain4jHandler handler =
        new LangChain4jHandler(new LlmNode(events, "stopped", NodeOutput.ANSWER));
    model.chat(request("slow"), handler);
    Deadline.await(
        () -> Objects.requireNonNull(sluice.chats().find("stopped")).lastId().offset() > 1,
        () -> "no token");
    Objects.requireNonNull(sluice.chats().find("stopped")).stop();
    assertEquals(PublishResult.RUN_STOPPED, done(handler));
    String whole = AimockServer.fixture("slow").path("content").asString();
    String shown = Frame.text(read("stopped"), "finalResponse");
    assertTrue(whole.startsWith(shown), shown);
    assertFalse(shown.isEmpty() || shown.equals(whole), shown);
  }

  private PublishResult ask(String chatId, String question, NodeOutput output) throws Exception {
    EventPublisher events = sluice.events();
    events.start(chatId);
    LangChain4jHandler handler = new LangChain4jHandler(new LlmNode(events, chatId, output));
    model.chat(request(question), handler);
    return done(handler);
  }

  private static ChatRequest request(String question) {
    return ChatRequest.builder()
        .messages(UserMessage.from(question))
        .toolSpecifications(
            ToolSpecification.builder().name("get_weather").build(),
            ToolSpecification.builder().name("get_time").build())
        .build();
  }

  private static PublishResult done(LangChain4jHandler handler) throws Exception {
    return handler
        .done()
        .toCompletableFuture()
        .get(Deadline.PATIENCE.toSeconds(), TimeUnit.SECONDS);
  }

  private List<JsonNode> endAndRead(String chatId) {
    sluice.events().end(chatId);
    return read(chatId);
  }

  private List<JsonNode> read(String chatId) {
    return new ChatOverHttp(new Embedded(sluice), chatId).messages("");
  }
}
