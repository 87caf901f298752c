package dev.sluice.clients;

import static java.nio.charset.StandardCharsets.UTF_8;

import com.sun.net.httpserver.HttpExchange;
import com.sun.net.httpserver.HttpServer;
import java.io.IOException;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.URI;
import java.util.Optional;
import java.util.concurrent.BlockingQueue;
import java.util.concurrent.LinkedBlockingQueue;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/** An OpenAI-compatible model server that says its next word when the test says so. */
final class SteppedModel implements RunningServer {
  private static final JsonMapper JSON = JsonMapper.shared();

  private final HttpServer server;

  /** Empty for the end of the answer. */
  private final BlockingQueue<Optional<String>> words = new LinkedBlockingQueue<>();

  private volatile boolean hungUp;

  private SteppedModel(HttpServer server) {
    this.server = server;
  }

  static SteppedModel start() {
    try {
      HttpServer server =
          HttpServer.create(new InetSocketAddress(InetAddress.getLoopbackAddress(), 0), 0);
      SteppedModel model = new SteppedModel(server);
      server.createContext("/v1/chat/completions", model::answer);
      server.start();
      return model;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  void say(String word) {
    words.add(Optional.of(word));
  }

  void finish() {
    words.add(Optional.empty());
  }

  private void answer(HttpExchange exchange) throws IOException {
    exchange.getRequestBody().readAllBytes();
    exchange.getResponseHeaders().set("Content-Type", "text/event-stream");
    exchange.sendResponseHeaders(200, 0);
    try (OutputStream body = exchange.getResponseBody()) {
      for (Optional<String> word = words.take(); word.isPresent(); word = words.take()) {
        ObjectNode chunk = JSON.createObjectNode();
        chunk.withArray("choices").addObject().putObject("delta").put("content", word.get());
        body.write(("data: " + chunk + "\n\n").getBytes(UTF_8));
        body.flush();
      }
      body.write("data: [DONE]\n\n".getBytes(UTF_8));
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    } catch (IOException e) {
      hungUp = true;
    }
  }

  /** Waits until whoever asked has closed the connection before the answer was over. */
  void awaitHangUp() {
    Deadline.await(
        () -> {
          // Only who speaks notices.
          say("x");
          return hungUp;
        },
        () -> "the call goes on");
  }

  @Override
  public URI uri() {
    return URI.create("http://127.0.0.1:" + server.getAddress().getPort());
  }

  @Override
  public void close() {
    finish();
    server.stop(0);
  }
}
