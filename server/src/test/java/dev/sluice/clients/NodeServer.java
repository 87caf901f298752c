package dev.sluice.clients;

import java.net.URI;
import java.util.regex.Pattern;

/** A script of {@code src/test/clients} that serves, and says where on its first line. */
class NodeServer implements RunningServer {
  private static final Pattern LISTENING = Pattern.compile("^listening on (http://\\S+)$");

  private final ChildProcess process;
  private final URI uri;

  NodeServer(String script) {
    process = NodeClient.startScript(script);
    try {
      uri = URI.create(process.awaitLine(LISTENING));
    } catch (AssertionError | RuntimeException e) {
      process.close();
      throw e;
    }
  }

  /** Reads what the script prints up to the line that tells, and returns the first group of it. */
  final String awaitLine(Pattern telling) {
    return process.awaitLine(telling);
  }

  @Override
  public final URI uri() {
    return uri;
  }

  @Override
  public final void close() {
    process.close();
  }
}
