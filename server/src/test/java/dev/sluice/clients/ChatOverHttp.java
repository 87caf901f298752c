package dev.sluice.clients;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.List;
import java.util.UUID;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * One chat of a running server, used the way the contract says, with nothing of the server's code.
 */
final class ChatOverHttp {
  private static final JsonMapper JSON = JsonMapper.shared();
  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private final RunningServer server;
  private final String chatId;

  ChatOverHttp(RunningServer server, String chatId) {
    this.server = server;
    this.chatId = chatId;
  }

  /** A chat that nobody else uses. */
  static ChatOverHttp fresh(RunningServer server) {
    return new ChatOverHttp(server, "chat-" + UUID.randomUUID());
  }

  String chatId() {
    return chatId;
  }

  /** The address of the chat's server. */
  String server() {
    return server.uri().toString();
  }

  URI uri(String rest) {
    String encoded = URLEncoder.encode(chatId, UTF_8).replace("+", "%20");
    return URI.create(server.uri() + "/v1/chats/" + encoded + rest);
  }

  /** Publishes events, each given as its JSON. */
  void publish(String... events) {
    JsonNode answer = post("/events", "[" + String.join(",", events) + "]", 200);
    if (answer.path("accepted").asInt() != events.length) {
      throw new AssertionError("not all events were accepted: " + answer);
    }
  }

  void publishToken(String text, String type) {
    publish(
        JSON.writeValueAsString(
            JSON.createObjectNode().put("event", "token").put("data", text).put("type", type)));
  }

  void publishEnd() {
    publish("{\"event\":\"end\",\"data\":\"[DONE]\"}");
  }

  /** Asks the configured upstream, and returns the run's id. */
  String ask(String question) {
    return ask(JSON.createObjectNode().put("question", question));
  }

  /** Asks the upstream of that flow. */
  String ask(String question, String flow) {
    return ask(JSON.createObjectNode().put("question", question).put("flow", flow));
  }

  private String ask(JsonNode question) {
    String body = JSON.writeValueAsString(question);
    JsonNode answer = post("/runs", body, 202);
    return answer.path("runId").asString();
  }

  void stop() {
    post("/stop", "", 200);
  }

  boolean exists() {
    return send(HttpRequest.newBuilder(uri(""))).statusCode() != 404;
  }

  JsonNode state() {
    return JSON.readTree(send(HttpRequest.newBuilder(uri("")), 200));
  }

  String lastId() {
    return state().path("lastId").asString();
  }

  /** Readers at this moment; a chat that does not exist has none. */
  int subscribers() {
    HttpResponse<String> response = send(HttpRequest.newBuilder(uri("")));
    return response.statusCode() == 404
        ? 0
        : JSON.readTree(response.body()).path("subscribers").asInt();
  }

  /** Reads a stream to its end. */
  List<Frame> frames(String query) {
    return Frame.parse(send(HttpRequest.newBuilder(uri("/stream?" + query)), 200));
  }

  List<JsonNode> messages(String query) {
    return frames(query).stream().map(Frame::json).toList();
  }

  private JsonNode post(String rest, String body, int status) {
    HttpRequest.Builder request =
        HttpRequest.newBuilder(uri(rest))
            .header("content-type", "application/json")
            .POST(BodyPublishers.ofString(body));
    return JSON.readTree(send(request, status));
  }

  private static String send(HttpRequest.Builder request, int status) {
    HttpResponse<String> response = send(request);
    if (response.statusCode() != status) {
      throw new AssertionError(response + ": " + response.body());
    }
    return response.body();
  }

  private static HttpResponse<String> send(HttpRequest.Builder request) {
    try {
      return HTTP.send(request.timeout(Deadline.PATIENCE).build(), BodyHandlers.ofString(UTF_8));
    } catch (IOException e) {
      throw new AssertionError("the request failed", e);
    } catch (InterruptedException e) {
      throw Deadline.interrupted(e);
    }
  }
}
