package dev.sluice.clients;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** HAProxy in front of another server. */
final class HaproxyServer implements RunningServer {
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  /** The section {@code defaults} is Debian's, without its logs and error pages. */
  private static final String CONFIG =
      """
      defaults
        mode http
        option dontlognull
        timeout connect 5000
        timeout client TIMEOUT
        timeout server TIMEOUT

      frontend web
        bind 127.0.0.1:PORT
        default_backend sluice

      backend sluice
        server sluice SERVER
      """;

  /** How long Debian has it wait for a silent client or server, in ms. */
  static final long TIMEOUT_MS = 50_000;

  private final ChildProcess process;
  private final URI uri;

  private HaproxyServer(ChildProcess process, URI uri) {
    this.process = process;
    this.uri = uri;
  }

  /**
   * Starts it.
   *
   * @param directory for its configuration
   * @param timeoutMs for a silent client, and for a silent server
   */
  static HaproxyServer before(RunningServer server, Path directory, long timeoutMs) {
    try {
      int port = freePort();
      Path config = directory.resolve("haproxy.cfg");
      Files.writeString(
          config,
          CONFIG
              .replace("TIMEOUT", Long.toString(timeoutMs))
              .replace("PORT", Integer.toString(port))
              .replace("SERVER", server.uri().getAuthority()),
          UTF_8);
      HaproxyServer haproxy =
          new HaproxyServer(
              ChildProcess.start(
                  "haproxy", List.of(Tool.HAPROXY.path(), "-db", "-f", config.toString())),
              URI.create("http://127.0.0.1:" + port));
      try {
        Deadline.await(haproxy::isReady, haproxy.process::errors);
      } catch (AssertionError e) {
        haproxy.close();
        throw e;
      }
      return haproxy;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** It cannot say which port it got, so it is given one that was free just now. */
  private static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 0, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  private boolean isReady() {
    if (!process.isAlive()) {
      throw process.failure("did not start");
    }
    HttpRequest ping =
        HttpRequest.newBuilder(uri.resolve("/api/v1/ping")).timeout(Deadline.PATIENCE).build();
    try {
      HttpResponse<String> answer = HTTP.send(ping, BodyHandlers.ofString());
      return answer.body().equals("pong");
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      throw Deadline.interrupted(e);
    }
  }

  @Override
  public URI uri() {
    return uri;
  }

  @Override
  public void close() {
    process.close();
  }
}
