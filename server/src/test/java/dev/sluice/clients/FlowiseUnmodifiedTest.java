package dev.sluice.clients;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.ArrayList;
import java.util.Collections;
import java.util.List;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.api.BeforeEach;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** Sluice in front of what writes Flowise's streams: the same answers, and none is lost. */
@Needs({Tool.NODE, Tool.FLOWISE})
@SuppressWarnings("NullAway.Init")
class FlowiseUnmodifiedTest {
  private static final String QUESTION = "Wie heißt \"das\"?";
  private static final String CHAT_ID = "chat 1";

  private FlowiseServer flowise;
  private ServerUnderTest server;

  @BeforeEach
  void start() {
    flowise = FlowiseServer.start();
    server =
        ServerUnderTest.start(
            "--upstream-kind", "flowise", "--upstream-url", flowise.uri().toString());
  }

  @AfterEach
  void stop() {
    server.close();
    flowise.close();
  }

  @ParameterizedTest
  @ValueSource(strings = {"chatflow", "agentflow"})
  void aClientReadsWhatItWouldReadWithoutSluice(String chatflow) {
    flowise.go();
    List<JsonNode> direct = predict(flowise, chatflow);
    List<JsonNode> through = predict(server, chatflow);
    assertEquals(besidesTokens(direct), besidesTokens(through));
    // Whole characters, although Flowise's own tokens cut them.
    assertEquals(FlowiseServer.text(chatflow), Frame.text(through, "finalResponse"));
  }

  @ParameterizedTest
  @ValueSource(strings = {"/api/v1/prediction/chatflow", "/v1/chats/chat%201/stream"})
  void aPredictionThatIsCutInTheMiddleIsResumed(String how) {
    URI prediction = server.uri().resolve("/api/v1/prediction/chatflow");
    String body = "{\"question\":\"q\",\"chatId\":\"" + CHAT_ID + "\",\"streaming\":true}";
    List<Frame> first;
    try (OpenStream stream = OpenStream.post(prediction, body)) {
      Deadline.await(() -> !text(stream.frames()).isEmpty(), () -> stream.frames().toString());
      first = stream.frames();
    }
    assertFalse(Frame.events(messages(first)).contains("end"));
    flowise.go();
    HttpRequest.Builder again =
        HttpRequest.newBuilder(server.uri().resolve(how))
            .header("last-event-id", String.valueOf(first.get(first.size() - 1).id()));
    if (how.startsWith("/api")) {
      again.header("content-type", "application/json").POST(BodyPublishers.ofString(body));
    }
    List<Frame> second = Frame.parse(send(again));
    assertEquals(FlowiseServer.text("chatflow"), text(first) + text(second));
    assertEquals("end", second.get(second.size() - 1).event());
    // Flowise was asked once.
    List<Frame> all = new ArrayList<>(first);
    all.addAll(second);
    assertEquals(1, Collections.frequency(Frame.events(messages(all)), "asked"));
  }

  @Test
  void stopReachesFlowise() {
    URI prediction = server.uri().resolve("/api/v1/prediction/agentflow");
    String body = "{\"question\":\"q\",\"chatId\":\"" + CHAT_ID + "\",\"streaming\":true}";
    try (OpenStream stream = OpenStream.post(prediction, body)) {
      Deadline.await(() -> !text(stream.frames()).isEmpty(), () -> stream.frames().toString());
      send(
          HttpRequest.newBuilder(
                  server.uri().resolve("/api/v1/chatmessage/abort/agentflow/chat%201"))
              .PUT(BodyPublishers.noBody()));
      assertEquals("agentflow " + CHAT_ID, flowise.awaitAbort());
      Deadline.await(
          () -> Frame.events(messages(stream.frames())).contains("end"),
          () -> stream.frames().toString());
      assertTrue(Frame.events(messages(stream.frames())).contains("abort"));
    }
  }

  @Test
  void whatFlowiseReportsEndsTheAnswer() {
    flowise.go();
    List<JsonNode> messages = predict(server, "failing");
    assertEquals(List.of("start", "asked", "token", "error", "end"), Frame.events(messages));
    assertTrue(
        messages.get(3).path("data").asString().endsWith("the model is away"), messages::toString);
  }

  @Test
  void aWidgetLooksAsFlowiseSays() {
    String config =
        send(
            HttpRequest.newBuilder(server.uri().resolve("/api/v1/public-chatbotConfig/agentflow")));
    assertEquals(
        "{\"welcomeMessage\":\"This is agentflow.\",\"uploads\":{\"isImageUploadAllowed\":true}}",
        config);
  }

  private static List<JsonNode> predict(RunningServer of, String chatflow) {
    return NodeClient.run("flowise-sdk.mjs", of.uri().toString(), chatflow, QUESTION, CHAT_ID);
  }

  /** The events in their order, with a mark where tokens were. */
  private static List<JsonNode> besidesTokens(List<JsonNode> messages) {
    ObjectNode tokens = JsonMapper.shared().createObjectNode().put("event", "tokens");
    List<JsonNode> rest = new ArrayList<>();
    for (JsonNode message : messages) {
      if (!Frame.event(message).equals("token")) {
        rest.add(message);
      } else if (!rest.get(rest.size() - 1).equals(tokens)) {
        rest.add(tokens);
      }
    }
    return rest;
  }

  private static List<JsonNode> messages(List<Frame> frames) {
    return frames.stream().map(Frame::json).toList();
  }

  private static String text(List<Frame> frames) {
    return Frame.text(messages(frames), "finalResponse");
  }

  private static String send(HttpRequest.Builder request) {
    try {
      HttpResponse<String> response =
          HttpClient.newBuilder()
              .version(HttpClient.Version.HTTP_1_1)
              .build()
              .send(request.timeout(Deadline.PATIENCE).build(), BodyHandlers.ofString(UTF_8));
      assertEquals(200, response.statusCode(), response.body());
      return response.body();
    } catch (IOException e) {
      throw new AssertionError("the request failed", e);
    } catch (InterruptedException e) {
      throw Deadline.interrupted(e);
    }
  }
}
