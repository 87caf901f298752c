package dev.sluice.promises;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertTrue;

import dev.sluice.agent.EventPublisher;
import dev.sluice.chat.OnLag;
import dev.sluice.chat.PublishResult;
import dev.sluice.chat.UnreadPolicy;
import dev.sluice.chat.Upstream;
import dev.sluice.frame.TokenType;
import dev.sluice.upstream.UpstreamKind;
import dev.sluice.upstream.UpstreamSettings;
import java.io.BufferedInputStream;
import java.io.BufferedReader;
import java.io.IOException;
import java.io.InputStream;
import java.io.InputStreamReader;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.concurrent.CompletableFuture;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.BooleanSupplier;
import java.util.function.Function;
import org.junit.jupiter.api.Test;

/**
 * Where a run pushes back, its publisher waits for the slowest connected reader, and none of them
 * misses anything; where all memory is used up, it waits for some to be given back.
 */
class PushBackHoldsThePublisherTest {
  private static final int MAX_LOG_BYTES = 64 * 1024;
  private static final int DEADLINE_S = 60;

  /** More than all buffers between a publisher and a reader together. */
  private static final int TOKENS = 10_000;

  private static final String TEXT = "0123456789abcdef".repeat(64);
  private static final String TOKEN =
      "{\"event\":\"token\",\"data\":\"" + TEXT + "\",\"type\":\"finalResponse\",\"run\":\"r\"}";
  private static final String PROGRESS = "{\"event\":\"progress\",\"data\":1,\"run\":\"r\"}";
  private static final String END = "{\"event\":\"end\",\"run\":\"r\"}\n";

  /** How much the publisher's socket has taken. */
  private final AtomicInteger sent = new AtomicInteger();

  @Test
  void theNextLineIsNotReadBeforeTheSlowestReaderHasRoom() throws Exception {
    try (TestServer server = pushingBack().start();
        EventStream slow = slowReader(server);
        EventStream fast = EventStream.open(server.uri(), "c");
        RawConnection lines = new Calls(server.uri()).openLines("c")) {
      CompletableFuture<Response> publisher = publishLines(lines);
      CompletableFuture<Long> fastChars =
          CompletableFuture.supplyAsync(
              () -> exactChars(fast), PushBackHoldsThePublisherTest::runBeside);
      Response refused = awaitHeld(server, "c");
      assertEquals("pushed_back", refused.code());
      assertEquals("1", refused.head().field("retry-after"));
      assertFalse(fastChars.isDone());
      assertTrue(sent.get() < TOKENS, "the socket has taken everything");
      assertEquals((long) TOKENS * TEXT.length(), exactChars(slow));
      Response response = publisher.get(DEADLINE_S, TimeUnit.SECONDS);
      assertEquals(200, response.status());
      assertEquals(TOKENS + 1, response.json().path("accepted").asInt());
      assertEquals((long) TOKENS * TEXT.length(), fastChars.get(DEADLINE_S, TimeUnit.SECONDS));
    }
  }

  @Test
  void aReaderThatStallsIsClosedAndHoldsNobodyAnyMore() throws Exception {
    try (TestServer server = pushingBack().stallTimeoutMs(500).start();
        EventStream asleep = slowReader(server);
        EventStream fast = EventStream.open(server.uri(), "c");
        RawConnection lines = new Calls(server.uri()).openLines("c")) {
      CompletableFuture<Response> publisher = publishLines(lines);
      assertEquals((long) TOKENS * TEXT.length(), exactChars(fast));
      Response response = publisher.get(DEADLINE_S, TimeUnit.SECONDS);
      assertEquals(200, response.status());
      assertEquals(TOKENS + 1, response.json().path("accepted").asInt());
      Numbers numbers = Numbers.of(server.uri());
      assertEquals(1, numbers.of("sluice_streams_closed_total{reason=\"stalled\"}"));
      assertEquals(200, asleep.head().status());
    }
  }

