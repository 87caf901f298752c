package dev.sluice.clients;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.api.Test;
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
    try (ChildProcess server = start(log, streams ? "-Dsluice.streamLines=DEBUG" : null)) {
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
              ".* INFO +RunLine - run: chat="
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

  /** Who was too slow is told of unasked. */
  @Test
  void aStreamThatIsGivenUpIsToldOnce() throws IOException {
    Path log = directory.resolve("log");
    try (ChildProcess server = start(log, null, "--stall-timeout-ms=300");
        Socket asleep = new Socket()) {
      URI uri = URI.create(server.awaitLine(Pattern.compile("^listening on (\\S+)$")));
      ChatOverHttp chat = ChatOverHttp.fresh(at(uri));
      asleep.setReceiveBufferSize(2048);
      asleep.connect(new InetSocketAddress(uri.getHost(), uri.getPort()));
      String request = "GET /v1/chats/" + chat.chatId() + "/stream HTTP/1.1\r\nHost: x\r\n\r\n";
      asleep.getOutputStream().write(request.getBytes(UTF_8));
      Deadline.await(() -> chat.subscribers() == 1, () -> "nobody reads");
      for (int i = 0; i < 4; i++) {
        chat.publishToken("x".repeat(500_000), "finalResponse");
      }
      String stream = awaitLine(log, "stream: ");
      assertTrue(
          stream.matches(".* INFO +StreamLine - stream: chat=.* reason=stalled tokens=\\d+ .*"),
          stream);
    }
  }

  private static ChildProcess start(Path log, @Nullable String property, String... options) {
    List<String> command = new ArrayList<>();
    command.add(Path.of(System.getProperty("java.home"), "bin", "java").toString());
    command.addAll(List.of("-cp", System.getProperty("java.class.path")));
    command.add("-Dlogback.configurationFile=" + CONFIGURATION);
    if (property != null) {
      command.add(property);
    }
    command.addAll(List.of("dev.sluice.Main", "--port=0"));
    command.addAll(List.of(options));
    ProcessBuilder builder = new ProcessBuilder(command).redirectError(log.toFile());
    builder.environment().keySet().removeIf(name -> name.startsWith("SLUICE_"));
    return ChildProcess.start("the server", builder);
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
