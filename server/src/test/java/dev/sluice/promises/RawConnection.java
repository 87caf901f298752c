package dev.sluice.promises;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.io.UncheckedIOException;
import java.net.InetSocketAddress;
import java.net.Socket;
import java.net.SocketTimeoutException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.concurrent.TimeUnit;

/** One TCP connection to a server, written and read by the byte. */
final class RawConnection implements AutoCloseable {
  private static final int DEADLINE_MS = 30_000;

  private final Socket socket;
  private final InputStream in;

  private RawConnection(Socket socket) throws IOException {
    this.socket = socket;
    in = new DeadlineInput(socket);
  }

  static RawConnection open(URI server) {
    return open(server, 0);
  }

  /**
   * Connects.
   *
   * @param receiveBytes size of the socket's receive buffer; 0 for the usual one
   */
  static RawConnection open(URI server, int receiveBytes) {
    Socket socket = new Socket();
    try {
      if (receiveBytes > 0) {
        socket.setReceiveBufferSize(receiveBytes);
      }
      socket.setTcpNoDelay(true);
      socket.setSoTimeout(DEADLINE_MS);
      socket.connect(new InetSocketAddress(server.getHost(), server.getPort()), DEADLINE_MS);
      return new RawConnection(socket);
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  InputStream in() {
    return in;
  }

  RawConnection send(String text) throws IOException {
    return send(text.getBytes(StandardCharsets.UTF_8));
  }

  RawConnection send(byte[] bytes) throws IOException {
    socket.getOutputStream().write(bytes);
    return this;
  }

  /** Sends one chunk of a chunked body. */
  RawConnection chunk(byte[] bytes) throws IOException {
    send(Integer.toHexString(bytes.length) + "\r\n");
    send(bytes);
    return send("\r\n");
  }

  RawConnection chunk(String text) throws IOException {
    return chunk(text.getBytes(StandardCharsets.UTF_8));
  }

  /** Says that nothing more will be sent, and goes on listening. */
  void shutdownOutput() throws IOException {
    socket.shutdownOutput();
  }

  Response response() throws IOException {
    Head head = Head.read(in);
    return new Response(head, head.text(in));
  }

  /** Reads over what is left; returns when the server has closed. */
  void awaitClose() throws IOException {
    in.transferTo(OutputStream.nullOutputStream());
  }

  /** Ends the connection on both sides. */
  void hangUp() throws IOException {
    socket.close();
  }

  /** Breaks the connection: the server sees a reset, not an end. */
  void reset() throws IOException {
    socket.setSoLinger(true, 0);
    socket.close();
  }

  @Override
  public void close() {
    try {
      socket.close();
    } catch (IOException e) {
      throw new UncheckedIOException(e);
    }
  }

  /** Fails when the whole conversation takes too long, heartbeats or not. */
  private static final class DeadlineInput extends FilterInputStream {
    private final Socket socket;
    private final long fromNanos = System.nanoTime();

    DeadlineInput(Socket socket) throws IOException {
      super(socket.getInputStream());
      this.socket = socket;
    }

    @Override
    public int read() throws IOException {
      arm();
      return super.read();
    }

    @Override
    public int read(byte[] target, int from, int count) throws IOException {
      arm();
      return super.read(target, from, count);
    }

    private void arm() throws IOException {
      long left = DEADLINE_MS - TimeUnit.NANOSECONDS.toMillis(System.nanoTime() - fromNanos);
      if (left <= 0) {
        throw new SocketTimeoutException("not done after " + DEADLINE_MS + " ms");
      }
      socket.setSoTimeout((int) left);
    }
  }
}
