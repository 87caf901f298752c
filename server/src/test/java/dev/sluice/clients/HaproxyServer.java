package dev.sluice.clients;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** HAProxy in front of another server. */
final class HaproxyServer implements RunningServer {
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
      int port = ProxyStart.freePort();
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

  private boolean isReady() {
    return ProxyStart.isReady(process, uri, answer -> true);
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
