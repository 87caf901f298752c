import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.URI;
import java.net.URLEncoder;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.ByteBuffer;
import java.util.UUID;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.ExecutionException;
import java.util.concurrent.SubmissionPublisher;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.TimeoutException;

/**
 * One agent run, published over one open request, with java.net.http. Needs no library:
 *
 * <pre>java Publish.java http://127.0.0.1:8080 CHAT</pre>
 */
final class Publish {
  private static final int HEARTBEAT_MS = 1000;
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private final String url;
  private final String chat;
  private final String run = "run-" + UUID.randomUUID();
  private final SubmissionPublisher<ByteBuffer> lines = new SubmissionPublisher<>();
  private final CompletableFuture<HttpResponse<String>> answer;

  private Publish(String url, String chat) {
    this.url = url;
    this.chat = chat;
    CompletableFuture<Void> connected = new CompletableFuture<>();
    String path = "/v1/chats/" + URLEncoder.encode(chat, UTF_8).replace("+", "%20") + "/events";
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(url + path))
            .header("Content-Type", "application/x-ndjson")
            .POST(
                BodyPublishers.fromPublisher(
                    subscriber -> {
                      lines.subscribe(subscriber);
                      connected.complete(null);
                    }))
            .build();
    answer = HTTP.sendAsync(request, BodyHandlers.ofString());
    CompletableFuture.anyOf(connected, answer).join();
  }

  public static void main(String[] args) throws InterruptedException {
    Publish publish = new Publish(args[0], args[1]);
    try {
      publish.agent();
    } catch (IOException e) {
      System.err.println("broken off: " + e.getMessage());
    }
    publish.lines.close();
    HttpResponse<String> answer = publish.answer.join();
    System.out.println(answer.body());
    // A reader pressed stop; what came after it was dropped.
    boolean stopped = answer.body().contains("{\"stop\":");
    System.exit(answer.statusCode() == 200 && !stopped ? 0 : 1);
  }

  private void agent() throws IOException, InterruptedException {
    event("start", "\"\"");
    tokens("They ask for the version. The researcher can look it up.", "agentReasoning");

    event("nextAgent", "\"researcher\"");
    String call = "\"tool\":\"server_info\",\"toolInput\":{\"path\":\"/v1/info\"}";
    event("calledTools", "[{" + call + ",\"toolOutput\":\"\"}]");
    String found = awaitWithHeartbeats(serverInfo());
    event("tool", "{" + call + ",\"toolOutput\":" + quote(found) + "}");
    tokens("That is all I need.", "agentReasoning");

    String source = "\"metadata\":{\"source\":\"/v1/info\"}";
    event("sourceDocuments", "[{\"pageContent\":" + quote(found) + "," + source + "}]");
    tokens("\u2713 This server is " + found + ".", "finalResponse");
    event("usageMetadata", "{\"input_tokens\":12,\"output_tokens\":24,\"total_tokens\":36}");
    event("metadata", "{\"chatId\":" + quote(chat) + "}");
    event("end", "\"[DONE]\"");
  }

  /** Your model goes here: anything that hands out text piece by piece. */
  private void tokens(String text, String type) throws IOException, InterruptedException {
    for (String word : text.split(" ")) {
      Thread.sleep(20);
      event("token", quote(word + " ") + ",\"type\":\"" + type + "\"");
    }
  }

  /** Your tool goes here: anything that takes its time. */
  private CompletableFuture<String> serverInfo() {
    HttpRequest request = HttpRequest.newBuilder(URI.create(url + "/v1/info")).build();
    return HTTP.sendAsync(request, BodyHandlers.ofString())
        .thenApply(
            answer ->
                answer
                    .body()
                    .replaceAll(".*\"name\":\"([^\"]*)\".*\"version\":\"([^\"]*)\".*", "$1 $2"));
  }

  private String awaitWithHeartbeats(CompletableFuture<String> work)
      throws IOException, InterruptedException {
    while (true) {
      try {
        return work.get(HEARTBEAT_MS, TimeUnit.MILLISECONDS);
      } catch (TimeoutException e) {
        send("\n"); // a sign of life: the run is not idle, and nobody is sent anything
      } catch (ExecutionException e) {
        throw new IOException("the tool failed", e.getCause());
      }
    }
  }

  private void event(String name, String dataAsJson) throws IOException {
    send("{\"event\":\"" + name + "\",\"run\":\"" + run + "\",\"data\":" + dataAsJson + "}\n");
  }

  private void send(String line) throws IOException {
    if (answer.isDone()) {
      throw new IOException("the server has answered before the end");
    }
    lines.submit(ByteBuffer.wrap(line.getBytes(UTF_8)));
  }

  private static String quote(String text) {
    String escaped = text.replace("\\", "\\\\").replace("\"", "\\\"").replace("\n", "\\n");
    return "\"" + escaped + "\"";
  }
}
