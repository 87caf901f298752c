package dev.sluice;

import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.PrintWriter;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.Callable;
import picocli.CommandLine.Command;
import picocli.CommandLine.Model.CommandSpec;
import picocli.CommandLine.Option;
import picocli.CommandLine.Parameters;
import picocli.CommandLine.Spec;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** {@code tail URL CHAT}: prints what a chat says, until its run is over. */
@Command(
    name = "tail",
    description = "Prints the text of a chat as it arrives, until its run is over.",
    mixinStandardHelpOptions = true)
final class TailCommand implements Callable<Integer> {
  private static final String DATA = "data:";

  @Spec private CommandSpec spec;

  @Parameters(paramLabel = "URL", description = "The server, http://127.0.0.1:8080 for instance.")
  private URI url;

  @Parameters(paramLabel = "CHAT", description = "The chat's id.")
  private String chatId;

  @Option(names = "--json", description = "Print every event as one line of JSON.")
  private boolean json;

  @Option(names = "--follow", description = "Stay for the next runs.")
  private boolean follow;

  @SuppressWarnings("NullAway.Init") // picocli fills the fields in before it calls
  TailCommand() {}

  @Override
  public Integer call() throws IOException, InterruptedException {
    String path =
        "/v1/chats/" + ChatUrl.encode(chatId) + "/stream" + (follow ? "?mode=follow" : "");
    HttpRequest request = HttpRequest.newBuilder(ChatUrl.resolve(url, path)).build();
    HttpResponse<InputStream> response =
        HttpClient.newHttpClient().send(request, BodyHandlers.ofInputStream());
    PrintWriter out = spec.commandLine().getOut();
    try (BufferedReader lines =
        new BufferedReader(new InputStreamReader(response.body(), StandardCharsets.UTF_8))) {
      if (response.statusCode() != 200) {
        throw new IOException("the server answered " + response.statusCode());
      }
      String line;
      while ((line = lines.readLine()) != null) {
        if (line.startsWith(DATA)) {
          print(out, line.substring(DATA.length()));
        }
      }
    }
    return 0;
  }

  private void print(PrintWriter out, String data) {
    if (json) {
      out.println(data);
    } else {
      JsonNode event = JsonMapper.shared().readTree(data);
      switch (event.path("event").asString("")) {
        case "token" -> out.print(event.path("data").asString(""));
        case "end" -> out.println();
        case "error" -> spec.commandLine().getErr().println(event.path("data").asString(""));
        default -> {}
      }
    }
    out.flush();
  }
}
