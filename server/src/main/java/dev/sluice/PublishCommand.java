package dev.sluice;

import java.io.IOException;
import java.io.InputStream;
import java.io.UncheckedIOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;

/** {@code publish URL CHAT}: publishes what comes in on standard input, as it comes. */
@Command(
    name = "publish",
    description = "Publishes standard input to a chat, as it comes.",
    mixinStandardHelpOptions = true)
final class PublishCommand implements Callable<Integer> {
  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "URL", description = "The server, http://127.0.0.1:8080 for instance.")
  private URI url;

  @Parameters(paramLabel = "CHAT", description = "The chat's id.")
  private String chatId;

  @Option(
      names = "--ndjson",
      description = "The input is one event a line; otherwise it is the text of an answer.")
  private boolean ndjson;

  @SuppressWarnings("NullAway.Init") // picocli fills the fields in before it calls
  PublishCommand() {}

  @Override
  public Integer call() throws IOException, InterruptedException {
    InputStream body = ndjson ? System.in : new TextAsEvents(System.in);
    HttpRequest request =
        HttpRequest.newBuilder(
                ChatUrl.resolve(url, "/v1/chats/" + ChatUrl.encode(chatId) + "/events"))
            .version(HttpClient.Version.HTTP_1_1)
            .header("Content-Type", "application/x-ndjson")
            .POST(BodyPublishers.ofInputStream(() -> body))
            .build();
    try {
      HttpResponse<String> response =
          HttpClient.newHttpClient().send(request, BodyHandlers.ofString());
      boolean done = response.statusCode() == 200;
      (done ? spec.commandLine().getOut() : spec.commandLine().getErr()).println(response.body());
      return done ? 0 : 1;
    } catch (UncheckedIOException e) {
      throw e.getCause();
    }
  }
}
