package dev.sluice.loadtest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.loadtest.ScriptedServer.Event;
import dev.sluice.loadtest.ScriptedServer.Script;
import io.netty.channel.epoll.Epoll;
import java.io.IOException;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The whole tool, through its command line, against a server that is honest or lies in one known
 * way.
 */
class LoadRunTest extends ScriptedRun {
  @ParameterizedTest
  @ValueSource(strings = {"epoll", "nio"})
  void anHonestServerPasses(String transport) throws Exception {
    Assumptions.assumeTrue(transport.equals("nio") || Epoll.isAvailable());
    assertEquals(0, run(ScriptedServer.HONEST, "--transport", transport), this::printed);
    assertTrue(out.toString().endsWith("PASS\n"), this::printed);
    String summary = Files.readString(directory.resolve("summary.json"));
    assertTrue(summary.contains("\"verdict\": \"PASS\""), summary);
    assertTrue(summary.contains("\"tokens\": " + STREAMS * TOKENS), summary);
    assertTrue(summary.contains("\"transport\": \"" + transport + "\""), summary);
    assertTrue(Files.readString(directory.resolve("latency.hgrm")).contains("Percentile"));
    assertTrue(Files.readString(directory.resolve("latency.hlog")).contains("StartTimestamp"));
    assertTrue(Files.readString(directory.resolve("report.html")).contains("\"verdict\":\"PASS\""));
  }

  @Test
  void warmUpTokensAreCheckedAndNotMeasured() throws Exception {
    assertEquals(0, run(ScriptedServer.HONEST, "--warm-up-tokens", "3"), this::printed);
    String summary = Files.readString(directory.resolve("summary.json"));
    assertTrue(summary.contains("\"tokens\": " + STREAMS * (TOKENS + 3)), summary);
    assertTrue(summary.contains("\"measuredTokens\": " + STREAMS * TOKENS), summary);
  }

  @Test
  void aServerThatMergesPasses() throws Exception {
    Map<Integer, List<Event>> held = new HashMap<>();
    Script merging =
        (event, server) -> {
          synchronized (held) {
            List<Event> tokens = held.computeIfAbsent(event.stream(), s -> new ArrayList<>());
            if (event.name().equals("token")) {
              tokens.add(event);
            }
            if (!tokens.isEmpty() && (tokens.size() == 2 || event.name().equals("end"))) {
              StringBuilder text = new StringBuilder();
              tokens.forEach(token -> text.append(token.dataJson()));
              Event merged = new Event(event.stream(), "token", text.toString(), "finalResponse");
              server.reader(event.stream()).sendFrame(merged, tokens.size());
              tokens.clear();
            }
            if (!event.name().equals("token")) {
              server.reader(event.stream()).send(event);
            }
          }
        };
    assertEquals(0, run(merging), this::printed);
    String summary = Files.readString(directory.resolve("summary.json"));
    assertTrue(summary.contains("\"measuredTokens\": " + STREAMS * TOKENS), summary);
    assertTrue(summary.contains("\"frames\": " + STREAMS * (2 + 3)), summary);
  }

  static Stream<Arguments> lies() {
    return Stream.of(
        lie("LOST", (event, server) -> {}),
        lie(
            "DOUBLED",
            (event, server) -> {
              ScriptedServer.HONEST.on(event, server);
              ScriptedServer.HONEST.on(event, server);
            }),
        lie("WRONG_STREAM", (event, server) -> server.reader(0).send(event)),
        lie(
            "SECOND_START",
            (event, server) -> {
              server.reader(LIAR).send(new Event(LIAR, "start", "", null));
              ScriptedServer.HONEST.on(event, server);
            }),
        lie(
            "ALTERED",
            (event, server) ->
                server
                    .reader(LIAR)
                    .send(new Event(LIAR, "token", event.dataJson() + "x", event.type()))),
        lie(
            "FRAME_FORM",
            (event, server) ->
                server
                    .reader(LIAR)
                    .send(new Event(LIAR, "token", event.dataJson(), "toolResponse"))),
        lie("FRAME_FORM", (event, server) -> server.reader(LIAR).sendText("data: x\r\n\r\n")),
        lie(
            "UNEXPECTED_EVENT",
            (event, server) -> {
              server.reader(LIAR).send(new Event(LIAR, "error", "oops", null));
              ScriptedServer.HONEST.on(event, server);
            }),
        lie("MISSING_END", (event, server) -> server.reader(LIAR).complete()),
        lie("TRUNCATED_BODY", (event, server) -> server.reader(LIAR).closeSocket()));
  }

  @ParameterizedTest
  @MethodSource("lies")
  void aLieAboutOneTokenIsFound(String fault, Script lie) throws Exception {
    int[] tokens = new int[1];
    Script script =
        (event, server) -> {
          boolean chosen = event.stream() == LIAR && event.name().equals("token");
          if (chosen && tokens[0]++ == 2) {
            lie.on(event, server);
          } else {
            sendIgnoringClose(event, server);
          }
        };
    assertEquals(1, run(script), this::printed);
    assertTrue(out.toString().contains("1 × " + fault), this::printed);
    assertTrue(out.toString().endsWith("FAIL(server)\n"), this::printed);
  }

