package dev.sluice.clients;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.nio.file.attribute.PosixFilePermissions;
import java.util.List;

/** nginx as a distribution ships it, in front of another server, with files of its own. */
final class NginxServer implements RunningServer {
  /** What has to be said so that it runs beside another nginx; the rest is as nginx has it. */
  private static final String CONFIG =
      """
      daemon off;
      pid nginx.pid;
      events {}
      http {
        access_log off;
        client_body_temp_path client_body;
        proxy_temp_path proxy;
        fastcgi_temp_path fastcgi;
        uwsgi_temp_path uwsgi;
        scgi_temp_path scgi;
        SERVER
      }
      """;

  private static final String LISTEN = "127.0.0.1:80";

  private final ChildProcess process;
  private final URI uri;

  private NginxServer(ChildProcess process, URI uri) {
    this.process = process;
    this.uri = uri;
  }

  /** With everything that is proxied left at nginx' defaults. */
  static NginxServer before(RunningServer server, Path directory) {
    return withLocation(directory, "location / { proxy_pass " + server.uri() + "; }");
  }

  /** With the defaults, but for how long it waits for a silent server or client. */
  static NginxServer before(RunningServer server, Path directory, long timeoutMs) {
    String timeouts = "proxy_read_timeout " + timeoutMs + "ms; send_timeout " + timeoutMs + "ms;";
    return withLocation(
        directory, "location / { proxy_pass " + server.uri() + "; " + timeouts + " }");
  }

  /** With the location of that file of the examples, of which only the address is changed. */
  static NginxServer before(RunningServer server, Path directory, Path example) {
    try {
      String location = Files.readString(example);
      if (!location.contains("http://127.0.0.1:8080")) {
        throw new AssertionError("the address that the server has by default is not in " + example);
      }
      return withLocation(
          directory, location.replace("http://127.0.0.1:8080", server.uri().toString()));
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static NginxServer withLocation(Path directory, String location) {
    return start(directory, LISTEN, "server { listen " + LISTEN + "; " + location + " }");
  }

  /**
   * Starts it.
   *
   * @param directory for its files
   * @param listen the address in the configuration that it listens on, to be replaced
   * @param server what would be a file of {@code conf.d}
   */
  static NginxServer start(Path directory, String listen, String server) {
    try {
      // nginx gives its workers another user where it may.
      Files.setPosixFilePermissions(directory, PosixFilePermissions.fromString("rwxr-xr-x"));
      int port = ProxyStart.freePort();
      Path config = directory.resolve("nginx.conf");
      Files.writeString(
          config, CONFIG.replace("SERVER", server.replace(listen, "127.0.0.1:" + port)), UTF_8);
      ChildProcess process =
          ChildProcess.start(
              "nginx",
              List.of(
                  Tool.NGINX.path(),
                  "-p",
                  directory.toString(),
                  "-c",
                  config.toString(),
                  "-e",
                  "stderr"));
      NginxServer nginx = new NginxServer(process, URI.create("http://127.0.0.1:" + port));
      try {
        Deadline.await(nginx::isReady, process::errors);
      } catch (AssertionError e) {
        nginx.close();
        throw e;
      }
      return nginx;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private boolean isReady() {
    return ProxyStart.isReady(
        process,
        uri,
        answer -> answer.headers().firstValue("server").orElse("").startsWith("nginx"));
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
