package dev.sluice.clients;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.Socket;
import java.util.Arrays;
import org.jspecify.annotations.Nullable;

/** One connection that goes through a {@link LoopbackProxy}. */
final class ProxiedConnection {
  private static final String HEAD_END = "\r\n\r\n";

  private final LoopbackProxy proxy;
  private final Socket client;
  private final ByteArrayOutputStream sent = new ByteArrayOutputStream();
  private volatile @Nullable Socket server;
  private boolean hasSentAll;

  ProxiedConnection(LoopbackProxy proxy, Socket client) {
    this.proxy = proxy;
    this.client = client;
  }

  /** What the client has sent so far, head included. */
  synchronized String sent() {
    return sent.toString(UTF_8);
  }

  String requestLine() {
    return sent().lines().findFirst().orElse("");
  }

  /** Ends the connection on both sides at once, as when a cable is pulled out. */
  void breakOff() {
    close(client, true);
    Socket there = server;
    if (there != null) {
      close(there, true);
    }
  }

  void run() {
    try {
      InputStream in = client.getInputStream();
      byte[] bytes = new byte[8192];
      for (int count = in.read(bytes); count >= 0; count = in.read(bytes)) {
        keep(bytes, count);
        if (server == null && sent().contains(HEAD_END)) {
          Socket there = proxy.connect(this);
          server = there;
          LoopbackProxy.daemon(() -> passOn(there));
          LoopbackProxy.daemon(() -> passBack(there));
        }
      }
    } catch (IOException e) {
      close(client, false);
    } finally {
      endSending();
    }
  }

  private synchronized void keep(byte[] bytes, int count) {
    sent.write(bytes, 0, count);
    notifyAll();
  }

  private synchronized void endSending() {
    hasSentAll = true;
    notifyAll();
  }

  /** What was sent from there on, when there is more of it; nothing at its end. */
  private synchronized byte[] awaitMore(int from) throws InterruptedException {
    while (sent.size() == from && !hasSentAll) {
      wait();
    }
    return Arrays.copyOfRange(sent.toByteArray(), from, sent.size());
  }

  private void passOn(Socket there) {
    int left = proxy.passingBytes(this);
    int passed = 0;
    try {
      OutputStream out = there.getOutputStream();
      for (byte[] more = awaitMore(passed); more.length > 0; more = awaitMore(passed)) {
        int count = Math.min(more.length, left - passed);
        out.write(more, 0, count);
        passed += count;
        if (count < more.length) {
          proxy.awaitRelease();
          left = Integer.MAX_VALUE;
        }
      }
      there.shutdownOutput();
    } catch (IOException e) {
      close(client, false);
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
    }
  }

  private void passBack(Socket there) {
    int left = proxy.nextCut();
    boolean reset = left == LoopbackProxy.asReset(left);
    try {
      InputStream in = there.getInputStream();
      OutputStream out = client.getOutputStream();
      byte[] bytes = new byte[8192];
      while (left > 0) {
        int count = in.read(bytes, 0, Math.min(bytes.length, left));
        if (count < 0) {
          client.shutdownOutput();
          return;
        }
        out.write(bytes, 0, count);
        left -= count;
      }
      close(client, reset);
      close(there, reset);
    } catch (IOException e) {
      close(there, false);
    }
  }

  private static void close(Socket socket, boolean reset) {
    try {
      if (reset) {
        socket.setSoLinger(true, 0);
      }
      socket.close();
    } catch (IOException e) {
      // Then it is closed already.
    }
  }
}
