package dev.sluice.promises;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertNull;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sluice.Transport;
import dev.sluice.frame.TokenType;
import java.io.IOException;
import java.io.UncheckedIOException;
import java.util.List;
import java.util.Objects;
import java.util.Random;
import java.util.concurrent.atomic.AtomicReference;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;

/** Epoll, io_uring and NIO differ in speed and in nothing else. */
class EveryTransportBehavesTheSameTest {
  @ParameterizedTest
  @EnumSource(Transport.class)
  void aRunArrivesExactlyAtReadersOfEveryKind(Transport transport) throws IOException {
    assumeTrue(transport.isAvailable(), transport + " is not available on this machine");
    try (TestServer server = TestServer.wish().transport(transport).start()) {
      RandomPublisher publisher = new RandomPublisher(server, "c", "r", new Random(5));
      try (EventStream live = EventStream.open(server.uri(), "c");
          EventStream slow = Readers.openSlow(server.uri(), "c", 400);
          EventStream byteWise = Readers.openByteWise(server.uri(), "c")) {
        publisher.publish(12);
        publisher.end();
        for (EventStream stream : List.of(live, slow, byteWise)) {
          requireAll(publisher, stream.all());
        }
      }
      requireAll(publisher, Readers.resuming(server.uri(), "c", new Random(6)));
    }
  }

  @ParameterizedTest
  @EnumSource(Transport.class)
  void aLargeBacklogReachesAReaderThatWakesUpLate(Transport transport) throws IOException {
    assumeTrue(transport.isAvailable(), transport + " is not available on this machine");
    try (TestServer server = TestServer.wish().transport(transport).start();
        EventStream late =
            EventStream.open(
                RawConnection.open(server.uri(), 4096),
                "c",
                "",
                null,
                java.io.BufferedInputStream::new)) {
      Calls calls = new Calls(server.uri());
      String token = "y".repeat(100_000);
      for (int i = 0; i < 50; i++) {
        calls.publish("c", "{\"event\":\"token\",\"data\":\"" + token + "\"}");
      }
      calls.publish("c", "{\"event\":\"end\"}");
      assertEquals(50 * token.length(), Readers.text(late.all(), null, "agentReasoning").length());
    }
  }

  @ParameterizedTest
  @EnumSource(Transport.class)
  void aStreamEndsCleanlyAndABrokenProducerIsNoticed(Transport transport) throws IOException {
    assumeTrue(transport.isAvailable(), transport + " is not available on this machine");
    try (TestServer server = TestServer.wish().transport(transport).start();
        EventStream stream = EventStream.open(server.uri(), "c")) {
      try (RawConnection producer = new Calls(server.uri()).openLines("c")) {
        producer.chunk("{\"event\":\"token\",\"data\":\"x\"}\n");
        assertEquals("x", stream.await("token").text());
        producer.reset();
      }
      assertEquals(
          "producer_lost", stream.await("error").json().path("detail").path("code").asString());
      assertTrue(stream.await("end").is("end"));
      assertNull(stream.next());
      RawConnection connection = stream.connection();
      connection.send("GET /v1/chats/c HTTP/1.1\r\nHost: test\r\nConnection: close\r\n\r\n");
      assertEquals(200, connection.response().head().status());
      connection.awaitClose();
    }
  }

  @ParameterizedTest
  @EnumSource(Transport.class)
  void anAddressHasItsPlaceBackOnceItsStreamIsGone(Transport transport) throws IOException {
    assumeTrue(transport.isAvailable(), transport + " is not available on this machine");
    TestServer.Wish wish =
        TestServer.wish().transport(transport).maxSubscribersPerAddress(1).demoTokenDelayMs(60_000);
    try (TestServer server = wish.start()) {
      for (int i = 0; i < 3; i++) {
        try (EventStream stream = awaitPlace(server)) {
          assertEquals(429, statusOfAStream(server));
          stream.connection().reset();
        }
        try (RawConnection asking = awaitAsking(server, "asked-" + i)) {
          assertEquals(429, statusOfAStream(server));
          asking.reset();
        }
      }
      awaitPlace(server).close();
    }
  }

  private static int statusOfAStream(TestServer server) {
    try (EventStream stream = EventStream.open(server.uri(), "c")) {
      return stream.head().status();
    }
  }

  private static EventStream awaitPlace(TestServer server) {
    AtomicReference<EventStream> found = new AtomicReference<>();
    Eventually.isTrue(
        "there is a place",
        () -> {
          EventStream stream = EventStream.open(server.uri(), "c");
          if (stream.head().status() == 200) {
            found.set(stream);
            return true;
          }
          stream.close();
          return false;
        });
    return Objects.requireNonNull(found.get());
  }

  /** Asks for an answer in one piece, which takes a place too; again while there is none. */
  private static RawConnection awaitAsking(TestServer server, String chatId) throws IOException {
    String body = "{\"question\":\"What?\",\"streaming\":false,\"chatId\":\"" + chatId + "\"}";
    AtomicReference<RawConnection> found = new AtomicReference<>();
    Eventually.isTrue(
        "the question is taken",
        () -> {
          RawConnection asking = RawConnection.open(server.uri());
          found.set(asking);
          try {
            asking.send(
                "POST /api/v1/prediction/f HTTP/1.1\r\nHost: test\r\nContent-Type:"
                    + " application/json\r\nContent-Length: "
                    + body.length()
                    + "\r\n\r\n"
                    + body);
            Eventually.isTrue(
                "it is taken or refused",
                () -> server.chats().find(chatId) != null || hasAnswer(asking));
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
          if (server.chats().find(chatId) == null) {
            asking.close();
            return false;
          }
          return true;
        });
    return Objects.requireNonNull(found.get());
  }

  private static boolean hasAnswer(RawConnection connection) {
    try {
      return connection.in().available() > 0;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void requireAll(RandomPublisher publisher, List<Event> events) {
    for (TokenType type : TokenType.values()) {
      assertEquals(publisher.published(type), Readers.text(events, "r", type.wireName()));
    }
    assertTrue(events.get(events.size() - 1).is("end"));
  }
}
