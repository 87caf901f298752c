package dev.sluice.clients;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What a client prints: one JSON line for each message it was given. */
final class JsonLines implements AutoCloseable {
  private static final JsonMapper JSON = JsonMapper.shared();

  private final ChildProcess process;

  JsonLines(ChildProcess process) {
    this.process = process;
  }

  /** The next message, as soon as the client has it; empty after a clean end. */
  Optional<JsonNode> next() {
    Optional<String> line = process.nextLine();
    if (line.isEmpty()) {
      int status = process.awaitExit();
      if (status != 0) {
        throw process.failure("ended with exit status " + status);
      }
    }
    return line.map(JSON::readTree);
  }

  /** All messages from here to the clean end. */
  List<JsonNode> rest() {
    List<JsonNode> messages = new ArrayList<>();
    for (Optional<JsonNode> next = next(); next.isPresent(); next = next()) {
      messages.add(next.get());
    }
    return messages;
  }

  @Override
  public void close() {
    process.close();
  }
}
