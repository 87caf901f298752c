package dev.sluice.promises;

import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.URI;
import java.util.Random;
import java.util.concurrent.atomic.AtomicInteger;

/**
 * A bad way to a server: it cuts two connections of three, after any number of bytes, on the way
 * there or on the way back, with an end or with a reset.
 */
final class CuttingLink implements AutoCloseable {
  private static final int MAX_REQUEST_BYTES = 3000;
  private static final int MAX_ANSWER_BYTES = 250;

  private final URI server;
  private final Random random;
  private final ServerSocket listener;
  private final AtomicInteger cuts = new AtomicInteger();

  private CuttingLink(URI server, Random random, ServerSocket listener) {
    this.server = server;
    this.random = random;
    this.listener = listener;
  }

  static CuttingLink to(URI server, Random random) throws IOException {
    ServerSocket listener = new ServerSocket(0, 50, InetAddress.getLoopbackAddress());
    CuttingLink link = new CuttingLink(server, random, listener);
    daemon(link::accept);
    return link;
  }

  URI uri() {
    return URI.create("http://127.0.0.1:" + listener.getLocalPort());
  }

  /** How many connections were cut so far. */
  int cuts() {
    return cuts.get();
  }

  private void accept() {
    try {
      while (true) {
        Socket client = listener.accept();
        Socket there = new Socket(server.getHost(), server.getPort());
        int kind = random.nextInt(3);
        boolean reset = random.nextBoolean();
        int requestBytes = kind == 0 ? random.nextInt(MAX_REQUEST_BYTES) : Integer.MAX_VALUE;
        int answerBytes = kind == 1 ? random.nextInt(MAX_ANSWER_BYTES) : Integer.MAX_VALUE;
        daemon(() -> copy(client, there, requestBytes, reset));
        daemon(() -> copy(there, client, answerBytes, reset));
      }
    } catch (IOException e) {
      // The test is over.
    }
  }

  private void copy(Socket from, Socket to, int maxBytes, boolean reset) {
    int left = maxBytes;
    try (from;
        to) {
      InputStream in = from.getInputStream();
      OutputStream out = to.getOutputStream();
      byte[] bytes = new byte[1024];
      while (left > 0) {
        int count = in.read(bytes, 0, Math.min(bytes.length, left));
        if (count < 0) {
          return;
        }
        out.write(bytes, 0, count);
        left -= count;
      }
      cuts.incrementAndGet();
      if (reset) {
        from.setSoLinger(true, 0);
        to.setSoLinger(true, 0);
      }
    } catch (IOException e) {
      // One side is gone; so is the other now.
    }
  }

  private static void daemon(Runnable task) {
    Thread thread = new Thread(task, "cutting link");
    thread.setDaemon(true);
    thread.start();
  }

  @Override
  public void close() {
    try {
      listener.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }
}