  @Test
  void aReaderThatLeavesLetsItGoOn() throws Exception {
    try (TestServer server = pushingBack().start();
        RawConnection lines = new Calls(server.uri()).openLines("c")) {
      CompletableFuture<Response> publisher;
      try (EventStream leaving = slowReader(server)) {
        publisher = publishLines(lines);
        awaitHeld(server, "c");
        assertEquals(200, leaving.head().status());
      }
      assertEquals(200, publisher.get(DEADLINE_S, TimeUnit.SECONDS).status());
    }
  }

  @Test
  void aJavaCallIsRefusedUntilThereIsRoom() throws Exception {
    try (TestServer server = pushingBack().start();
        EventStream slow = slowReader(server)) {
      EventPublisher events = server.sluice().events();
      assertEquals(PublishResult.ACCEPTED, events.start("c"));
      int count = 0;
      while (events.token("c", TokenType.FINAL_RESPONSE, TEXT) == PublishResult.ACCEPTED) {
        count++;
        assertTrue(count < TOKENS, "never refused");
      }
      assertEquals(PublishResult.PUSHED_BACK, events.token("c", TokenType.FINAL_RESPONSE, TEXT));
      CompletableFuture<Long> chars =
          CompletableFuture.supplyAsync(
              () -> exactChars(slow), PushBackHoldsThePublisherTest::runBeside);
      Eventually.isTrue(
          "room",
          () -> events.token("c", TokenType.FINAL_RESPONSE, TEXT) == PublishResult.ACCEPTED);
      assertEquals(PublishResult.ACCEPTED, events.end("c"));
      assertEquals((count + 1L) * TEXT.length(), chars.get(DEADLINE_S, TimeUnit.SECONDS));
    }
  }

  @Test
  void theModelServersSocketIsNotRead() throws Exception {
    try (ServerSocket model = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        TestServer server =
            TestServer.wish().maxLogBytes(MAX_LOG_BYTES).flows(flow(model)).start();
        EventStream slow = slowReader(server)) {
      CompletableFuture<Void> answer =
          CompletableFuture.runAsync(() -> answer(model), PushBackHoldsThePublisherTest::runBeside);
      Calls calls = new Calls(server.uri());
      String body = "{\"flow\":\"f\",\"question\":\"?\"}";
      assertEquals(202, calls.json("/v1/chats/c/runs", body).status());
      // What it has sent stays where it is: nobody reads it.
      awaitStandstill(() -> sent.get() > 0);
      assertTrue(sent.get() < TOKENS, "the socket was read");
      assertFalse(answer.isDone());
      assertEquals((long) TOKENS * TEXT.length(), exactChars(slow));
      answer.get(DEADLINE_S, TimeUnit.SECONDS);
    }
  }

  @Test
  void aModelServersCallIsStoppedWhileItIsHeld() throws Exception {
    try (ServerSocket model = new ServerSocket(0, 1, InetAddress.getLoopbackAddress());
        TestServer server =
            TestServer.wish().maxLogBytes(MAX_LOG_BYTES).flows(flow(model)).start();
        EventStream asleep = slowReader(server)) {
      CompletableFuture<Void> answer =
          CompletableFuture.runAsync(() -> answer(model), PushBackHoldsThePublisherTest::runBeside);
      Calls calls = new Calls(server.uri());
      String body = "{\"flow\":\"f\",\"question\":\"?\"}";
      assertEquals(202, calls.json("/v1/chats/c/runs", body).status());
      awaitStandstill(() -> sent.get() > 0);
      assertEquals(200, calls.post("/v1/chats/c/stop").status());
      Eventually.isTrue("closed", answer::isCompletedExceptionally);
      assertEquals(200, asleep.head().status());
    }
  }

  @Test
  void aPublisherThatIsHeldHearsOfAStop() throws Exception {
    hearsOfTheEnd(200, calls -> calls.post("/v1/chats/c/stop"));
  }

