package dev.sluice.clients;

import java.io.IOException;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpRequest.BodyPublishers;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/** One session of the WebDriver protocol. */
final class WebDriver implements AutoCloseable {
  private static final HttpClient HTTP =
      HttpClient.newBuilder().version(HttpClient.Version.HTTP_1_1).build();

  private final String session;

  private WebDriver(String session) {
    this.session = session;
  }

  static WebDriver open(int port, JsonNode capabilities) {
    String sessions = "http://127.0.0.1:" + port + "/session";
    JsonNode value = call("POST", sessions, capabilities.toString());
    return new WebDriver(sessions + "/" + value.path("sessionId").asString());
  }

  JsonNode get(String command) {
    return call("GET", session + command, "");
  }

  JsonNode post(String command, JsonNode body) {
    return call("POST", session + command, body.toString());
  }

  private static JsonNode call(String method, String url, String body) {
    try {
      HttpRequest request =
          HttpRequest.newBuilder(URI.create(url))
              .timeout(Deadline.PATIENCE)
              .header("content-type", "application/json")
              .method(method, BodyPublishers.ofString(body))
              .build();
      HttpResponse<String> response = HTTP.send(request, BodyHandlers.ofString());
      if (response.statusCode() != 200) {
        throw new AssertionError(method + " " + url + ": " + response.body());
      }
      return JsonMapper.shared().readTree(response.body()).path("value");
    } catch (IOException e) {
      throw new AssertionError(method + " " + url + " failed", e);
    } catch (InterruptedException e) {
      throw Deadline.interrupted(e);
    }
  }

  @Override
  public void close() {
    call("DELETE", session, "");
  }
}
