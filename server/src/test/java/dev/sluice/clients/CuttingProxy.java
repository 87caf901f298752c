package dev.sluice.clients;

import java.io.Closeable;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.ConcurrentLinkedQueue;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * Stands before a server and cuts connections: the first after so many bytes of the answer, the
 * next after so many, and so on; those after the last are left alone.
 */
final class CuttingProxy implements RunningServer {
  private final ServerSocket socket;
  private final URI server;
  private final List<Integer> cuts;
  private final AtomicInteger connections = new AtomicInteger();
  private final Queue<Socket> open = new ConcurrentLinkedQueue<>();

  private CuttingProxy(ServerSocket socket, URI server, List<Integer> cuts) {
    this.socket = socket;
    this.server = server;
    this.cuts = List.copyOf(cuts);
  }

  static CuttingProxy before(RunningServer server, List<Integer> cuts) {
    try {
      return before(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), server, cuts);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Listens on that socket, which it closes. */
  static CuttingProxy before(ServerSocket socket, RunningServer server, List<Integer> cuts) {
    CuttingProxy proxy = new CuttingProxy(socket, server.uri(), cuts);
    daemon(proxy::accept);
    return proxy;
  }

  /** How many connections there were. */
  int connections() {
    return connections.get();
  }

  /** Cuts what is connected at this moment. */
  void cut() {
    for (Socket socket = open.poll(); socket != null; socket = open.poll()) {
      close(socket);
    }
  }

  /**
   * Breaks what is connected at this moment: clients see a reset. A connection that merely ends is
   * a whole answer for some, Node's fetch among them, if its head said {@code Connection: close}.
   */
  void reset() {
    for (Socket socket : open) {
      try {
        socket.setSoLinger(true, 0);
      } catch (SocketException e) {
        // It is closed already.
      }
    }
    cut();
  }

  @Override
  public URI uri() {
    return URI.create("http://127.0.0.1:" + socket.getLocalPort());
  }

  @Override
  public void close() {
    close(socket);
    cut();
  }

  private static void close(Closeable socket) {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  private void accept() {
    while (!socket.isClosed()) {
      try {
        Socket client = socket.accept();
        int number = connections.getAndIncrement();
        int cut = number < cuts.size() ? cuts.get(number) : Integer.MAX_VALUE;
        Socket upstream = new Socket(server.getHost(), server.getPort());
        open.add(client);
        open.add(upstream);
        daemon(() -> copy(client, upstream, Integer.MAX_VALUE));
        daemon(() -> copy(upstream, client, cut));
      } catch (IOException e) {
        return;
      }
    }
  }

  private static void copy(Socket from, Socket to, int maxBytes) {
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      byte[] bytes = new byte[4096];
      int left = maxBytes;
      while (left > 0) {
        int count = in.read(bytes, 0, Math.min(bytes.length, left));
        if (count < 0) {
          return;
        }
        out.write(bytes, 0, count);
        left -= count;
      }
    } catch (IOException e) {
      // One side is gone; so is the other now.
    }
  }

  private static void daemon(Runnable task) {
    Thread thread = new Thread(task, "cutting proxy");
    thread.setDaemon(true);
    thread.start();
  }
}
