package dev.sluice.loadtest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.loadtest.ScriptedServer.Event;
import dev.sluice.loadtest.ScriptedServer.Script;
import dev.sluice.loadtest.plan.ReaderSpec;
import io.netty.channel.epoll.Epoll;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.stream.Stream;
import org.junit.jupiter.api.Assumptions;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.Arguments;
import org.junit.jupiter.params.provider.MethodSource;
import org.junit.jupiter.params.provider.ValueSource;

/**
 * The whole tool, through its command line, against a server that is honest or lies in one known
 * way.
 */
class LoadRunTest {
  private static final int STREAMS = 6;
  private static final int TOKENS = 5;
  private static final int LIAR = 4;

  @TempDir Path directory;

  private final StringWriter out = new StringWriter();
  private final StringWriter err = new StringWriter();

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
  void eventsArePublishedByPostOneByOne() throws Exception {
    assertEquals(0, run(ScriptedServer.HONEST, "--publish", "post"), this::printed);
    String summary = Files.readString(directory.resolve("summary.json"));
    assertTrue(summary.contains("\"tokens\": " + STREAMS * TOKENS), summary);
    // Every event was answered by itself.
    assertTrue(answers().contains(" " + STREAMS * (TOKENS + 2) + " "), this::printed);
  }

  @Test
  void manyStreamsReadOneChat() throws Exception {
    // The server knows one reader for a chat: the second takes the stream from the first.
    assertEquals(1, run(ScriptedServer.HONEST, "--chats", "5", "--settle-seconds", "1"));
    assertTrue(out.toString().contains("1 × NOT_COMPLETED"), this::printed);
  }

  @Test
  void poissonArrivalsAreAllDelivered() throws Exception {
    assertEquals(0, run(ScriptedServer.HONEST, "--schedule", "poisson"), this::printed);
    String summary = Files.readString(directory.resolve("summary.json"));
    assertTrue(summary.contains("\"measuredTokens\": " + STREAMS * TOKENS), summary);
  }

  @Test
  void answersFollowEachOtherOnChatsOfTheirOwn() throws Exception {
    String[] model = {
      "--schedule",
      "model",
      "--answers",
      "3",
      "--model-tail",
      "0",
      "--model-think-ms",
      "20",
      "--model-slowest",
      "500",
      "--model-fastest",
      "900",
      "--model-pause-ms",
      "5",
      "--model-spread-ms",
      "50",
      "--warm-up-seconds",
      "0"
    };
    assertEquals(0, run(ScriptedServer.HONEST, model), this::printed);
    String summary = Files.readString(directory.resolve("summary.json"));
    assertTrue(summary.contains("\"measuredTokens\": " + STREAMS * TOKENS * 3), summary);
    assertTrue(Files.exists(directory.resolve("first-token.hgrm")));
  }

  @Test
  void droppedConnectionsAreResumedExactly() throws Exception {
    try (ScriptedServer server = new ScriptedServer(ScriptedServer.HONEST)) {
      String[] storm = {"--rate", "100", "--drop-every-ms", "50"};
      assertEquals(0, run(server, storm), this::printed);
      assertTrue(server.resumed() >= STREAMS, () -> "resumed " + server.resumed());
    }
    assertTrue(out.toString().contains("each resumed"), this::printed);
  }

  @Test
  void aResumptionThatSkipsATokenIsFound() throws Exception {
    boolean[] skipped = new boolean[1];
    Script skipping =
        (event, server) -> {
          if (event.stream() == LIAR && server.resumed() > LIAR && !skipped[0]) {
            skipped[0] = event.name().equals("token");
            if (skipped[0]) {
              return;
            }
          }
          ScriptedServer.HONEST.on(event, server);
        };
    String[] storm = {"--rate", "100", "--drop-every-ms", "50"};
    assertEquals(1, run(skipping, storm), this::printed);
    assertTrue(out.toString().contains("1 × LOST"), this::printed);
  }

  @Test
  void streamsThatCrawlCompleteAndThoseThatStallAreNotBlamed() throws Exception {
    String[] odd = {"--slow-percent", "34", "--slow-bytes-per-second", "500"};
    String[] readers = {"--stalled-percent", "20", odd[0], odd[1], odd[2], odd[3]};
    assertEquals(0, run(ScriptedServer.HONEST, readers), this::printed);
    String summary = Files.readString(directory.resolve("summary.json"));
    int stalled = 0;
    int slow = 0;
    ReaderSpec spec = new ReaderSpec(34, 500, 20, 0, 0);
    for (int stream = 0; stream < STREAMS; stream++) {
      stalled += spec.pace(stream) == ReaderSpec.Pace.STALLED ? 1 : 0;
      slow += spec.pace(stream) == ReaderSpec.Pace.SLOW ? 1 : 0;
    }
    assertTrue(slow > 0 && stalled > 0);
    int measured = (STREAMS - stalled - slow) * TOKENS;
    assertTrue(summary.contains("\"measuredTokens\": " + measured), summary);
  }

