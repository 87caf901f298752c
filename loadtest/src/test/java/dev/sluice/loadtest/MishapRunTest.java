package dev.sluice.loadtest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.loadtest.ScriptedServer.Event;
import dev.sluice.loadtest.ScriptedServer.Script;
import dev.sluice.loadtest.report.StoredRun;
import java.io.IOException;
import java.nio.file.Files;
import java.util.List;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import org.junit.jupiter.api.Test;
import tools.jackson.databind.JsonNode;

/** What the rig does on purpose, through the command line, to a server that copes or does not. */
class MishapRunTest extends ScriptedRun {
  private static final String[] READERS = {
    "--pauses", "6", "--pause-ms", "100", "--resets", "6", "--half-opens", "4", "--rate", "60"
  };

  /** Every other chat is on the connection that is cut. */
  private static final String[] CUTS = {"--cuts", "3", "--rate", "60"};

  @Test
  void readersThatPauseBreakOffAndReturnEndExact() throws Exception {
    try (ScriptedServer server = new ScriptedServer(ScriptedServer.HONEST)) {
      assertEquals(0, run(server, READERS), this::printed);
      long broken = made("reset") + made("half-open");
      assertTrue(broken > 0, this::printed);
      assertEquals(broken, server.resumed());
    }
    allSurvived("pause", "reset", "half-open");
    String report = Files.readString(directory.resolve("report.html"));
    assertTrue(report.contains("readers that stopped reading for a while"), report);
  }

  @Test
  void aTokenThatIsLostOverABreakIsFound() throws Exception {
    boolean[] skipped = new boolean[1];
    Script skipping =
        (event, server) -> {
          if (server.resumed() > 0 && event.name().equals("token") && !skipped[0]) {
            skipped[0] = true;
            return;
          }
          ScriptedServer.HONEST.on(event, server);
        };
    assertEquals(1, run(skipping, READERS), this::printed);
    assertTrue(out.toString().contains("1 × LOST"), this::printed);
  }

  @Test
  void publishersThatAreCutGoOnWhereTheServerIs() throws Exception {
    assertEquals(0, run(ScriptedServer.HONEST, CUTS), this::printed);
    assertTrue(made("cut") > 0, this::printed);
    allSurvived("cut");
    assertTrue(summary().at("/told/producersLost").asLong() > 0, this::printed);
    assertEquals(STREAMS * TOKENS, summary().at("/delivered/tokens").asInt(), this::printed);
  }

  @Test
  void aServerThatPublishesTheCutLineTwiceIsFound() throws Exception {
    Map<Integer, Event> lastTokens = new ConcurrentHashMap<>();
    AtomicInteger doubled = new AtomicInteger();
    Script doubling =
        (event, server) -> {
          ScriptedServer.HONEST.on(event, server);
          if (event.name().equals("token")) {
            lastTokens.put(event.stream(), event);
          } else if (event.name().equals("start") && lastTokens.containsKey(event.stream())) {
            // It starts again, after a cut.
            ScriptedServer.HONEST.on(lastTokens.remove(event.stream()), server);
            doubled.incrementAndGet();
          }
        };
    assertEquals(1, run(doubling, "--cuts", "1", "--rate", "60"), this::printed);
    assertTrue(doubled.get() > 0, this::printed);
    assertTrue(out.toString().contains(doubled + " × DOUBLED"), this::printed);
    assertEquals(1, made("cut"));
    assertEquals(0, summary().at("/mishaps/cut/survived").asInt());
  }

  @Test
  void twoPublishersOfOneChatAreToldApartByTheirRuns() throws Exception {
    // The server knows nothing of runs: their names are missing in what it sends.
    assertEquals(1, run(ScriptedServer.HONEST, "--two-run-chats", "1", "--settle-seconds", "1"));
    assertTrue(out.toString().contains("FRAME_FORM"), this::printed);
    assertEquals(1, made("two-runs"));
    assertEquals(0, summary().at("/mishaps/two-runs/survived").asInt());
  }

  @Test
  void whatCannotBeDoneIsToldBeforeTheRun() throws Exception {
    assertEquals(2, run(ScriptedServer.HONEST, "--cuts", "1", "--publish", "post"));
    assertTrue(err.toString().contains("--cuts, --two-run-chats: need --publish"), this::printed);
    assertEquals(2, run(ScriptedServer.HONEST, "--pauses", "1", "--pause-ms", "60000"));
    assertTrue(err.toString().contains("--pause-ms: 60000 is not below"), this::printed);
    assertEquals(2, run(ScriptedServer.HONEST, "--cuts", "1", "--two-run-chats", "1"));
    assertTrue(err.toString().contains("need --connections 4"), this::printed);
    assertEquals(2, run(ScriptedServer.HONEST, "--two-run-chats", "7"));
    assertTrue(err.toString().contains("--two-run-chats: more than there are"), this::printed);
  }

  @Test
  void stalledReadersAreWrittenToAndWhatTheyCostIsTold() throws Exception {
    String[] stalled = {
      "--stalled-readers",
      "2",
      "--stalled-bytes",
      "8000",
      "--rate",
      "100",
      "--settle-seconds",
      "1",
      "--pid",
      Long.toString(ProcessHandle.current().pid())
    };
    assertEquals(0, run(ScriptedServer.HONEST, stalled), this::printed);
    JsonNode cost = summary().path("stalled");
    int with = cost.at("/latencyWith/count").asInt();
    int without = cost.at("/latencyWithout/count").asInt();
    assertTrue(with > 0 && without > 0, this::printed);
    assertEquals(STREAMS * TOKENS, with + without);
    assertTrue(cost.path("growthBytes").asLong(-1) >= 0, this::printed);
    assertTrue(out.toString().contains("2 readers, 8,000 bytes published to each"), this::printed);
  }

  private JsonNode summary() throws IOException {
    return StoredRun.read("run", List.of(directory)).summaries().get(0);
  }

  private long made(String mishap) throws IOException {
    return summary().at("/mishaps/" + mishap + "/made").asLong();
  }

  private void allSurvived(String... mishaps) throws IOException {
    for (String mishap : mishaps) {
      assertEquals(made(mishap), summary().at("/mishaps/" + mishap + "/survived").asLong(), mishap);
    }
  }
}
