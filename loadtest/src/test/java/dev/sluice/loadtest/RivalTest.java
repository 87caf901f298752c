package dev.sluice.loadtest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.loadtest.rival.RivalServer;
import dev.sluice.loadtest.rival.UndertowServer;
import dev.sluice.loadtest.rival.VertxServer;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.net.URI;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.List;
import java.util.function.IntFunction;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;

/** A comparison is worth something only if the rival delivers every token too. */
class RivalTest {
  @TempDir Path directory;

  private final StringWriter out = new StringWriter();

  static Stream<Arguments> rivals() {
    IntFunction<RivalServer> vertx = VertxServer::start;
    IntFunction<RivalServer> undertow = UndertowServer::start;
    return Stream.of(
        Arguments.of("lines", vertx),
        Arguments.of("post", vertx),
        Arguments.of("lines", undertow),
        Arguments.of("post", undertow));
  }

  @ParameterizedTest
  @MethodSource("rivals")
  void everyTokenArrives(String publish, IntFunction<RivalServer> start) {
    try (RivalServer rival = start.apply(0)) {
      int code = run(rival, "--publish=" + publish, "--streams=10", "--chats=10");
      assertEquals(0, code, out::toString);
      assertTrue(out.toString().contains("delivered  200 tokens"), out::toString);
    }
  }

  @ParameterizedTest
  @MethodSource("rivals")
  void allReadersOfAChatGetIt(String publish, IntFunction<RivalServer> start) {
    try (RivalServer rival = start.apply(0)) {
      int code = run(rival, "--publish=" + publish, "--streams=10", "--chats=2");
      assertEquals(0, code, out::toString);
      assertTrue(out.toString().contains("delivered  200 tokens"), out::toString);
    }
  }

  @Test
  void aPortThatIsTakenIsTold() {
    try (RivalServer first = UndertowServer.start(0)) {
      int port = URI.create(first.url()).getPort();
      assertThrows(IllegalStateException.class, () -> VertxServer.start(port).close());
      assertEquals(
          2,
          Main.execute(
              new PrintWriter(out),
              new PrintWriter(out),
              "rival",
              "undertow",
              "--port",
              Integer.toString(port)),
          out::toString);
      assertTrue(out.toString().startsWith("--port: "), out::toString);
    }
  }

  private int run(RivalServer rival, String... more) {
    List<String> args = new ArrayList<>();
    args.addAll(List.of("run", "unicast", "--dialect=rival", "--url=" + rival.url()));
    args.addAll(List.of("--tokens=20", "--warm-up-tokens=0", "--rate=2000"));
    args.addAll(List.of("--min-rate-percent=0", "--max-lateness-ms=1e9", "--settle-seconds=60"));
    args.add("--out=" + directory);
    args.addAll(List.of(more));
    return Main.execute(new PrintWriter(out), new PrintWriter(out), args.toArray(new String[0]));
  }
}
