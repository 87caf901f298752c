package dev.sluice.clients;

import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.stream.Stream;
import org.jspecify.annotations.Nullable;

/** A program of {@code server/examples}, started as its first lines say. */
enum ExampleProgram {
  REQUESTS("publish-requests.py", Tool.PYTHON),
  HTTPX("publish-httpx.py", Tool.PYTHON),
  FETCH("publish-fetch.mjs", Tool.NODE),
  JAVA("Publish.java", null),
  CURL("publish.sh", Tool.BASH),
  MANY("publish-many.mjs", Tool.NODE);

  private final String file;
  private final @Nullable Tool interpreter;

  ExampleProgram(String file, @Nullable Tool interpreter) {
    this.file = file;
    this.interpreter = interpreter;
  }

  /** Where the files are. */
  static Path directory() {
    return Path.of(System.getProperty("basedir", ""), "examples").toAbsolutePath();
  }

  static Stream<ExampleProgram> ofOneChat() {
    return Stream.of(values()).filter(program -> program != MANY);
  }

  /** Whether it hears of a stop though it is sending nothing. */
  boolean readsItsAnswerAtOnce() {
    return this == FETCH || this == CURL;
  }

  ChildProcess start(RunningServer server, String... chatIds) {
    List<String> command = new ArrayList<>();
    command.add(
        interpreter == null
            ? Path.of(System.getProperty("java.home"), "bin", "java").toString()
            : interpreter.path());
    command.add(directory().resolve(file).toString());
    command.add(server.uri().toString());
    command.addAll(List.of(chatIds));
    return ChildProcess.start(file, PythonClient.direct(new ProcessBuilder(command)));
  }
}
