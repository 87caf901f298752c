package dev.sluice.loadtest.rival;

import io.vertx.core.Future;
import io.vertx.core.VerticleBase;
import io.vertx.core.Vertx;
import io.vertx.core.VertxOptions;
import io.vertx.core.buffer.Buffer;
import io.vertx.core.http.HttpMethod;
import io.vertx.core.http.HttpServer;
import io.vertx.core.http.HttpServerOptions;
import io.vertx.core.http.HttpServerRequest;
import io.vertx.core.http.HttpServerResponse;
import io.vertx.core.json.JsonObject;
import io.vertx.core.parsetools.RecordParser;
import java.util.HashMap;
import java.util.LinkedHashSet;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.CompletionException;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * Chats over Server-Sent Events as one would write them on Vert.x: one verticle on one event loop,
 * so that its maps need no lock; each event is encoded once for all its readers.
 */
public final class VertxServer implements RivalServer {
  private static final int BACKLOG = 4096;

  private final Vertx vertx;
  private final int port;

  private VertxServer(Vertx vertx, int port) {
    this.vertx = vertx;
    this.port = port;
  }

  /**
   * Starts listening.
   *
   * @param port the port, 0 for any that is free
   * @throws IllegalStateException if that is not to be had
   */
  public static VertxServer start(int port) {
    Vertx vertx =
        Vertx.vertx(new VertxOptions().setEventLoopPoolSize(1).setPreferNativeTransport(true));
    Chats chats = new Chats(port);
    try {
      vertx.deployVerticle(chats).toCompletionStage().toCompletableFuture().join();
    } catch (CompletionException e) {
      vertx.close();
      throw new IllegalStateException(String.valueOf(e.getCause()), e);
    }
    return new VertxServer(vertx, chats.actualPort);
  }

  @Override
  public String url() {
    return "http://127.0.0.1:" + port;
  }

  @Override
  public void close() {
    vertx.close().toCompletionStage().toCompletableFuture().join();
  }

  private static final class Chats extends VerticleBase {
    private static final Pattern PATH = Pattern.compile("/v1/chats/([^/]+)/(stream|events)");

    private final int port;
    private final Map<String, Chat> chats = new HashMap<>();
    private volatile int actualPort;

    Chats(int port) {
      this.port = port;
    }

    @Override
    public Future<?> start() {
      HttpServerOptions options =
          new HttpServerOptions().setTcpNoDelay(true).setAcceptBacklog(BACKLOG);
      return vertx
          .createHttpServer(options)
          .requestHandler(this::route)
          .listen(port, "127.0.0.1")
          .onSuccess((HttpServer server) -> actualPort = server.actualPort());
    }

    private void route(HttpServerRequest request) {
      Matcher path = PATH.matcher(request.path());
      boolean post = HttpMethod.POST.equals(request.method());
      if (post && request.path().equals("/v1/events")) {
        readLines(request);
      } else if (!path.matches() || post != path.group(2).equals("events")) {
        request.response().setStatusCode(404).end();
      } else if (post) {
        request
            .body()
            .onSuccess(
                body -> {
                  publish(path.group(1), body.toJsonObject());
                  answer(request.response(), 1);
                });
      } else {
        subscribe(path.group(1), request.response());
      }
    }

    private void subscribe(String name, HttpServerResponse response) {
      response
          .setChunked(true)
          .putHeader("Content-Type", "text/event-stream")
          .putHeader("Cache-Control", "no-cache, no-transform");
      response.writeHead();
      Chat chat = chats.computeIfAbsent(name, n -> new Chat());
      chat.readers.add(response);
      response.closeHandler(
          closed -> {
            chat.readers.remove(response);
            if (chat.readers.isEmpty()) {
              chats.remove(name, chat);
            }
          });
    }

    private void readLines(HttpServerRequest request) {
      long[] lines = new long[1];
      RecordParser parser =
          RecordParser.newDelimited(
              "\n",
              line -> {
                JsonObject event = line.toJsonObject();
                publish((String) event.remove("chatId"), event);
                lines[0]++;
              });
      request.handler(parser).endHandler(end -> answer(request.response(), lines[0]));
    }

    private void publish(@Nullable String name, JsonObject event) {
      Chat chat = chats.get(name);
      if (chat == null) {
        return;
      }
      Buffer frame = Buffer.buffer("id: " + ++chat.offset + "\ndata: " + event.encode() + "\n\n");
      boolean end = "end".equals(event.getString("event"));
      for (HttpServerResponse reader : Set.copyOf(chat.readers)) {
        reader.write(frame);
        if (end) {
          reader.end();
        }
      }
    }

    private static void answer(HttpServerResponse response, long accepted) {
      response
          .putHeader("Content-Type", "application/json")
          .end(new JsonObject().put("accepted", accepted).encode());
    }
  }

  private static final class Chat {
    final Set<HttpServerResponse> readers = new LinkedHashSet<>();
    long offset;
  }
}
