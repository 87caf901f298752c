package dev.sluice.promises;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.chat.RunPublisher;
import dev.sluice.frame.TokenType;
import java.io.ByteArrayOutputStream;
import java.io.InputStream;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Map;
import java.util.Objects;
import java.util.TreeMap;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** What the server counts as delivered is what its readers received, to the token and the byte. */
class CountsAreWhatReadersGotTest {
  private static final int READERS = 12;
  private static final int TOKENS = 900;

  /** What one reader or all of them got, by type. */
  private static final class Received {
    final Map<String, Long> frames = new TreeMap<>();
    final Map<String, Long> tokens = new TreeMap<>();
    final Map<String, Long> bytes = new TreeMap<>();

    void take(String frame) {
      String data = frame.substring(frame.indexOf("\ndata:") + 6).strip();
      JsonNode json = JsonMapper.shared().readTree(data);
      boolean token = json.path("event").asString("").equals("token");
      String type = token ? json.path("type").asString("") : "event";
      frames.merge(type, 1L, Long::sum);
      bytes.merge(type, (long) frame.getBytes(StandardCharsets.UTF_8).length, Long::sum);
      if (token) {
        // Each token of the test ends with its mark.
        long count = json.path("data").asString("").chars().filter(c -> c == '|').count();
        tokens.merge(type, count, Long::sum);
      }
    }
  }

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void framesTokensAndBytesByType(int serverThreads) throws Exception {
    try (TestServer server = TestServer.wish().threads(serverThreads).start()) {
      List<RawConnection> connections = new ArrayList<>();
      String[] queries = {"", "?ids=off", "?mode=run", "?batch=5", "", ""};
      for (int i = 0; i < READERS; i++) {
        connections.add(
            RawConnection.open(server.uri())
                .send(
                    "GET /v1/chats/c/stream"
                        + queries[i % queries.length]
                        + " HTTP/1.1\r\nHost: x\r\n\r\n"));
      }
      List<Head> heads = new ArrayList<>();
      for (RawConnection connection : connections) {
        heads.add(Head.read(connection.in()));
      }
      RunPublisher run = Objects.requireNonNull(server.chats().startRun("c"));
      TokenType[] types = TokenType.values();
      for (int i = 0; i < TOKENS; i++) {
        run.token(types[i / 7 % types.length], "\u00E9 " + i + "|");
        if (i % 100 == 50) {
          run.json("tool", "{\"n\":" + i + "}");
        }
        if (i % 60 == 0) {
          // So that readers are at different places.
          Thread.sleep(1);
        }
      }
      run.end();
      Received received = new Received();
      long sent = 0;
      for (int i = 0; i < READERS; i++) {
        InputStream body = heads.get(i).body(connections.get(i).in());
        ByteArrayOutputStream all = new ByteArrayOutputStream();
        body.transferTo(all);
        String text = all.toString(StandardCharsets.UTF_8);
        assertTrue(text.endsWith("\n\n"), text);
        for (String frame : text.split("(?<=\n\n)", -1)) {
          if (!frame.isEmpty()) {
            received.take(frame);
          }
        }
        sent += all.size();
        connections.get(i).close();
      }
      Eventually.isTrue(
          "closed",
          () ->
              Numbers.of(server).of("sluice_streams_closed_total{reason=\"completed\"}")
                  == READERS);
      Numbers numbers = Numbers.of(server);
      assertEquals(
          (long) TOKENS * READERS, received.tokens.values().stream().mapToLong(n -> n).sum());
      assertEquals(received.tokens, counted(numbers, "sluice_tokens_total"));
      assertEquals(received.frames, counted(numbers, "sluice_frames_total"));
      assertEquals(received.bytes, counted(numbers, "sluice_frame_bytes_total"));
      // A write of this size has 5 to 8 bytes around it; the last one 5 more.
      double around = numbers.of("sluice_stream_bytes_total") - sent;
      double writes = numbers.of("sluice_lag_events_count");
      assertTrue(around >= 5 * writes && around <= 8 * writes + 5 * READERS, around + "/" + writes);
      assertEquals(READERS, numbers.of("sluice_time_to_first_token_seconds_count"));
      assertEquals((double) TOKENS * READERS, numbers.of("sluice_tokens_per_frame_sum"));
      assertEquals(0, numbers.of("sluice_streams{client=\"external\"}"));
      for (String state : new String[] {"waiting", "live", "blocked"}) {
        assertEquals(0, numbers.of("sluice_streams_by_state{state=\"" + state + "\"}"), state);
      }
      assertEquals(1, numbers.of("sluice_runs_ended_total{ending=\"completed\"}"));
      assertEquals(0, numbers.of("sluice_runs{state=\"answering\"}"));
    }
  }

  private static Map<String, Long> counted(Numbers numbers, String name) {
    Map<String, Long> counts = new TreeMap<>();
    numbers
        .bySeries()
        .forEach(
            (series, value) -> {
              if (series.startsWith(name + "{") && value > 0) {
                counts.put(series.replaceAll(".*\"(.*)\".*", "$1"), value.longValue());
              }
            });
    return counts;
  }
}