  @Test
  void aPublisherThatIsHeldHearsOfTheEndOfItsChat() throws Exception {
    hearsOfTheEnd(204, calls -> calls.delete("/v1/chats/c"));
  }

  private void hearsOfTheEnd(int status, Function<Calls, Response> ending) throws Exception {
    try (TestServer server = pushingBack().start();
        EventStream asleep = slowReader(server);
        RawConnection lines = new Calls(server.uri()).openLines("c")) {
      CompletableFuture<Response> publisher = publishLines(lines);
      awaitHeld(server, "c");
      assertEquals(status, ending.apply(new Calls(server.uri())).status());
      assertEquals("{\"stop\":\"r\"}", firstLine(lines));
      lines.hangUp();
      Eventually.isTrue("over", publisher::isDone);
      assertEquals(200, asleep.head().status());
    }
  }

  @Test
  void aPublisherThatIsHeldAndGoesIsLost() throws Exception {
    try (TestServer server = pushingBack().start();
        EventStream asleep = slowReader(server);
        RawConnection lines = new Calls(server.uri()).openLines("c")) {
      CompletableFuture<Response> publisher = publishLines(lines);
      awaitHeld(server, "c");
      lines.reset();
      Calls calls = new Calls(server.uri());
      Eventually.isTrue(
          "lost", () -> calls.get("/v1/chats/c").body().contains("\"producer_lost\""));
      Eventually.isTrue("over", publisher::isDone);
      assertEquals(200, asleep.head().status());
    }
  }

  @Test
  void aServerThatDrainsDoesNotWaitForWhoIsHeld() throws Exception {
    try (TestServer server = pushingBack().drainTimeoutMs(200).start();
        EventStream asleep = slowReader(server);
        RawConnection lines = new Calls(server.uri()).openLines("c")) {
      CompletableFuture<Response> publisher = publishLines(lines);
      awaitHeld(server, "c");
      CompletableFuture<Void> drained =
          CompletableFuture.runAsync(
              () -> {
                try {
                  server.sluice().drain();
                } catch (InterruptedException e) {
                  throw new AssertionError(e);
                }
              },
              PushBackHoldsThePublisherTest::runBeside);
      drained.get(DEADLINE_S, TimeUnit.SECONDS);
      Eventually.isTrue("over", publisher::isDone);
      assertEquals(200, asleep.head().status());
    }
  }

  @Test
  void allMemoryUsedUpHoldsItTooUntilSomeIsGivenBack() throws Exception {
    // The time to live has the sweeper look often.
    TestServer.Wish wish = TestServer.wish().maxLogBytes(1 << 20).chatTtlMs(200);
    try (TestServer server = wish.maxTotalLogBytes(512 * 1024).onLag(OnLag.PUSH_BACK).start();
        EventStream slow = slowReader(server);
        RawConnection lines = new Calls(server.uri()).openLines("c")) {
      CompletableFuture<Response> publisher = publishLines(lines);
      Response refused = awaitHeld(server, "other");
      assertEquals("over_budget", refused.code());
      assertEquals("1", refused.head().field("retry-after"));
      assertTrue(sent.get() < TOKENS, "the socket has taken everything");
      assertEquals((long) TOKENS * TEXT.length(), exactChars(slow));
      assertEquals(200, publisher.get(DEADLINE_S, TimeUnit.SECONDS).status());
    }
  }

  @Test
  void aLineIsRefusedWhenThereWasNoMemoryForLong() throws Exception {
    try (TestServer server = TestServer.wish().maxTotalLogBytes(1).stallTimeoutMs(300).start();
        RawConnection lines = new Calls(server.uri()).openLines("c")) {
      lines.chunk(TOKEN + "\n");
      Response response = lines.response();
      assertEquals("429 over_budget", response.status() + " " + response.code());
      assertEquals("1", response.head().field("retry-after"));
    }
  }

