package dev.sluice.upstream;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.net.SocketException;
import java.net.URI;
import java.nio.charset.StandardCharsets;
import java.util.ArrayList;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.TreeMap;
import java.util.concurrent.CopyOnWriteArrayList;
import java.util.concurrent.CountDownLatch;

/**
 * A model server whose every byte is under the test's control. Serves one connection at a time,
 * unless it is told otherwise.
 */
final class ScriptedServer implements AutoCloseable {
  static final String STREAM_HEAD =
      "HTTP/1.1 200 OK\r\nContent-Type: text/event-stream\r\nTransfer-Encoding: chunked\r\n\r\n";

  /** What the server does with a connection; it is closed when the script returns. */
  @FunctionalInterface
  interface Script {
    void serve(Connection connection) throws Exception;
  }

  record Request(String line, Map<String, String> headers, String body) {}

  private final ServerSocket listening;
  private final String scheme;
  private final Thread thread;
  private final boolean concurrent;
  private final List<Request> requests = new CopyOnWriteArrayList<>();
  private final List<Throwable> troubles = new CopyOnWriteArrayList<>();
  private final CountDownLatch served = new CountDownLatch(1);
  private volatile boolean closed;

  ScriptedServer(Script script) throws IOException {
    this(script, false);
  }

  /**
   * @param concurrent whether a connection is served while another one is
   */
  ScriptedServer(Script script, boolean concurrent) throws IOException {
    this(new ServerSocket(0, 50, InetAddress.getLoopbackAddress()), "http", script, concurrent);
  }

  ScriptedServer(ServerSocket listening, String scheme, Script script) {
    this(listening, scheme, script, false);
  }

  private ScriptedServer(ServerSocket listening, String scheme, Script script, boolean concurrent) {
    this.listening = listening;
    this.scheme = scheme;
    this.concurrent = concurrent;
    thread = new Thread(() -> accept(script), "scripted-server");
    thread.start();
  }

  URI url() {
    return URI.create(scheme + "://localhost:" + listening.getLocalPort() + "/v1");
  }

  List<Request> requests() {
    return requests;
  }

  /** Waits until the script is through with a connection. */
  void awaitServed() throws InterruptedException {
    served.await();
  }

  @Override
  public void close() throws IOException {
    closed = true;
    listening.close();
    try {
      thread.join();
    } catch (InterruptedException e) {
      Thread.currentThread().interrupt();
      throw new IOException("interrupted before the script was over", e);
    }
    if (!troubles.isEmpty()) {
      throw new AssertionError("the scripted server is in trouble", troubles.get(0));
    }
  }

  private void accept(Script script) {
    List<Thread> serving = new ArrayList<>();
    while (!closed) {
      try {
        Socket socket = listening.accept();
        if (concurrent) {
          Thread each = new Thread(() -> serve(script, socket), "scripted-connection");
          serving.add(each);
          each.start();
        } else {
          serve(script, socket);
        }
      } catch (SocketException e) {
        // Closing the listener ends up here.
      } catch (IOException e) {
        troubles.add(e);
      }
    }
    try {
      for (Thread each : serving) {
        each.join();
      }
    } catch (InterruptedException e) {
      troubles.add(e);
    }
  }

  private void serve(Script script, Socket accepted) {
    try (Socket socket = accepted) {
      socket.setTcpNoDelay(true);
      script.serve(new Connection(socket));
      served.countDown();
    } catch (SocketException e) {
      // The client closes when it has had enough.
    } catch (Exception | AssertionError e) {
      troubles.add(e);
    }
  }

  final class Connection {
    private final InputStream in;
    private final OutputStream out;

    Connection(Socket socket) throws IOException {
      in = socket.getInputStream();
      out = socket.getOutputStream();
    }

    Request readRequest() throws IOException {
      String line = readLine();
      Map<String, String> headers = new TreeMap<>();
      for (String header = readLine(); !header.isEmpty(); header = readLine()) {
        int colon = header.indexOf(':');
        headers.put(
            header.substring(0, colon).toLowerCase(Locale.ROOT),
            header.substring(colon + 1).strip());
      }
      int length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
      byte[] body = in.readNBytes(length);
      Request request = new Request(line, headers, new String(body, StandardCharsets.UTF_8));
      requests.add(request);
      return request;
    }

    void send(String text) throws IOException {
      send(text.getBytes(StandardCharsets.UTF_8));
    }

    void send(byte[] bytes) throws IOException {
      out.write(bytes);
      out.flush();
    }

    /** Sends one HTTP chunk. */
    void chunk(byte[] bytes) throws IOException {
      ByteArrayOutputStream chunk = new ByteArrayOutputStream();
      chunk.writeBytes(
          (Integer.toHexString(bytes.length) + "\r\n").getBytes(StandardCharsets.US_ASCII));
      chunk.writeBytes(bytes);
      chunk.writeBytes("\r\n".getBytes(StandardCharsets.US_ASCII));
      send(chunk.toByteArray());
    }

    /** Sends one event with that data, in a chunk of its own. */
    void event(String data) throws IOException {
      chunk(("data: " + data + "\n\n").getBytes(StandardCharsets.UTF_8));
    }

    /** Sends a chunk of a completion with that delta. */
    void delta(String deltaJson) throws IOException {
      event("{\"choices\":[{\"index\":0,\"delta\":" + deltaJson + ",\"finish_reason\":null}]}");
    }

    /** Sends one event the way Flowise's streamer writes it. */
    void flowise(String json) throws IOException {
      chunk(("message:\ndata:" + json + "\n\n").getBytes(StandardCharsets.UTF_8));
    }

    /** Sends a whole response with that body. */
    void respond(String statusLine, String contentType, String body) throws IOException {
      byte[] bytes = body.getBytes(StandardCharsets.UTF_8);
      send(
          "HTTP/1.1 "
              + statusLine
              + "\r\nContent-Type: "
              + contentType
              + "\r\nContent-Length: "
              + bytes.length
              + "\r\n\r\n");
      send(bytes);
    }

    void finish(String reason) throws IOException {
      event("{\"choices\":[{\"index\":0,\"delta\":{},\"finish_reason\":\"" + reason + "\"}]}");
    }

    /** Ends the chunked body properly. */
    void endBody() throws IOException {
      send("0\r\n\r\n");
    }

    /** Waits until the other side closes. */
    void awaitEof() throws IOException {
      byte[] sink = new byte[1024];
      int count;
      do {
        try {
          count = in.read(sink);
        } catch (IOException e) {
          // A reset is a close too.
          return;
        }
      } while (count >= 0);
    }

    private String readLine() throws IOException {
      ByteArrayOutputStream line = new ByteArrayOutputStream();
      int b;
      while ((b = in.read()) != '\n') {
        if (b < 0) {
          throw new IOException("the request ends inside its head");
        }
        if (b != '\r') {
          line.write(b);
        }
      }
      return line.toString(StandardCharsets.UTF_8);
    }
  }
}
