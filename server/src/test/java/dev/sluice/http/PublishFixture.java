package dev.sluice.http;

import dev.sluice.frame.TokenType;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.Unpooled;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import tools.jackson.databind.JsonNode;

/** Publishes bodies in pieces, and shows what the chat's log then has. */
final class PublishFixture implements AutoCloseable {
  static final String JSON = "application/json";
  static final String NDJSON = "application/x-ndjson";

  final EdgeFixture edge = new EdgeFixture();

  /** Publishes a body with its length said before, cut at those places. */
  Answer publish(String path, String contentType, byte[] body, int... cuts) {
    Connection connection = edge.connect();
    connection.send(
        "POST "
            + path
            + " HTTP/1.1\r\nHost: x\r\nContent-Type: "
            + contentType
            + "\r\nContent-Length: "
            + body.length
            + "\r\n\r\n");
    int from = 0;
    for (int cut : cuts) {
      connection.writeInbound(Unpooled.copiedBuffer(body, from, cut - from));
      from = cut;
    }
    // A body that is refused by its length alone is not sent.
    if (connection.isOpen()) {
      connection.writeInbound(Unpooled.copiedBuffer(body, from, body.length - from));
    }
    return connection.answer();
  }

  Answer lines(String chatId, String lines) {
    return publish(
        "/v1/chats/" + chatId + "/events", NDJSON, lines.getBytes(StandardCharsets.UTF_8));
  }

  Answer json(String chatId, String body) {
    return publish("/v1/chats/" + chatId + "/events", JSON, body.getBytes(StandardCharsets.UTF_8));
  }

  /** One buffer made of several, cut by chance. */
  static ByteBuf composite(byte[] bytes, Random random) {
    var composite = Unpooled.compositeBuffer(1000);
    for (int from = 0; from < bytes.length; ) {
      int to = Math.min(bytes.length, from + 1 + random.nextInt(9));
      ByteBuf part =
          random.nextBoolean()
              ? Unpooled.copiedBuffer(bytes, from, to - from)
              : Unpooled.directBuffer().writeBytes(bytes, from, to - from);
      composite.addComponent(true, part);
      from = to;
    }
    return composite;
  }

  /** The events of a chat as a late reader gets them: the JSON of each frame. */
  List<String> logOf(String chatId) {
    Connection connection = edge.connect();
    String sent = connection.subscribe("/v1/chats/" + chatId + "/stream?ids=off&mode=follow");
    String body = Chunks.soFar(sent.substring(sent.indexOf("\r\n\r\n") + 4));
    connection.close();
    List<String> events = new ArrayList<>();
    body.lines()
        .filter(line -> line.startsWith("data:"))
        .forEach(line -> events.add(line.substring(5)));
    return events;
  }

  /** The text of the tokens of a chat. */
  String textOf(String chatId) {
    StringBuilder text = new StringBuilder();
    for (String event : logOf(chatId)) {
      JsonNode json = Json.MAPPER.readTree(event);
      if (json.path("event").asString().equals("token")) {
        text.append(json.path("data").asString());
      }
    }
    return text.toString();
  }

  static String token(String text) {
    return "{\"event\":\"token\",\"data\":\""
        + text
        + "\",\"type\":\""
        + TokenType.FINAL_RESPONSE.wireName()
        + "\"}";
  }

  @Override
  public void close() {
    edge.close();
  }

  /** A request that publishes lines to the chat, chunk by chunk. */
  Connection openLines(String chatId) {
    return edge.connect()
        .send(
            "POST "
                + path(chatId)
                + " HTTP/1.1\r\nHost: x\r\nContent-Type: Application/X-NDJSON; charset=utf-8\r\n"
                + "Transfer-Encoding: chunked\r\n\r\n");
  }

  static String chunk(String text) {
    return Integer.toHexString(text.getBytes(StandardCharsets.UTF_8).length)
        + "\r\n"
        + text
        + "\r\n";
  }

  static String path(String chatId) {
    return "/v1/chats/" + chatId + "/events";
  }
}