  @Test
  void aSwapIsFound() throws Exception {
    List<Event> held = new ArrayList<>();
    Script swapping =
        (event, server) -> {
          if (event.stream() == LIAR && event.dataJson().startsWith("<" + LIAR + ".1>")) {
            held.add(event);
            return;
          }
          ScriptedServer.HONEST.on(event, server);
          if (event.stream() == LIAR && !held.isEmpty()) {
            ScriptedServer.HONEST.on(held.remove(0), server);
          }
        };
    assertEquals(1, run(swapping), this::printed);
    assertTrue(out.toString().contains("1 × REORDERED"), this::printed);
    assertFalse(out.toString().contains("LOST"), this::printed);
  }

  @Test
  void aStreamThatIsNeverCompletedIsGivenUp() throws Exception {
    Script keeping =
        (event, server) -> {
          if (event.stream() != LIAR || !event.name().equals("end")) {
            ScriptedServer.HONEST.on(event, server);
          }
        };
    assertEquals(1, run(keeping, "--settle-seconds", "1"), this::printed);
    assertTrue(out.toString().contains("1 × NOT_COMPLETED"), this::printed);
  }

  @Test
  void anotherHeadIsFoundOnEveryStream() throws Exception {
    String head = ScriptedServer.streamHead("no-cache");
    try (ScriptedServer server =
        new ScriptedServer(ScriptedServer.HONEST).answeringStreamsWith(head)) {
      assertEquals(1, run(server), this::printed);
    }
    assertTrue(out.toString().contains(STREAMS + " × HEAD_FORM"), this::printed);
  }

  @Test
  void refusedStreamsStopTheRunBeforePublishing() throws Exception {
    try (ScriptedServer server =
        new ScriptedServer((event, s) -> fail(event))
            .answeringStreamsWith(
                "HTTP/1.1 503 Service Unavailable\r\nContent-Length: 0\r\n\r\n")) {
      assertEquals(1, run(server), this::printed);
    }
    assertTrue(out.toString().contains("REFUSED"), this::printed);
  }

  @Test
  void anUnreachableServerFails() throws Exception {
    ScriptedServer server = new ScriptedServer(ScriptedServer.HONEST);
    server.close();
    assertEquals(1, run(server), this::printed);
    assertTrue(out.toString().contains("CONNECT_FAILED"), this::printed);
  }

  @Test
  void aRefusedPublisherIsFound() throws Exception {
    try (ScriptedServer server =
        new ScriptedServer(ScriptedServer.HONEST).answeringPublishersWith("429 Slow Down", 0)) {
      assertEquals(1, run(server), this::printed);
    }
    assertTrue(out.toString().contains("PUBLISH_REFUSED"), this::printed);
  }

  @Test
  void aMiscountedAnswerIsFound() throws Exception {
    try (ScriptedServer server =
        new ScriptedServer(ScriptedServer.HONEST).answeringPublishersWith("200 OK", -1)) {
      assertEquals(1, run(server), this::printed);
    }
    assertTrue(out.toString().contains("2 × PUBLISH_MISCOUNTED"), this::printed);
  }

  @Test
  void aRigThatMissesItsRateFailsItself() throws Exception {
    // More than all is never reached, so this does not depend on how fast the machine is.
    assertEquals(3, run(ScriptedServer.HONEST, "--min-rate-percent", "101"), this::printed);
    assertTrue(out.toString().endsWith("FAIL(rig)\n"), this::printed);
  }

  @Test
  void idleOpensHoldsAndCloses() throws Exception {
    try (ScriptedServer server = new ScriptedServer((event, s) -> fail(event))) {
      assertEquals(
          0,
          Main.execute(
              new PrintWriter(out),
              new PrintWriter(err),
              "run",
              "idle",
              "--url",
              server.url(),
              "--streams",
              "20",
              "--connects-in-flight",
              "3",
              "--hold-seconds",
              "0",
              "--out",
              directory.toString(),
              "--pid",
              Long.toString(ProcessHandle.current().pid())),
          this::printed);
    }
    assertTrue(out.toString().contains("20 open of 20"), this::printed);
    assertTrue(out.toString().contains("resident per idle stream"), this::printed);
  }

  private static Arguments lie(String fault, Script lie) {
    return Arguments.of(fault, lie);
  }

  /** After a lie that ends the stream, its later events go nowhere. */
  private static void sendIgnoringClose(Event event, ScriptedServer server) {
    try {
      ScriptedServer.HONEST.on(event, server);
    } catch (IOException e) {
      // Closed by the lie, or by the rig when it had seen it.
    }
  }

  private static void fail(Event event) {
    throw new AssertionError("published " + event);
  }
}
