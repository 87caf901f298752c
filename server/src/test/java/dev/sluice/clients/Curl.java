package dev.sluice.clients;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;

/** A curl that writes what it gets to a file, as it gets it. */
final class Curl implements AutoCloseable {
  private static final String RETRY = "retry:\\d+\n";

  private final ChildProcess process;
  private final Path body;

  private Curl(ChildProcess process, Path body) {
    this.process = process;
    this.body = body;
  }

  /**
   * Starts it.
   *
   * @param body a file that is not there yet
   * @param arguments further options, and the URL
   */
  static Curl start(Path body, String... arguments) {
    List<String> command =
        new ArrayList<>(
            List.of(
                Tool.CURL.path(), "-sS", "-N", "--fail", "--noproxy", "*", "-o", body.toString()));
    command.addAll(List.of(arguments));
    return new Curl(ChildProcess.start("curl", command), body);
  }

  int awaitExit() {
    return process.awaitExit();
  }

  /** What came so far. */
  String body() {
    try {
      return Files.exists(body) ? new String(Files.readAllBytes(body), UTF_8) : "";
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** What came so far, without the two lines that are not the same each time. */
  String frames() {
    return body().replaceFirst(RETRY, "").replace(":hb\n", "");
  }

  @Override
  public void close() {
    process.close();
  }
}
