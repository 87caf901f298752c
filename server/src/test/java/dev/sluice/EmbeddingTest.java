package dev.sluice;

import static org.junit.jupiter.api.Assertions.assertEquals;
import static org.junit.jupiter.api.Assertions.assertFalse;
import static org.junit.jupiter.api.Assertions.assertThrows;
import static org.junit.jupiter.api.Assertions.assertTrue;
import static org.junit.jupiter.api.Assumptions.assumeTrue;

import dev.sluice.agent.EventPublisher;
import dev.sluice.agent.LlmNode;
import dev.sluice.agent.NodeOutput;
import dev.sluice.frame.TokenType;
import io.netty.channel.EventLoopGroup;
import java.io.IOException;
import java.io.InputStream;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Objects;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.CountDownLatch;
import java.util.concurrent.Flow;
import java.util.concurrent.LinkedBlockingQueue;
import java.util.concurrent.TimeUnit;
import org.junit.jupiter.api.Test;
import org.junit.jupiter.params.ParameterizedTest;
import org.junit.jupiter.params.provider.EnumSource;
import org.junit.jupiter.params.provider.ValueSource;

/** The server inside another program. */
class EmbeddingTest {
  private final HttpClient http = HttpClient.newHttpClient();

  @Test
  void fiveLinesAreEnough() throws Exception {
    try (Sluice sluice = Sluice.embed().port(0).start()) {
      EventPublisher events = sluice.events();
      events.start("chat-1");
      events.token("chat-1", TokenType.FINAL_RESPONSE, "Hello");
      events.end("chat-1");
      String body = get(sluice.uri().resolve("/v1/chats/chat-1/stream?ids=off"));
      assertTrue(
          body.contains("data:{\"event\":\"token\",\"data\":\"Hello\",\"type\":\"finalResponse\"}"),
          body);
    }
  }

  @Test
  void anAgentInTheProcessAnswersForAFlow() throws Exception {
    try (Sluice sluice =
        Sluice.embed()
            .port(0)
            .flow(
                "echo",
                (prompt, run) -> {
                  run.token(TokenType.FINAL_RESPONSE, "You said: " + prompt.question());
                  run.end();
                })
            .start()) {
      assertEquals(200, predict(sluice, "echo").statusCode());
      assertTrue(predict(sluice, "echo").body().contains("You said: hi"));
      assertEquals(404, predict(sluice, "another").statusCode());
    }
  }

  @Test
  void callbacksPublishToTheRunOfAFlow() throws Exception {
    try (Sluice sluice =
        Sluice.embed()
            .port(0)
            .flow(
                "node",
                (prompt, run) -> {
                  LlmNode node =
                      new LlmNode(EventPublisher.of(run), run.chatId(), NodeOutput.ANSWER);
                  node.onToken("a");
                  node.onComplete("a", Map.of("output_tokens", 1));
                  run.end();
                })
            .start()) {
      String body = predict(sluice, "node").body();
      assertTrue(body.contains("\"data\":\"a\"") && body.contains("output_tokens"), body);
      assertFalse(body.contains("\"run\""), body);
    }
  }

  @Test
  void clientsOfTheProcessReadTheSameFrames() throws Exception {
    try (Sluice sluice = Sluice.embed().port(0).start()) {
      sluice.events().start("c");
      BlockingQueue<String> frames = new LinkedBlockingQueue<>();
      sluice
          .frames("c", Runnable::run)
          .subscribe(
              new Flow.Subscriber<>() {
                @Override
                public void onSubscribe(Flow.Subscription subscription) {
                  subscription.request(Long.MAX_VALUE);
                }

                @Override
                public void onNext(String frame) {
                  frames.add(frame);
                }

                @Override
                public void onError(Throwable cause) {
                  frames.add(cause.toString());
                }

                @Override
                public void onComplete() {
                  frames.add("completed");
                }
              });
      sluice.events().token("c", "t");
      sluice.events().end("c");
      StringBuilder inProcess = new StringBuilder();
      for (String frame = next(frames); !frame.equals("completed"); frame = next(frames)) {
        inProcess.append(frame);
      }
      String body = get(sluice.uri().resolve("/v1/chats/c/stream"));
      assertEquals(inProcess.toString(), body.replaceFirst("retry:[0-9]+\n", ""));
    }
  }

