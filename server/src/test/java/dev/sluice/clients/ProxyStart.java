package dev.sluice.clients;

import java.io.IOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.URI;
import java.net.http.HttpClient;
import java.net.http.HttpRequest;
import java.net.http.HttpResponse;
import java.net.http.HttpResponse.BodyHandlers;
import java.util.function.Predicate;

/** What it takes to start a proxy that is a program of its own. */
final class ProxyStart {
  private static final HttpClient HTTP = HttpClient.newHttpClient();

  private ProxyStart() {}

  /** A proxy cannot say which port it got, so it is given one that was free just now. */
  static int freePort() throws IOException {
    try (ServerSocket socket = new ServerSocket(0, 0, InetAddress.getLoopbackAddress())) {
      return socket.getLocalPort();
    }
  }

  /**
   * Whether the server behind the proxy answers through it.
   *
   * @param own whether an answer comes from that proxy, and not from whoever had the port before
   */
  static boolean isReady(ChildProcess process, URI uri, Predicate<HttpResponse<String>> own) {
    if (!process.isAlive()) {
      throw process.failure("did not start");
    }
    HttpRequest ping =
        HttpRequest.newBuilder(uri.resolve("/api/v1/ping")).timeout(Deadline.PATIENCE).build();
    try {
      HttpResponse<String> answer = HTTP.send(ping, BodyHandlers.ofString());
      return answer.body().equals("pong") && own.test(answer);
    } catch (IOException e) {
      return false;
    } catch (InterruptedException e) {
      throw Deadline.interrupted(e);
    }
  }
}
