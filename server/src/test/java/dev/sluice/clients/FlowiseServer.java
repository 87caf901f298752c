package dev.sluice.clients;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Flowise's own stream writer, with the chatflows of {@code flowise-fixtures.json}. It stops in the
 * middle of an answer until it is told to go on.
 */
final class FlowiseServer extends NodeServer {
  private static final Pattern ABORT = Pattern.compile("^abort (.+)$");

  private FlowiseServer() {
    super("flowise-server.mjs");
  }

  static FlowiseServer start() {
    return new FlowiseServer();
  }

  /** What a chatflow says. */
  static String text(String chatflow) {
    JsonNode fixtures =
        JsonMapper.shared().readTree(Tool.SCRIPTS.resolve("flowise-fixtures.json").toFile());
    return fixtures.path(chatflow).path("text").stringValue();
  }

  /** Lets all answers go on. */
  void go() {
    try {
      HttpClient.newHttpClient()
          .send(
              HttpRequest.newBuilder(uri().resolve("/go"))
                  .timeout(Deadline.PATIENCE)
                  .POST(BodyPublishers.noBody())
                  .build(),
              BodyHandlers.ofString(UTF_8));
    } catch (IOException e) {
      throw new AssertionError("the request failed", e);
    } catch (InterruptedException e) {
      throw Deadline.interrupted(e);
    }
  }

  /** Waits until it is told to abort an answer; the chatflow and the chat of that. */
  String awaitAbort() {
    return awaitLine(ABORT);
  }
}
