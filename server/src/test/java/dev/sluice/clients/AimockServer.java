package dev.sluice.clients;

import java.net.URI;
import java.util.List;
import java.util.regex.Pattern;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The model server of the aimock package, with the answers of {@code aimock-fixtures.json}. */
final class AimockServer implements RunningServer {
  private static final Pattern LISTENING = Pattern.compile("^listening on (http://\\S+)$");

  private final ChildProcess process;
  private final URI uri;

  private AimockServer(ChildProcess process) {
    this.process = process;
    this.uri = URI.create(process.awaitLine(LISTENING));
  }

  static AimockServer start() {
    ChildProcess process = NodeClient.startScript("aimock-server.mjs");
    try {
      return new AimockServer(process);
    } catch (AssertionError | RuntimeException e) {
      process.close();
      throw e;
    }
  }

  /** What the fixture for this question answers with. */
  static JsonNode fixture(String question) {
    JsonNode file =
        JsonMapper.shared().readTree(Tool.SCRIPTS.resolve("aimock-fixtures.json").toFile());
    List<JsonNode> found =
        file.path("fixtures")
            .valueStream()
            .filter(entry -> entry.at("/match/userMessage").asString().equals(question))
            .map(entry -> entry.path("response"))
            .toList();
    if (found.size() != 1) {
      throw new AssertionError(found.size() + " fixtures for " + question);
    }
    return found.get(0);
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
