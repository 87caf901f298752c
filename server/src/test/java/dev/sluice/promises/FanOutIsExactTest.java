package dev.sluice.promises;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.frame.TokenType;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.ValueSource;

/** Two hundred readers of one chat each get all of it, once. */
class FanOutIsExactTest {
  private static final int READERS = 200;
  private static final int READING_THREADS = 8;

  @ParameterizedTest
  @ValueSource(ints = {1, 3})
  void everyReaderGetsEverythingOnce(int serverThreads) throws Exception {
    ExecutorService threads = Executors.newFixedThreadPool(READING_THREADS);
    List<EventStream> streams = new ArrayList<>();
    try (TestServer server = TestServer.wish().threads(serverThreads).start()) {
      RandomPublisher publisher = new RandomPublisher(server, "c", "r", new Random(7));
      String[] queries = {"", "", "", "?batch=20", "?run=r", "?mode=follow", ""};
      for (int i = 0; i < READERS; i++) {
        streams.add(EventStream.open(server.uri(), "c", queries[i % queries.length]));
      }
      List<Future<List<Event>>> read = new ArrayList<>();
      for (EventStream stream : streams) {
        read.add(threads.submit(() -> untilEnd(stream)));
      }
      publisher.publish(12);
      publisher.end();
      for (int i = 0; i < READERS; i++) {
        List<Event> events = read.get(i).get(30, TimeUnit.SECONDS);
        for (TokenType type : TokenType.values()) {
          assertEquals(
              publisher.published(type),
              Readers.text(events, "r", type.wireName()),
              "reader " + i + ", " + type);
        }
        assertEquals(1, events.stream().filter(event -> event.is("start")).count());
        assertTrue(events.get(events.size() - 1).is("end"));
      }
    } finally {
      streams.forEach(EventStream::close);
      threads.shutdownNow();
      assertTrue(threads.awaitTermination(30, TimeUnit.SECONDS));
    }
  }

  private static List<Event> untilEnd(EventStream stream) throws Exception {
    List<Event> events = new ArrayList<>();
    for (Event event = stream.next(); event != null; event = stream.next()) {
      events.add(event);
      if (event.is("end")) {
        break;
      }
    }
    return events;
  }
}
