package dev.sluice.loadtest.rival;

import static java.nio.charset.StandardCharsets.UTF_8;
import static org.junit.jupiter.api.Assertions.assertEquals;

import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.util.List;
import java.util.stream.Stream;
import org.junit.jupiter.api.Test;

/** With the JDK's own client, so that the rig's reading of HTTP is not its only judge. */
class EchoServerTest {
  private static final String LINES =
      """
      {"chatId":"c","event":"token","data":"a"}
      {"chatId":"c","event":"end","data":"[DONE]"}
      """;

  private final HttpClient client = HttpClient.newHttpClient();

  @Test
  void linesBecomeFrames() throws Exception {
    try (EchoServer echo = EchoServer.start(0)) {
      HttpResponse<Stream<String>> stream =
          client.send(get(echo, "/v1/chats/c/stream"), HttpResponse.BodyHandlers.ofLines());
      assertEquals(200, stream.statusCode());
      assertEquals("{\"accepted\":2}", publish(echo).body());
      List<String> lines = stream.body().toList();
      assertEquals(
          List.of(
              "id:1-1",
              "message:",
              "data:{\"event\":\"token\",\"data\":\"a\"}",
              "",
              "id:1-2",
              "message:",
              "data:{\"event\":\"end\",\"data\":\"[DONE]\"}",
              ""),
          lines);
    }
  }

  @Test
  void whatComesBeforeItsReaderWaits() throws Exception {
    try (EchoServer echo = EchoServer.start(0)) {
      publish(echo);
      String body =
          client
              .send(get(echo, "/v1/chats/c/stream"), HttpResponse.BodyHandlers.ofString(UTF_8))
              .body();
      assertEquals(2, body.split("message:", -1).length - 1);
    }
  }

  @Test
  void whatNobodyReadsIsReleased() throws Exception {
    try (EchoServer echo = EchoServer.start(0)) {
      publish(echo);
      assertEquals(
          404,
          client.send(get(echo, "/nowhere"), HttpResponse.BodyHandlers.discarding()).statusCode());
    }
  }

  private HttpResponse<String> publish(EchoServer echo) throws Exception {
    HttpRequest request =
        HttpRequest.newBuilder(URI.create(echo.url() + "/v1/events"))
            .version(HttpClient.Version.HTTP_1_1)
            .POST(HttpRequest.BodyPublishers.ofString(LINES))
            .build();
    return client.send(request, HttpResponse.BodyHandlers.ofString(UTF_8));
  }

  private static HttpRequest get(EchoServer echo, String path) {
    return HttpRequest.newBuilder(URI.create(echo.url() + path))
        .version(HttpClient.Version.HTTP_1_1)
        .build();
  }
}
