package dev.sluice.clients;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.InetSocketAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.nio.file.Files;
import java.nio.file.Path;
import java.util.List;

/** An nginx in front of a server, with files of its own alone. */
final class NginxProxy implements RunningServer {
  private final ChildProcess process;
  private final URI uri;

  private NginxProxy(ChildProcess process, URI uri) {
    this.process = process;
    this.uri = uri;
  }

  /**
   * Starts it.
   *
   * @param directory for its files; nothing else may be in it
   * @param listen the address in the configuration that it listens on, to be replaced
   * @param configuration what would be a file of {@code conf.d}
   */
  static NginxProxy start(Path directory, String listen, String configuration) {
    int port = freePort();
    String address = "127.0.0.1:" + port;
    try {
      Files.createDirectory(directory.resolve("temp"));
      Files.writeString(directory.resolve("sluice.conf"), configuration.replace(listen, address));
      Files.writeString(
          directory.resolve("nginx.conf"),
          """
          daemon off;
          master_process off;
          pid nginx.pid;
          error_log stderr;
          events {}
          http {
              access_log off;
              client_body_temp_path temp/body;
              proxy_temp_path temp/proxy;
              fastcgi_temp_path temp/fastcgi;
              uwsgi_temp_path temp/uwsgi;
              scgi_temp_path temp/scgi;
              include sluice.conf;
          }
          """);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    ChildProcess process =
        ChildProcess.start(
            "nginx",
            List.of(Tool.NGINX.path(), "-e", "stderr", "-p", directory + "/", "-c", "nginx.conf"));
    Deadline.await(() -> listens(port), () -> process.failure("does not listen").getMessage());
    return new NginxProxy(process, URI.create("http://" + address));
  }

  private static int freePort() {
    try (ServerSocket any = new ServerSocket(0, 1, InetAddress.getLoopbackAddress())) {
      return any.getLocalPort();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private static boolean listens(int port) {
    try (Socket socket = new Socket()) {
      socket.connect(new InetSocketAddress(InetAddress.getLoopbackAddress(), port), 1000);
      return true;
    } catch (IOException e) {
      return false;
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
