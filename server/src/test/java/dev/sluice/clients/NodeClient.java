package dev.sluice.clients;

import java.util.ArrayList;
import java.util.List;
import java.util.Optional;
import tools.jackson.databind.JsonNode;

/**
 * A script of {@code src/test/clients}, which prints one JSON line for each message it was given.
 */
public final class NodeClient implements AutoCloseable {
  private final JsonLines messages;

  private NodeClient(ChildProcess process) {
    messages = new JsonLines(process);
  }

  public static NodeClient start(String script, String... arguments) {
    return new NodeClient(startScript(script, arguments));
  }

  static ChildProcess startScript(String script, String... arguments) {
    List<String> command = new ArrayList<>();
    command.add(Tool.NODE.path());
    command.add(Tool.SCRIPTS.resolve(script).toString());
    command.addAll(List.of(arguments));
    return ChildProcess.start(script, command);
  }

  /** All messages of a script that reads one stream to its end. */
  public static List<JsonNode> run(String script, String... arguments) {
    try (NodeClient client = start(script, arguments)) {
      return client.rest();
    }
  }

  /** The next message, as soon as the client has it; empty after a clean end. */
  public Optional<JsonNode> next() {
    return messages.next();
  }

  /** All messages from here to the clean end. */
  public List<JsonNode> rest() {
    return messages.rest();
  }

  @Override
  public void close() {
    messages.close();
  }
}
