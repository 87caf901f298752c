package dev.sluice.promises;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import java.io.IOException;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import org.jspecify.annotations.Nullable;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/**
 * A publisher whose connections are cut anywhere, and that sends again whatever it does not know to
 * have arrived, is read exactly once.
 */
class PublisherRetriesLoseNothingTest {
  private static final int TOKENS = 500;
  private static final int MAX_BATCH = 40;
  private static final int MIN_CUTS = 10;

  /** What the publisher sends, and what it does after a cut. */
  enum Way {
    LINES_BLINDLY,
    JSON_BLINDLY,
    /** Asks how far it came, and goes on from there. */
    LINES_AFTER_ASKING
  }

  private final List<String> events = new ArrayList<>();
  private final StringBuilder text = new StringBuilder();

  @ParameterizedTest
  @EnumSource
  void theTextIsExact(Way way) throws IOException {
    Random random = new Random(way.name().hashCode());
    makeEvents(random);
    try (TestServer server = TestServer.wish().producerGraceMs(600_000).start();
        CuttingLink link = CuttingLink.to(server.uri(), new Random(way.name().hashCode()));
        EventStream reader = EventStream.open(server.uri(), "c")) {
      Calls calls = new Calls(server.uri());
      int next = 0;
      while (next < events.size()) {
        int to = Math.min(events.size(), next + 1 + random.nextInt(MAX_BATCH));
        Response response = send(link, way, events.subList(next, to));
        if (response != null) {
          assertEquals(200, response.status(), response.body());
          assertEquals(to - next, response.json().path("accepted").asInt());
          next = to;
        } else if (way == Way.LINES_AFTER_ASKING) {
          next = calls.get("/v1/chats/c").json().at("/producers/0/lastSeq").asInt(0);
        }
      }
      List<Event> read = reader.all();
      assertEquals(text.toString(), Readers.text(read, null, "finalResponse"));
      assertTrue(read.stream().noneMatch(event -> event.is("error") || event.is("gap")));
      assertEquals(1, read.stream().filter(event -> event.is("start")).count());
      assertTrue(link.cuts() > MIN_CUTS, () -> "only " + link.cuts() + " cuts");
    }
  }

  private void makeEvents(Random random) {
    RandomText texts = new RandomText(random);
    add("start", "\"\"");
    for (int i = 0; i < TOKENS; i++) {
      String token = i + texts.text(8);
      text.append(token);
      add("token", texts.quoted(token));
    }
    add("end", "\"[DONE]\"");
  }

  private void add(String name, String dataJson) {
    events.add(
        "{\"event\":\""
            + name
            + "\",\"data\":"
            + dataJson
            + ",\"type\":\"finalResponse\",\"run\":\"r\",\"seq\":"
            + (events.size() + 1)
            + "}");
  }

  /** Null if the connection was cut before the answer was there. */
  private static @Nullable Response send(CuttingLink link, Way way, List<String> batch) {
    boolean json = way == Way.JSON_BLINDLY;
    String body = json ? batch.toString() : String.join("\n", batch) + "\n";
    String head =
        String.join(
            "\r\n",
            "POST /v1/chats/c/events HTTP/1.1",
            "Host: x",
            "Producer-Id: p",
            "Content-Type: application/" + (json ? "json" : "x-ndjson"),
            "Content-Length: " + body.getBytes(StandardCharsets.UTF_8).length,
            "\r\n");
    try (RawConnection connection = RawConnection.open(link.uri())) {
      connection.send(head);
      for (String line : body.split("(?<=\n)", -1)) {
        connection.send(line);
      }
      return connection.response();
    } catch (IOException e) {
      return null;
    }
  }
}
