package dev.sluice.clients;

import static java.util.function.Predicate.not;

import java.io.File;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.Optional;
import java.util.stream.Stream;

/** What some tests need of the machine, found on the PATH. */
public enum Tool {
  BROWSER("chromedriver") {
    @Override
    Optional<String> missing() {
      return super.missing().or(() -> missingProgram("chromium"));
    }
  },
  CURL("curl"),
  NODE("node") {
    @Override
    Optional<String> missing() {
      return super.missing()
          .or(
              () ->
                  Files.isDirectory(SCRIPTS.resolve("node_modules"))
                      ? Optional.empty()
                      : Optional.of("no node_modules: run npm ci in server/src/test/clients"));
    }
  },
  /** A program that gives another one a terminal, with the options that Linux has. */
  SCRIPT("script") {
    @Override
    Optional<String> missing() {
      return System.getProperty("os.name").equals("Linux")
          ? super.missing()
          : Optional.of("script has other options here");
    }
  };

  /** Surefire names the module's directory; an IDE starts there. */
  static final Path SCRIPTS =
      Path.of(System.getProperty("basedir", ""), "src", "test", "clients").toAbsolutePath();

  private final String program;

  Tool(String program) {
    this.program = program;
  }

  /** Why this tool cannot be used here, if it cannot. */
  Optional<String> missing() {
    return missingProgram(program);
  }

  /** Where the tool is, to be started. */
  String path() {
    return path(program);
  }

  private static Optional<String> missingProgram(String program) {
    return find(program).isPresent()
        ? Optional.empty()
        : Optional.of("no " + program + " on the PATH");
  }

  static String path(String program) {
    return find(program).orElseThrow(() -> new AssertionError("no " + program + " on the PATH"));
  }

  private static Optional<String> find(String program) {
    return Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1))
        .filter(not(String::isEmpty))
        .map(directory -> Path.of(directory, program))
        .filter(Files::isExecutable)
        .map(Path::toString)
        .findFirst();
  }
}
