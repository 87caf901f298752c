package dev.sluice.loadtest.target;

import java.io.IOException;
import java.net.ProxySelector;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.time.Duration;
import java.util.List;
import tools.jackson.core.JacksonException;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Asks the target how far its chats have got: {@code GET /v1/chats/{chatId}} of Sluice's contract.
 * Waits for the answer; any thread.
 */
public final class ChatStates {
  private static final Duration TIMEOUT = Duration.ofSeconds(10);
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final TargetAddress target;
  private final HttpClient client =
      HttpClient.newBuilder()
          .version(HttpClient.Version.HTTP_1_1)
          .proxy(ProxySelector.of(null))
          .connectTimeout(TIMEOUT)
          .build();

  /** Nothing is asked yet. */
  public ChatStates(TargetAddress target) {
    this.target = target;
  }

  /**
   * How far a chat has got.
   *
   * @param lastOffset how many events its log has had; 0 for a chat that is not there
   * @param runStates what became of its runs, the oldest first: {@code open}, {@code completed},
   *     {@code producer_lost}, …
   */
  public record ChatState(long lastOffset, List<String> runStates) {
    private static final ChatState NONE = new ChatState(0, List.of());

    /** Whether a run of it is open. */
    public boolean isOpen() {
      return runStates.contains("open");
    }

    /** Whether its newest run ended like that. */
    public boolean endedBy(String ending) {
      return !runStates.isEmpty() && runStates.get(runStates.size() - 1).equals(ending);
    }
  }

  /**
   * Asks for one chat.
   *
   * @throws IOException if there is no answer, or none that makes sense
   */
  public ChatState ask(String chatId) throws IOException, InterruptedException {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(target + "/v1/chats/" + chatId)).timeout(TIMEOUT).build();
    HttpResponse<byte[]> answer = client.send(request, HttpResponse.BodyHandlers.ofByteArray());
    if (answer.statusCode() == 404) {
      return ChatState.NONE;
    }
    if (answer.statusCode() != 200) {
      throw new IOException("the state of " + chatId + " was answered " + answer.statusCode());
    }
    try {
      JsonNode state = JSON.readTree(answer.body());
      String lastId = state.path("lastId").asString("");
      List<String> runs =
          state.path("runs").valueStream().map(run -> run.path("state").asString("")).toList();
      return new ChatState(Long.parseLong(lastId.substring(lastId.indexOf('-') + 1)), runs);
    } catch (JacksonException | NumberFormatException e) {
      throw new IOException("the state of " + chatId + " makes no sense: " + e.getMessage(), e);
    }
  }
}
