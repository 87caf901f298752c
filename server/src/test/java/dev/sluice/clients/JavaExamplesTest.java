package dev.sluice.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Path;
import java.util.List;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** The Java programs among the examples, started from their source as a reader would. */
class JavaExamplesTest {
  private static final Path EXAMPLES =
      Path.of(System.getProperty("basedir", ""), "examples").toAbsolutePath();

  @Test
  void embedShowsItsText() {
    try (ServerUnderTest server = start("Embed.java")) {
      List<JsonNode> messages = new ChatOverHttp(server, "chat-1").messages("");
      assertEquals("Water goes where the gate lets it.", Frame.text(messages, "finalResponse"));
      assertTrue(Frame.events(messages).contains("metadata"), messages::toString);
    }
  }

  @Test
  void agentsTellTheirSteps() throws Exception {
    try (ServerUnderTest server = start("Agents.java")) {
      List<JsonNode> messages = predict(server, "research");
      assertEquals(
          "A sluice is a gate that controls water.", Frame.text(messages, "finalResponse"));
      assertEquals(
          List.of(
              "start",
              "nextAgent",
              "calledTools",
              "tool",
              "usedTools",
              "nextAgent",
              "agentReasoning"),
          Frame.events(messages).subList(0, 7));
      assertEquals("end", Frame.event(messages.get(messages.size() - 1)));
    }
  }

  @Test
  void fluxAgentShowsItsText() {
    try (ServerUnderTest server = start("FluxAgent.java")) {
      List<JsonNode> messages = new ChatOverHttp(server, "chat-1").messages("");
      assertEquals("Reactive.", Frame.text(messages, "finalResponse"));
    }
  }

  @Test
  @Needs(Tool.NODE)
  void langChain4jAgentAnswers() throws Exception {
    try (AimockServer model = AimockServer.start();
        ServerUnderTest server =
            start("LangChain4jAgent.java", model.uri() + "/v1", "none", "gpt-4o")) {
      List<JsonNode> messages = predict(server, "assistant");
      assertEquals(
          AimockServer.fixture("plain").path("content").asString(),
          Frame.text(messages, "finalResponse"));
    }
  }

  private static ServerUnderTest start(String file, String... arguments) {
    String[] program = new String[arguments.length + 1];
    program[0] = EXAMPLES.resolve(file).toString();
    System.arraycopy(arguments, 0, program, 1, arguments.length);
    return ServerUnderTest.startProgram(program);
  }

  private static List<JsonNode> predict(ServerUnderTest server, String flow) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(server.uri() + "/api/v1/prediction/" + flow))
            .header("Content-Type", "application/json")
            .POST(
                HttpRequest.BodyPublishers.ofString("{\"question\":\"plain\",\"streaming\":true}"))
            .build();
    String body = HttpClient.newHttpClient().send(request, BodyHandlers.ofString()).body();
    return Frame.parse(body).stream().map(Frame::json).toList();
  }
}
