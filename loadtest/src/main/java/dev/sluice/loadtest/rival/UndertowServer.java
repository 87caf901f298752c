package dev.sluice.loadtest.rival;

import io.undertow.Handlers;
import io.undertow.Undertow;
import io.undertow.server.HttpServerExchange;
import io.undertow.server.handlers.PathTemplateHandler;
import io.undertow.server.handlers.sse.ServerSentEventConnection;
import io.undertow.util.Headers;
import io.undertow.util.PathTemplateMatch;
import java.io.ByteArrayOutputStream;
import java.net.InetSocketAddress;
import java.nio.charset.StandardCharsets;
import java.util.Map;
import java.util.Set;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicLong;
import org.xnio.Options;
import tools.jackson.databind.json.JsonMapper;
import tools.jackson.databind.node.ObjectNode;

/**
 * Chats over Server-Sent Events as one would write them on Undertow, with its own handler for them,
 * on one I/O thread.
 */
public final class UndertowServer implements RivalServer {
  private static final int BACKLOG = 4096;
  private static final JsonMapper JSON = JsonMapper.builder().build();

  private final Map<String, Chat> chats = new ConcurrentHashMap<>();
  private final Undertow undertow;

  private UndertowServer(int port) {
    PathTemplateHandler routes =
        Handlers.pathTemplate()
            .add(
                "/v1/chats/{chatId}/stream",
                Handlers.serverSentEvents((connection, lastEventId) -> subscribe(connection)))
            .add("/v1/chats/{chatId}/events", this::readEvent)
            .add("/v1/events", this::readLines);
    this.undertow =
        Undertow.builder()
            .addHttpListener(port, "127.0.0.1")
            .setIoThreads(1)
            .setSocketOption(Options.TCP_NODELAY, true)
            .setSocketOption(Options.BACKLOG, BACKLOG)
            .setHandler(routes)
            .build();
  }

  /**
   * Starts listening.
   *
   * @param port the port, 0 for any that is free
   * @throws IllegalStateException if that is not to be had
   */
  public static UndertowServer start(int port) {
    UndertowServer server = new UndertowServer(port);
    try {
      server.undertow.start();
    } catch (RuntimeException e) {
      throw new IllegalStateException(String.valueOf(e.getMessage()), e);
    }
    return server;
  }

  @Override
  public String url() {
    InetSocketAddress address = (InetSocketAddress) undertow.getListenerInfo().get(0).getAddress();
    return "http://127.0.0.1:" + address.getPort();
  }

  @Override
  public void close() {
    undertow.stop();
  }

  private void subscribe(ServerSentEventConnection connection) {
    String name = connection.getParameter("chatId");
    Chat chat = chats.computeIfAbsent(name, n -> new Chat());
    chat.readers.add(connection);
    connection.addCloseTask(
        closed -> {
          chat.readers.remove(closed);
          if (chat.readers.isEmpty()) {
            chats.remove(name, chat);
          }
        });
  }

  private void readEvent(HttpServerExchange exchange) {
    String name =
        exchange.getAttachment(PathTemplateMatch.ATTACHMENT_KEY).getParameters().get("chatId");
    exchange
        .getRequestReceiver()
        .receiveFullBytes(
            (read, body) -> {
              publish(String.valueOf(name), (ObjectNode) JSON.readTree(body));
              answer(read, 1);
            });
  }

  private void readLines(HttpServerExchange exchange) {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    long[] lines = new long[1];
    exchange
        .getRequestReceiver()
        .receivePartialBytes(
            (read, bytes, last) -> {
              for (byte b : bytes) {
                if (b != '\n') {
                  line.write(b);
                  continue;
                }
                ObjectNode event = (ObjectNode) JSON.readTree(line.toByteArray());
                line.reset();
                lines[0]++;
                publish(event.remove("chatId").asString(), event);
              }
              if (last) {
                answer(read, lines[0]);
              }
            });
  }

  private void publish(String name, ObjectNode event) {
    Chat chat = chats.get(name);
    if (chat == null) {
      return;
    }
    String data = JSON.writeValueAsString(event);
    String id = Long.toString(chat.offset.incrementAndGet());
    boolean end = event.path("event").asString("").equals("end");
    for (ServerSentEventConnection reader : chat.readers) {
      reader.send(data, null, id, null);
      if (end) {
        reader.shutdown();
      }
    }
  }

  private static void answer(HttpServerExchange exchange, long accepted) {
    exchange.getResponseHeaders().put(Headers.CONTENT_TYPE, "application/json");
    exchange.getResponseSender().send("{\"accepted\":" + accepted + "}", StandardCharsets.UTF_8);
  }

  private static final class Chat {
    final Set<ServerSentEventConnection> readers = ConcurrentHashMap.newKeySet();
    final AtomicLong offset = new AtomicLong();
  }
}