  @ParameterizedTest
  @EnumSource(Transport.class)
  void usesEventLoopsOfTheProgramAndLeavesThemRunning(Transport transport) throws Exception {
    assumeTrue(transport.isAvailable(), transport + " is not available on this machine");
    EventLoopGroup group = transport.eventLoops(1, WakeModeration.OFF);
    try {
      int port;
      try (Sluice sluice = Sluice.embed().port(0).eventLoops(group).start()) {
        port = sluice.uri().getPort();
        assertEquals("pong", get(sluice.uri().resolve("/api/v1/ping")));
      }
      assertEquals(1, group.submit(() -> 1).get(30, TimeUnit.SECONDS));
      try (Sluice again = Sluice.embed().port(port).eventLoops(group).start()) {
        assertEquals("pong", get(again.uri().resolve("/api/v1/ping")));
      }
    } finally {
      group.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();
    }
  }

  @Test
  void closingCutsOpenStreamsThoughTheLoopsGoOn() throws Exception {
    EventLoopGroup group = Transport.NIO.eventLoops(1, WakeModeration.OFF);
    try (Socket socket = new Socket()) {
      try (Sluice sluice = Sluice.embed().port(0).eventLoops(group).start()) {
        socket.connect(
            new InetSocketAddress(InetAddress.getLoopbackAddress(), sluice.uri().getPort()));
        socket.setSoTimeout(30_000);
        socket
            .getOutputStream()
            .write(
                "GET /v1/chats/c/stream HTTP/1.1\r\nHost: t\r\n\r\n"
                    .getBytes(StandardCharsets.US_ASCII));
        assertEquals('H', socket.getInputStream().read());
      }
      assertTrue(isCut(socket.getInputStream()));
    } finally {
      group.shutdownGracefully(0, 1, TimeUnit.SECONDS).sync();
    }
  }

  @Test
  void closingTellsTheProducersOfOpenRuns() throws Exception {
    CountDownLatch told = new CountDownLatch(1);
    try (Sluice sluice =
        Sluice.embed().port(0).flow("slow", (prompt, run) -> run.listen(told::countDown)).start()) {
      HttpRequest ask =
          HttpRequest.newBuilder(sluice.uri().resolve("/v1/chats/c/runs"))
              .header("Content-Type", "application/json")
              .POST(HttpRequest.BodyPublishers.ofString("{\"flow\":\"slow\",\"question\":\"hi\"}"))
              .build();
      assertEquals(202, http.send(ask, HttpResponse.BodyHandlers.ofString()).statusCode());
      assertEquals(1, told.getCount());
    }
    assertTrue(told.await(30, TimeUnit.SECONDS));
  }

  @ParameterizedTest
  @ValueSource(strings = {"port=70000", "nonsense=1", "heartbeat-ms=soon", "max-chats=0"})
  void aBadOptionIsNamed(String option) {
    String[] pair = option.split("=", 2);
    IllegalArgumentException e =
        assertThrows(
            IllegalArgumentException.class, () -> Sluice.embed().option(pair[0], pair[1]).start());
    assertTrue(String.valueOf(e.getMessage()).contains("--" + pair[0]), e::getMessage);
  }

  private static String next(BlockingQueue<String> frames) throws InterruptedException {
    return Objects.requireNonNull(frames.poll(30, TimeUnit.SECONDS), "no frame");
  }

  private static boolean isCut(InputStream in) {
    try {
      while (in.read() >= 0) {}
    } catch (IOException e) {
      return e.getMessage() == null || !e.getMessage().contains("timed out");
    }
    return true;
  }

  private HttpResponse<String> predict(Sluice sluice, String flow) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(sluice.uri().resolve("/api/v1/prediction/" + flow))
            .header("Content-Type", "application/json")
            .POST(HttpRequest.BodyPublishers.ofString("{\"question\":\"hi\",\"streaming\":true}"))
            .build();
    return http.send(request, HttpResponse.BodyHandlers.ofString());
  }

  private String get(URI uri) throws Exception {
    return http.send(HttpRequest.newBuilder(uri).build(), HttpResponse.BodyHandlers.ofString())
        .body();
  }
}
