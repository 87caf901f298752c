package dev.sluice.clients;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.net.URI;
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
final class FlowiseServer implements RunningServer {
  private static final Pattern LISTENING = Pattern.compile("^listening on (http://\\S+)$");
  private static final Pattern ABORT = Pattern.compile("^abort (.+)$");

  private final ChildProcess process;
  private final URI uri;

  private FlowiseServer(ChildProcess process) {
    this.process = process;
    this.uri = URI.create(process.awaitLine(LISTENING));
  }

  static FlowiseServer start() {
    ChildProcess process = NodeClient.startScript("flowise-server.mjs");
    try {
      return new FlowiseServer(process);
    } catch (AssertionError | RuntimeException e) {
      process.close();
      throw e;
    }
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
              HttpRequest.newBuilder(uri.resolve("/go"))
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
    return process.awaitLine(ABORT);
  }

  @Override
  public URI uri() {
    return uri;
  }

  @Override
  public void close() {
    process.close();
  }
}
