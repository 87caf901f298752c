package dev.sluice.promises;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assertions.fail;

import dev.sluice.frame.TokenType;
import java.net.URI;
import java.util.ArrayList;
import java.util.LinkedHashMap;
import java.util.List;
import java.util.Map;
import java.util.Random;
import java.util.concurrent.Callable;
import java.util.concurrent.ExecutorService;
import java.util.concurrent.Executors;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.stream.LongStream;
import org.junit.jupiter.api.AfterEach;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.MethodSource;

/**
 * What a reader gets is what was published, to the character: whatever the tokens are, however they
 * are cut, by whatever way they come in, whatever the reader is like. The seed is in the name of
 * the test; {@code -Dfidelity.seed=N} runs that one alone.
 */
class FidelityTest {
  private static final long DEADLINE_S = 30;
  private static final int ROUNDS = 4;

  private final ExecutorService threads = Executors.newCachedThreadPool();

  static LongStream seeds() {
    Long given = Long.getLong("fidelity.seed");
    return given != null ? LongStream.of(given) : new Random().longs(ROUNDS, 0, 1L << 40);
  }

  @AfterEach
  void stopThreads() throws InterruptedException {
    threads.shutdownNow();
    assertTrue(threads.awaitTermination(DEADLINE_S, TimeUnit.SECONDS));
  }

  @ParameterizedTest(name = "seed {0}")
  @MethodSource("seeds")
  void readersGetWhatWasPublished(long seed) throws Exception {
    Random random = new Random(seed);
    String chatId = "ch\u00E4t " + seed;
    try (TestServer server = TestServer.wish().threads(1 + random.nextInt(3)).start()) {
      URI uri = server.uri();
      List<RandomPublisher> publishers = new ArrayList<>();
      for (String run : List.of("", "r-1", "r\u00E4 2").subList(0, 1 + random.nextInt(3))) {
        publishers.add(new RandomPublisher(server, chatId, run, new Random(random.nextLong())));
      }
      Map<String, Future<List<Event>>> readers = new LinkedHashMap<>();
      for (int i = 0; i < 3; i++) {
        EventStream stream = EventStream.open(uri, chatId);
        readers.put("fast " + i, read(() -> Readers.fast(stream)));
      }
      EventStream slow = Readers.openSlow(uri, chatId, 1 + random.nextInt(700));
      readers.put("slow", read(() -> Readers.fast(slow)));
      EventStream byteWise = Readers.openByteWise(uri, chatId);
      readers.put("byte-wise", read(() -> Readers.fast(byteWise)));
      EventStream paced = EventStream.open(uri, chatId, "?batch=5");
      readers.put("paced", read(() -> Readers.fast(paced)));
      Random cuts = new Random(random.nextLong());
      readers.put("resuming", read(() -> Readers.resuming(uri, chatId, cuts)));

      publishAtOnce(publishers, 1 + random.nextInt(12));
      EventStream late = EventStream.open(uri, chatId);
      readers.put("late", read(() -> Readers.fast(late)));
      Random lateCuts = new Random(random.nextLong());
      readers.put("late and resuming", read(() -> Readers.resuming(uri, chatId, lateCuts)));
      publishAtOnce(publishers, 1 + random.nextInt(12));
      for (RandomPublisher publisher : publishers) {
        publisher.end();
      }

      for (Map.Entry<String, Future<List<Event>>> reader : readers.entrySet()) {
        List<Event> events = reader.getValue().get(DEADLINE_S, TimeUnit.SECONDS);
        requireAll(reader.getKey(), publishers, events);
      }
    }
  }

  private Future<List<Event>> read(Callable<List<Event>> reader) {
    return threads.submit(reader);
  }

  private void publishAtOnce(List<RandomPublisher> publishers, int batches) throws Exception {
    List<Future<?>> published = new ArrayList<>();
    for (RandomPublisher publisher : publishers) {
      published.add(
          threads.submit(
              () -> {
                publisher.publish(batches);
                return null;
              }));
    }
    for (Future<?> one : published) {
      one.get(DEADLINE_S, TimeUnit.SECONDS);
    }
  }

  private static void requireAll(
      String reader, List<RandomPublisher> publishers, List<Event> events) {
    long lastOffset = 0;
    for (Event event : events) {
      assertFalse(event.is("gap"), reader);
      assertTrue(event.offset() > lastOffset, reader + ": ids that do not rise");
      lastOffset = event.offset();
    }
    for (RandomPublisher publisher : publishers) {
      String run = publisher.run();
      String who = reader + ", run \"" + run + "\"";
      assertEquals(1, count(events, run, "start"), who + ": start");
      assertEquals(1, count(events, run, "end"), who + ": end");
      for (TokenType type : TokenType.values()) {
        requireSame(
            who + ", " + type,
            publisher.published(type),
            Readers.text(events, run, type.wireName()));
      }
    }
    assertTrue(events.get(events.size() - 1).is("end"), reader + ": the last event");
  }

  private static long count(List<Event> events, String run, String name) {
    return events.stream().filter(e -> e.is(name) && e.run().equals(run)).count();
  }

  private static void requireSame(String what, String published, String got) {
    if (!published.equals(got)) {
      int at = 0;
      while (at < Math.min(published.length(), got.length())
          && published.charAt(at) == got.charAt(at)) {
        at++;
      }
      fail(
          what
              + ": published "
              + published.length()
              + " characters, got "
              + got.length()
              + ", different from "
              + at
              + " on");
    }
  }
}
