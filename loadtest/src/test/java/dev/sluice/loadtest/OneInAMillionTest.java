package dev.sluice.loadtest;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.loadtest.ScriptedServer.Event;
import dev.sluice.loadtest.ScriptedServer.Script;
import dev.sluice.loadtest.report.StoredRun;
import java.io.IOException;
import java.io.PrintWriter;
import java.io.StringWriter;
import java.nio.file.Path;
import java.util.ArrayList;
import java.util.Collections;
import java.util.HashMap;
import java.util.List;
import java.util.Map;
import java.util.function.Consumer;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.api.io.TempDir;
import tools.jackson.databind.JsonNode;

/**
 * The rig against a server that is wrong about one token in a million: ten thousand tokens, merged
 * into frames, to 101 readers, of whom one gets one frame with a lie in it.
 */
class OneInAMillionTest {
  private static final int STREAMS = 101;
  private static final int TOKENS = 10_000;
  private static final int TOKENS_PER_FRAME = 50;
  private static final int LIED_TO = 57;
  private static final int LIED_ABOUT = 5_555;

  @TempDir Path directory;

  private final StringWriter out = new StringWriter();

  @Test
  void noneIsFoundWhereThereIsNone() throws Exception {
    assertEquals(0, run(frame -> {}), out::toString);
    assertEquals(Map.of(), faults());
  }

  @Test
  void oneTokenThatIsDroppedIsFound() throws Exception {
    assertEquals(1, run(frame -> frame.remove(placeIn(frame))), out::toString);
    assertEquals(Map.of("LOST", 1L), faults());
    assertTrue(out.toString().contains("token " + LIED_ABOUT), out::toString);
  }

  @Test
  void oneTokenThatIsDoubledIsFound() throws Exception {
    Consumer<List<Event>> doubling = frame -> frame.add(frame.get(placeIn(frame)));
    assertEquals(1, run(doubling), out::toString);
    assertEquals(Map.of("DOUBLED", 1L), faults());
    assertTrue(out.toString().contains("token " + LIED_ABOUT), out::toString);
  }

  @Test
  void twoTokensThatChangePlacesAreFound() throws Exception {
    Consumer<List<Event>> swapping =
        frame -> Collections.swap(frame, placeIn(frame), placeIn(frame) + 1);
    assertEquals(1, run(swapping), out::toString);
    assertEquals(Map.of("REORDERED", 1L), faults());
    String what = "token " + LIED_ABOUT + " came after token " + (LIED_ABOUT + 1);
    assertTrue(out.toString().contains(what), out::toString);
  }

  private static int placeIn(List<Event> frame) {
    return frame.indexOf(chosenOf(frame));
  }

  private static Event chosenOf(List<Event> frame) {
    return frame.stream().filter(OneInAMillionTest::isChosen).findFirst().orElseThrow();
  }

  private static boolean isChosen(Event event) {
    return event.dataJson().startsWith("<0." + LIED_ABOUT + ">");
  }

  /** Merges, and changes the one frame of the one reader before it is written. */
  private static Script lyingOnce(Consumer<List<Event>> lie) {
    List<Event> frame = new ArrayList<>();
    return (event, server) -> {
      boolean token = event.name().equals("token");
      if (token) {
        frame.add(event);
      }
      if (!frame.isEmpty() && (!token || frame.size() == TOKENS_PER_FRAME)) {
        boolean chosen = frame.stream().anyMatch(OneInAMillionTest::isChosen);
        for (int reader = 0; reader < STREAMS; reader++) {
          List<Event> told = new ArrayList<>(frame);
          if (chosen && reader == LIED_TO) {
            lie.accept(told);
          }
          StringBuilder text = new StringBuilder();
          told.forEach(each -> text.append(each.dataJson()));
          Event merged = new Event(0, "token", text.toString(), "finalResponse");
          // Its ids count what is in it, so that only the text can give it away.
          server.reader(reader).sendFrame(merged, told.size());
        }
        frame.clear();
      }
      for (int reader = 0; !token && reader < STREAMS; reader++) {
        server.reader(reader).send(event);
      }
    };
  }

  private Map<String, Long> faults() throws IOException {
    JsonNode summary = StoredRun.read("run", List.of(directory)).summaries().get(0);
    assertTrue(summary.at("/delivered/tokens").asLong() >= 1_000_000, summary::toString);
    Map<String, Long> counts = new HashMap<>();
    summary
        .path("faults")
        .properties()
        .forEach(fault -> counts.put(fault.getKey(), fault.getValue().path("count").asLong()));
    return counts;
  }

  private int run(Consumer<List<Event>> lie) throws IOException {
    try (ScriptedServer server = new ScriptedServer(lyingOnce(lie)).givingEachStreamItsReader()) {
      return Main.execute(
          new PrintWriter(out),
          new PrintWriter(out),
          "run",
          "--url=" + server.url(),
          "--chats=1",
          "--streams=" + STREAMS,
          "--tokens=" + TOKENS,
          "--warm-up-tokens=0",
          "--rate=20000",
          "--connections=1",
          "--min-rate-percent=0",
          "--max-lateness-ms=1e9",
          "--settle-seconds=60",
          "--out=" + directory);
    }
  }
}
