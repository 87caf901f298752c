package dev.sluice.loadtest;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.BufferedInputStream;
import java.io.ByteArrayOutputStream;
import java.io.Closeable;
import java.io.EOFException;
import java.io.IOException;
import java.io.InputStream;
import java.io.OutputStream;
import java.net.InetAddress;
import java.net.ServerSocket;
import java.net.Socket;
import java.util.Map;
import java.util.concurrent.ConcurrentHashMap;
import java.util.regex.Matcher;
import java.util.regex.Pattern;
import org.jspecify.annotations.Nullable;

/**
 * A server that does just what the rig asks for, with one thread for each connection, and tells
 * each event to a script first: which may drop it, double it, or lie otherwise.
 */
final class ScriptedServer implements Closeable {
  private static final Pattern LINE =
      Pattern.compile(
          "\\{\"chatId\":\"([^\"]+)-(\\d+)\",\"event\":\"(\\w+)\","
              + "\"data\":\"((?:[^\"\\\\]|\\\\.)*)\"(?:,\"type\":\"(\\w+)\")?}");
  private static final Pattern STREAM = Pattern.compile("GET /v1/chats/(.+)-(\\d+)/stream .*");

  /** An event as it was published; {@code dataJson} without its quotes. */
  record Event(int stream, String name, String dataJson, @Nullable String type) {}

  /** Decides what becomes of an event; the honest answer is {@code readerOf(event).send(event)}. */
  interface Script {
    void on(Event event, ScriptedServer server) throws IOException;
  }

  static final Script HONEST = (event, server) -> server.reader(event.stream()).send(event);

  private final ServerSocket listener;
  private final Script script;
  private final Map<Integer, Reader> readers = new ConcurrentHashMap<>();
  private final Map<Socket, Boolean> sockets = new ConcurrentHashMap<>();
  private volatile String streamHead = streamHead("no-cache, no-transform");
  private volatile String publishStatus = "200 OK";
  private volatile long miscount;

  ScriptedServer(Script script) throws IOException {
    this.listener = new ServerSocket(0, 100, InetAddress.getLoopbackAddress());
    this.script = script;
    daemon(this::acceptAll);
  }

  /** The head that the contract asks for, when called with {@code no-cache, no-transform}. */
  static String streamHead(String cacheControl) {
    return String.join(
        "\r\n",
        "HTTP/1.1 200 OK",
        "Content-Type: text/event-stream",
        "Cache-Control: " + cacheControl,
        "X-Accel-Buffering: no",
        "Transfer-Encoding: chunked",
        "X-Content-Type-Options: nosniff",
        "",
        "");
  }

  String url() {
    return "http://127.0.0.1:" + listener.getLocalPort();
  }

  ScriptedServer answeringStreamsWith(String head) {
    streamHead = head;
    return this;
  }

  ScriptedServer answeringPublishersWith(String status, long offBy) {
    publishStatus = status;
    miscount = offBy;
    return this;
  }

  Reader reader(int stream) {
    Reader reader = readers.get(stream);
    if (reader == null) {
      throw new IllegalStateException("stream " + stream + " is not open");
    }
    return reader;
  }

  @Override
  public void close() throws IOException {
    listener.close();
    for (Socket socket : sockets.keySet()) {
      socket.close();
    }
  }

  private void acceptAll() throws IOException {
    while (true) {
      Socket socket = listener.accept();
      socket.setTcpNoDelay(true);
      sockets.put(socket, true);
      daemon(() -> serve(socket));
    }
  }

  private void serve(Socket socket) throws IOException {
    InputStream in = new BufferedInputStream(socket.getInputStream());
    String request = line(in);
    while (!line(in).isEmpty()) {
      // The headers are as the rig sends them.
    }
    Matcher stream = STREAM.matcher(request);
    if (stream.matches()) {
      readers.put(Integer.parseInt(stream.group(2)), new Reader(socket));
      socket.getOutputStream().write(streamHead.getBytes(UTF_8));
    } else {
      publish(in, socket.getOutputStream());
    }
  }

  private void publish(InputStream in, OutputStream out) throws IOException {
    long accepted = 0;
    int size;
    while ((size = Integer.parseInt(line(in), 16)) > 0) {
      String lines = new String(in.readNBytes(size), UTF_8);
      line(in);
      for (String each : lines.split("\n", -1)) {
        if (!each.isEmpty()) {
          accepted++;
          script.on(event(each), this);
        }
      }
    }
    line(in);
    String body = "{\"accepted\":" + (accepted + miscount) + "}";
    String head = "HTTP/1.1 " + publishStatus + "\r\nContent-Length: " + body.length() + "\r\n\r\n";
    out.write((head + body).getBytes(UTF_8));
  }

  private static Event event(String line) {
    Matcher matcher = LINE.matcher(line);
    if (!matcher.matches()) {
      throw new IllegalArgumentException(line);
    }
    int stream = Integer.parseInt(matcher.group(2));
    return new Event(stream, matcher.group(3), matcher.group(4), matcher.group(5));
  }

  private static String line(InputStream in) throws IOException {
    ByteArrayOutputStream line = new ByteArrayOutputStream();
    int b;
    while ((b = in.read()) != '\n') {
      if (b < 0) {
        throw new EOFException();
      }
      if (b != '\r') {
        line.write(b);
      }
    }
    return line.toString(UTF_8);
  }

  private interface Work {
    void run() throws IOException;
  }

  private static void daemon(Work work) {
    Thread thread =
        new Thread(
            () -> {
              try {
                work.run();
              } catch (IOException e) {
                // The other side closed: the connection is over.
              }
            });
    thread.setDaemon(true);
    thread.start();
  }

  /** One open stream. */
  static final class Reader {
    private final Socket socket;
    private long offset;

    Reader(Socket socket) {
      this.socket = socket;
    }

    /** Sends the event as a frame of its own; completes the body after {@code end}. */
    void send(Event event) throws IOException {
      sendFrame(event, 1);
      if (event.name().equals("end")) {
        complete();
      }
    }

    void sendFrame(Event event, int merged) throws IOException {
      offset += merged;
      String type = event.type() == null ? "" : ",\"type\":\"" + event.type() + "\"";
      String retry = offset == 1 ? "retry:2800\n" : "";
      String data = "{\"event\":\"" + event.name() + "\",\"data\":\"" + event.dataJson() + "\"";
      sendText("id:170-" + offset + "\n" + retry + "message:\ndata:" + data + type + "}\n\n");
    }

    void sendText(String body) throws IOException {
      byte[] bytes = body.getBytes(UTF_8);
      ByteArrayOutputStream chunk = new ByteArrayOutputStream();
      chunk.writeBytes((Integer.toHexString(bytes.length) + "\r\n").getBytes(UTF_8));
      chunk.writeBytes(bytes);
      chunk.writeBytes("\r\n".getBytes(UTF_8));
      socket.getOutputStream().write(chunk.toByteArray());
    }

    void complete() throws IOException {
      socket.getOutputStream().write("0\r\n\r\n".getBytes(UTF_8));
    }

    void closeSocket() throws IOException {
      socket.close();
    }
  }
}
