package dev.sluice.loadtest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.loadtest.ScriptedServer.Script;
import dev.sluice.loadtest.plan.ReaderSpec;
import java.io.PrintWriter;
import java.nio.file.Files;
import java.util.List;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** Further kinds of load, through the command line, against a server that is honest or is not. */
class ScenarioRunTest extends ScriptedRun {
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
    assertTrue(out.toString().contains("in storms if many at once, and resumed"), this::printed);
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
      // So many that what else this process lets go meanwhile does not hide them.
      "--streams",
      "200",
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
  void theTargetsOwnMetricsAreReadUnlessItsProcessIsNamed() throws Exception {
    AtomicInteger scrapes = new AtomicInteger();
    Supplier<String> page =
        () -> {
          int count = scrapes.incrementAndGet();
          return """
              # TYPE process_cpu_seconds_total counter
              process_cpu_seconds_total %d.5
              jvm_memory_used_bytes{area="heap"} %d
              jvm_memory_used_bytes{area="nonheap"} 9
              """
              .formatted(count, 1_000_000 + count * 60 * STREAMS);
        };
    try (ScriptedServer server =
        new ScriptedServer(ScriptedServer.HONEST).answeringMetricsWith(page)) {
      assertEquals(0, run(server), this::printed);
      String summary = Files.readString(directory.resolve("summary.json"));
      // One second of CPU time between two scrapes, over all tokens.
      String micros = "\"cpuMicros\": 1000000,\n    \"cpuTokens\": " + STREAMS * TOKENS;
      assertTrue(summary.contains(micros), summary);
      assertTrue(summary.contains("\"usedHeapBytesPerStream\": 60,"), summary);
      assertTrue(summary.contains("\"liveHeapBytesPerStream\": null"), summary);
      assertTrue(summary.contains("\"source\": \"" + server.url() + "/metrics\""), summary);
      assertTrue(out.toString().contains("60 B heap with its garbage"), this::printed);

      int before = scrapes.get();
      long pid = ProcessHandle.current().pid();
      assertEquals(0, run(server, "--pid", Long.toString(pid)), this::printed);
      assertEquals(before, scrapes.get());
      summary = Files.readString(directory.resolve("summary.json"));
      assertTrue(summary.contains("\"source\": \"process " + pid + "\""), summary);
    }
    assertEquals(0, run(ScriptedServer.HONEST), this::printed);
    assertTrue(
        Files.readString(directory.resolve("summary.json")).contains("\"source\": null"),
        this::printed);
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
}
