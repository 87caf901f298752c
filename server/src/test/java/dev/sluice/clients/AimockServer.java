package dev.sluice.clients;

import java.util.List;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** The model server of the aimock package, with the answers of {@code aimock-fixtures.json}. */
final class AimockServer extends NodeServer {
  private AimockServer() {
    super("aimock-server.mjs");
  }

  static AimockServer start() {
    return new AimockServer();
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
}
