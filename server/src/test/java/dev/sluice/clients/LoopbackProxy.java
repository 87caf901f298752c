package dev.sluice.clients;

import java.io.IOException;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.ArrayDeque;
import java.util.List;
import java.util.Queue;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;
import org.jspecify.annotations.Nullable;

/**
 * A way to a server that a test can look into: it passes bytes on as they come, keeps what clients
 * sent, holds requests back, and cuts responses off at any byte.
 */
final class LoopbackProxy implements RunningServer {
  private record Held(String lineStart, int bytes) {}

  private final URI target;
  private final ServerSocket listener;
  private final List<ProxiedConnection> connections = new CopyOnWriteArrayList<>();
  private final Queue<Integer> cuts = new ArrayDeque<>();
  private final CountDownLatch released = new CountDownLatch(1);
  private volatile @Nullable Held held;

  private LoopbackProxy(URI target, ServerSocket listener) {
    this.target = target;
    this.listener = listener;
  }

  static LoopbackProxy to(RunningServer server) {
    try {
      ServerSocket listener = new ServerSocket(0, 0, InetAddress.getLoopbackAddress());
      LoopbackProxy proxy = new LoopbackProxy(server.uri(), listener);
      daemon(proxy::accept);
      return proxy;
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  static void daemon(Runnable work) {
    Thread thread = new Thread(work, "loopback proxy");
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public URI uri() {
    return URI.create("http://127.0.0.1:" + listener.getLocalPort());
  }

  /** Of requests whose line begins so, only so many bytes go on before {@link #release}. */
  void hold(String lineStart, int bytes) {
    held = new Held(lineStart, bytes);
  }

  void release() {
    released.countDown();
  }

  /**
   * The next responses are cut off after so many bytes each, head included: by the end of the
   * connection if the number is odd, by a reset if it is even.
   */
  void cutAfter(List<Integer> bytes) {
    synchronized (cuts) {
      cuts.addAll(bytes);
    }
  }

  /** That number of bytes, or one less, so that the cut is a reset. */
  static int asReset(int bytes) {
    return bytes & ~1;
  }

  int cutsLeft() {
    synchronized (cuts) {
      return cuts.size();
    }
  }

  /** The connections whose first request's line begins so. */
  List<ProxiedConnection> connections(String lineStart) {
    return connections.stream().filter(each -> each.requestLine().startsWith(lineStart)).toList();
  }

  private void accept() {
    try {
      while (true) {
        Socket client = listener.accept();
        client.setTcpNoDelay(true);
        daemon(new ProxiedConnection(this, client)::run);
      }
    } catch (IOException e) {
      // The test is over.
    }
  }

  /** A request head has come: returns the connection to the server. */
  Socket connect(ProxiedConnection connection) throws IOException {
    connections.add(connection);
    Socket server = new Socket(target.getHost(), target.getPort());
    server.setTcpNoDelay(true);
    return server;
  }

  /** How many bytes of this request may go on at once. */
  int passingBytes(ProxiedConnection connection) {
    Held now = held;
    return now != null && connection.requestLine().startsWith(now.lineStart())
        ? now.bytes()
        : Integer.MAX_VALUE;
  }

  void awaitRelease() throws InterruptedException {
    released.await();
  }

  /** After how many bytes a response that begins now is cut off. */
  int nextCut() {
    synchronized (cuts) {
      Integer bytes = cuts.poll();
      return bytes == null ? Integer.MAX_VALUE : bytes;
    }
  }

  @Override
  public void close() {
    release();
    try {
      listener.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
    connections.forEach(ProxiedConnection::breakOff);
  }
}