  /** On a thread of its own: the pool that all share may have but one, which then waits. */
  private static void runBeside(Runnable task) {
    Thread thread = new Thread(task, "beside");
    thread.setDaemon(true);
    thread.start();
  }

  private static TestServer.Wish pushingBack() {
    return TestServer.wish().maxLogBytes(MAX_LOG_BYTES).onLag(OnLag.PUSH_BACK);
  }

  /** One that reads when it is told to, and has little room meanwhile. */
  private static EventStream slowReader(TestServer server) {
    RawConnection connection = RawConnection.open(server.uri(), 4096);
    return EventStream.open(connection, "c", "", null, BufferedInputStream::new);
  }

  private Response awaitHeld(TestServer server, String chatId) {
    Calls calls = new Calls(server.uri());
    Response[] last = new Response[1];
    Eventually.isTrue(
        "held",
        () -> {
          last[0] = calls.publish(chatId, PROGRESS);
          return last[0].status() == 429;
        });
    return last[0];
  }

  /** Waits until nothing has been sent for a while. */
  private void awaitStandstill(BooleanSupplier begun) {
    Eventually.isTrue("begun", begun);
    int[] before = {-1};
    long[] sinceNanos = {System.nanoTime()};
    Eventually.isTrue(
        "a standstill",
        () -> {
          if (before[0] != sent.get()) {
            before[0] = sent.get();
            sinceNanos[0] = System.nanoTime();
          }
          return System.nanoTime() - sinceNanos[0] > TimeUnit.MILLISECONDS.toNanos(500);
        });
  }

  private CompletableFuture<Response> publishLines(RawConnection lines) {
    return CompletableFuture.supplyAsync(
        () -> {
          try {
            for (int i = 0; i < TOKENS; i++) {
              lines.chunk(TOKEN + "\n");
              sent.incrementAndGet();
            }
            return lines.chunk(END).send("0\r\n\r\n").response();
          } catch (IOException e) {
            throw new UncheckedIOException(e);
          }
        },
        PushBackHoldsThePublisherTest::runBeside);
  }

  private static String firstLine(RawConnection lines) throws IOException {
    InputStream body = Head.read(lines.in()).body(lines.in());
    return new BufferedReader(new InputStreamReader(body, StandardCharsets.UTF_8)).readLine();
  }

  /** Reads to the end; every token is whole and in its place, and nothing is missing. */
  private static long exactChars(EventStream stream) {
    try {
      long chars = 0;
      for (Event event = stream.next(); event != null; event = stream.next()) {
        assertFalse(event.is("gap") || event.is("error"), () -> "not exact");
        if (event.is("token")) {
          assertEquals(TEXT.repeat(event.text().length() / TEXT.length()), event.text());
          chars += event.text().length();
        }
      }
      return chars;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static UpstreamSettings flow(ServerSocket model) {
    return new UpstreamSettings(
        "f",
        URI.create("http://127.0.0.1:" + model.getLocalPort() + "/v1"),
        null,
        null,
        Map.of(),
        null,
        true,
        30_000,
        60_000,
        1 << 20,
        UpstreamKind.OPENAI,
        null,
        UnreadPolicy.CONTINUE,
        Upstream.NO_BATCH_MS,
        OnLag.PUSH_BACK);
  }

  private void answer(ServerSocket model) {
    try (Socket call = model.accept()) {
      OutputStream out = call.getOutputStream();
      write(out, "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nConnection: close\r\n\r\n");
      for (int i = 0; i < TOKENS; i++) {
        write(out, "data: {\"choices\":[{\"delta\":{\"content\":\"" + TEXT + "\"}}]}\n\n");
        sent.incrementAndGet();
      }
      write(out, "data: [DONE]\n\n");
      call.shutdownOutput();
      call.getInputStream().readAllBytes();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static void write(OutputStream out, String text) throws IOException {
    out.write(text.getBytes(StandardCharsets.UTF_8));
  }
}