  @Test
  void aRampEndsAtTheKnee() throws Exception {
    String[] ramp = {"--ramp-to", "40000", "--ramp-factor", "2", "--ramp-p99-ms", "1e9"};
    assertEquals(0, run(ScriptedServer.HONEST, ramp), this::printed);
    assertTrue(out.toString().contains("40,000 events/s hold"), this::printed);
    out.getBuffer().setLength(0);
    ramp[5] = "0.001";
    assertEquals(3, run(ScriptedServer.HONEST, ramp), this::printed);
    assertTrue(out.toString().contains("no rate holds"), this::printed);
  }

  @Test
  void twoTargetsAreRunInTurnAndCompared() throws Exception {
    try (ScriptedServer one = new ScriptedServer(ScriptedServer.HONEST);
        ScriptedServer other = new ScriptedServer(ScriptedServer.HONEST)) {
      assertEquals(0, run(one, "--vs", other.url(), "--rounds", "2"), this::printed);
      String[] lines = out.toString().split("\n", -1);
      List<String> targets =
          Stream.of(lines)
              .filter(l -> l.startsWith("run "))
              .map(l -> l.split(", ", -1)[1])
              .toList();
      assertEquals(List.of(one.url(), other.url(), one.url(), other.url()), targets);
    }
    assertTrue(out.toString().contains("medians of 2 runs each"), this::printed);
    // As many tokens came from each, so that their ratio is known.
    assertTrue(out.toString().matches("(?s).*tokens delivered +30 +30 +1\\.00\n.*"), this::printed);
    assertTrue(Files.readString(directory.resolve("report.html")).contains("\"test-b2\""));
  }

  @Test
  void idleStreamsThatTakeMoreThanTheyMayFail() throws Exception {
    // Of this process, which holds both ends of every stream.
    String[] idle = {
      "--publish",
      "nothing",
      "--hold-seconds",
      "0",
      "--max-idle-bytes",
      "1",
      "--pid",
      Long.toString(ProcessHandle.current().pid())
    };
    assertEquals(1, run(ScriptedServer.HONEST, idle), this::printed);
    assertTrue(out.toString().contains("above --max-idle-bytes 1"), this::printed);
    assertTrue(out.toString().contains("faults     none"), this::printed);
    idle[5] = "1000000000";
    assertEquals(0, run(ScriptedServer.HONEST, idle), this::printed);
  }

  @Test
  void theFloorIsARunAgainstAnEchoInThisProcess() {
    String[] args = {
      "run",
      "floor",
      "--streams",
      "10",
      "--rate",
      "1000",
      "--tokens",
      "10",
      "--warm-up-tokens",
      "0",
      "--min-rate-percent",
      "0",
      "--max-lateness-ms",
      "1e9",
      "--out",
      directory.toString()
    };
    int code = Main.execute(new PrintWriter(out), new PrintWriter(err), args);
    assertEquals(0, code, this::printed);
    assertTrue(out.toString().contains("delivered  100 tokens in 120 frames"), this::printed);
  }

  private String answers() {
    return out.toString().lines().filter(line -> line.startsWith("answer")).findFirst().orElse("");
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

  private int run(Script script, String... more) throws IOException {
    try (ScriptedServer server = new ScriptedServer(script)) {
      return run(server, more);
    }
  }

  private int run(ScriptedServer server, String... more) {
    List<String> args = new ArrayList<>();
    args.addAll(List.of("run", "--url", server.url(), "--tag", "test"));
    args.addAll(defaults(more, "--warm-up-tokens", "0"));
    args.addAll(defaults(more, "--settle-seconds", "60"));
    args.addAll(List.of("--streams", "" + STREAMS, "--tokens", "" + TOKENS));
    args.addAll(defaults(more, "--rate", "20000"));
    args.addAll(List.of("--connections", "2", "--out", directory.toString()));
    // The rig's own lateness is not under test here, and must not decide: other work shares the
    // machine.
    args.addAll(List.of("--max-lateness-ms", "1e9"));
    args.addAll(defaults(more, "--min-rate-percent", "0"));
    args.addAll(List.of(more));
    return Main.execute(new PrintWriter(out), new PrintWriter(err), args.toArray(new String[0]));
  }

  private static List<String> defaults(String[] given, String option, String value) {
    return List.of(given).contains(option) ? List.of() : List.of(option, value);
  }

  private String printed() {
    return out + "\n" + err;
  }
}
