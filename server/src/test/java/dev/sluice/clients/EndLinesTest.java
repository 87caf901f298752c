package dev.sluice.clients;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Each run, and each stream if that is wished, has one line in the log when it ends. */
class EndLinesTest {
  private static final Path CONFIGURATION =
      Path.of(System.getProperty("basedir", ""), "src", "main", "runnable", "logback.xml");

  @TempDir Path directory;

  @ParameterizedTest
  @ValueSource(booleans = {false, true})
  void runsAndStreamsAreToldAtTheirEnd(boolean streams) {
    Path log = directory.resolve("log");
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add("-Dlogback.configurationFile=" + CONFIGURATION);
    if (streams) {
      command.add("-Dsluice.streamLines=DEBUG");
    }
    command.addAll(List.of("dev.sluice.Main", "--port=0"));
    ProcessBuilder builder = new ProcessBuilder(command).redirectError(log.toFile());
    builder.environment().keySet().removeIf(name -> name.startsWith("SLUICE_"));
    try (ChildProcess server = ChildProcess.start("the server", builder)) {
      URI uri = URI.create(server.awaitLine(Pattern.compile("^listening on (\\S+)$")));
      ChatOverHttp chat = ChatOverHttp.fresh(at(uri));
      chat.publish(
          "{\"event\":\"start\",\"run\":\"r-1\"}",
          "{\"event\":\"token\",\"data\":\"ab\",\"run\":\"r-1\"}",
          "{\"event\":\"token\",\"data\":\"c\",\"run\":\"r-1\"}",
          "{\"event\":\"end\",\"run\":\"r-1\"}");
      assertEquals(3, chat.frames("").size());
      String id = chat.chatId();
      String run = awaitLine(log, "run: chat=" + id + " ");
      assertTrue(
          run.matches(
              ".* INFO +RunWriter - run: chat="
                  + id
                  + " run=r-1 ending=completed tokens=2 bytes=\\d+"
                  + " firstTokenMs=\\d+ p99GapMs=\\d+"),
          run);
      if (streams) {
        String stream = awaitLine(log, "stream: ");
        assertTrue(
            stream.matches(
                ".* DEBUG StreamLine - stream: chat="
                    + id
                    + " run=- client=external reason=completed"
                    + " tokens=2 bytes=\\d+ firstTokenMs=\\d+ p99GapMs=-1"),
            stream);
      } else {
        assertEquals(List.of(), lines(log, "stream: "));
      }
    }
  }

  private static RunningServer at(URI uri) {
    return new RunningServer() {
      @Override
      public URI uri() {
        return uri;
      }

      @Override
      public void close() {}
    };
  }

  private static String awaitLine(Path log, String part) {
    Deadline.await(() -> lines(log, part).size() == 1, () -> String.join("\n", lines(log, "")));
    return lines(log, part).get(0);
  }

  private static List<String> lines(Path log, String part) {
    try {
      return Files.readAllLines(log).stream().filter(line -> line.contains(part)).toList();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
