package dev.sluice.clients;

import static java.util.function.Predicate.not;

import java.io.File;
import java.io.IOException;
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
  BASH("bash"),
  CURL("curl"),
  HAPROXY("haproxy"),
  NGINX("nginx"),
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
  },
  /** A Python with the packages that Debian calls python3-requests and python3-httpx. */
  PYTHON("python3") {
    @Override
    Optional<String> missing() {
      return WithPackages.PYTHON.isPresent()
          ? Optional.empty()
          : Optional.of("no python3 on the PATH that has " + WithPackages.IMPORT);
    }

    @Override
    String path() {
      return WithPackages.PYTHON.orElseThrow(() -> new AssertionError(missing()));
    }
  },
  /** The class that writes Flowise's streams. */
  FLOWISE("node") {
    @Override
    Optional<String> missing() {
      return super.missing()
          .or(
              () ->
                  Files.exists(SCRIPTS.resolve("node_modules/flowise/dist/utils/SSEStreamer.js"))
                      ? Optional.empty()
                      : Optional.of(
                          "nothing of Flowise: run sh fetch-flowise.sh in server/src/test/clients,"
                              + " after npm ci"));
    }
  };

  /** Several may be on the PATH, with packages of their own; looked for once. */
  private static final class WithPackages {
    static final String IMPORT = "requests, httpx";
    static final Optional<String> PYTHON = all("python3").filter(WithPackages::imports).findFirst();

    private static boolean imports(String python) {
      ProcessBuilder builder = new ProcessBuilder(python, "-c", "import " + IMPORT);
      builder.redirectErrorStream(true).redirectOutput(ProcessBuilder.Redirect.DISCARD);
      try {
        return builder.start().waitFor() == 0;
      } catch (IOException e) {
        return false;
      } catch (InterruptedException e) {
        throw Deadline.interrupted(e);
      }
    }
  }

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
    return all(program).findFirst();
  }

  /** Also beside the PATH's bin directories: programs for administrators stand in sbin. */
  private static Stream<String> all(String program) {
    return Stream.of(System.getenv().getOrDefault("PATH", "").split(File.pathSeparator, -1))
        .filter(not(String::isEmpty))
        .map(Path::of)
        .flatMap(directory -> Stream.of(directory, directory.resolveSibling("sbin")))
        .map(directory -> directory.resolve(program))
        .filter(Files::isExecutable)
        .map(Path::toString);
  }
}
