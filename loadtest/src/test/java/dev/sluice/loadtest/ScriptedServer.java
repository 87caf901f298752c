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
import java.util.ArrayList;
import java.util.HashMap;
import java.util.List;
import java.util.Locale;
import java.util.Map;
import java.util.Set;
import java.util.TreeMap;
import java.util.TreeSet;
import java.util.concurrent.ConcurrentHashMap;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Supplier;
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
              + "\"data\":\"((?:[^\"\\\\]++|\\\\.)*+)\"(?:,\"type\":\"(\\w+)\")?"
              + "(?:,\"run\":\"\\w+\")?}");
  private static final Pattern POST = Pattern.compile("POST /v1/chats/(.+-\\d+)/events .*");
  private static final Pattern STREAM =
      Pattern.compile("GET /v1/chats/(.+)-(\\d+)/stream(\\?mode=follow)? .*");
  private static final Pattern STATE = Pattern.compile("GET /v1/chats/.+-(\\d+) .*");

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
  private String currentRun = "";
  private final AtomicInteger resumed = new AtomicInteger();
  private final AtomicInteger streams = new AtomicInteger();
  private final Map<Socket, Boolean> sockets = new ConcurrentHashMap<>();
  private volatile String streamHead = streamHead("no-cache, no-transform");
  private volatile String publishStatus = "200 OK";
  private volatile long miscount;
  private volatile boolean apart;
  private volatile Supplier<String> metrics = () -> "";

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

  /** Each stream gets a reader of its own, numbered as they come, whichever chat it asks for. */
  ScriptedServer givingEachStreamItsReader() {
    apart = true;
    return this;
  }

  /** What {@code /metrics} is answered with; 404 without this. */
  ScriptedServer answeringMetricsWith(Supplier<String> page) {
    metrics = page;
    return this;
  }

  Reader reader(int stream) {
    return readers.computeIfAbsent(stream, n -> new Reader());
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
    OutputStream out = socket.getOutputStream();
    while (true) {
      String request = line(in);
      Map<String, String> headers = headers(in);
      Matcher stream = STREAM.matcher(request);
      Matcher post = POST.matcher(request);
      if (stream.matches()) {
        forgetOtherRuns(stream.group(1));
        Reader reader =
            reader(apart ? streams.getAndIncrement() : Integer.parseInt(stream.group(2)));
        String lastEventId = headers.get("last-event-id");
        if (lastEventId != null) {
          resumed.incrementAndGet();
        }
        boolean follows = stream.group(3) != null;
        reader.subscribe(socket, streamHead, lastEventId == null ? "170-0" : lastEventId, follows);
        return;
      } else if (post.matches()) {
        int length = Integer.parseInt(headers.getOrDefault("content-length", "0"));
        String body = new String(in.readNBytes(length), UTF_8);
        script.on(event("{\"chatId\":\"" + post.group(1) + "\"," + body.substring(1)), this);
        answer(out, 1);
      } else if (request.startsWith("GET ")) {
        Matcher state = STATE.matcher(request);
        String page = request.startsWith("GET /metrics ") ? metrics.get() : "";
        page = state.matches() ? reader(Integer.parseInt(state.group(1))).state() : page;
        byte[] body = page.getBytes(UTF_8);
        String status = page.isEmpty() ? "404 Not Found" : "200 OK";
        String head = "HTTP/1.1 " + status + "\r\nContent-Length: " + body.length + "\r\n\r\n";
        out.write(head.getBytes(UTF_8));
        out.write(body);
      } else {
        publish(in, out);
        return;
      }
    }
  }

  private synchronized void forgetOtherRuns(String run) {
    if (!run.equals(currentRun)) {
      currentRun = run;
      readers.clear();
    }
  }

  /** How many streams were asked for with a {@code Last-Event-ID}. */
  int resumed() {
    return resumed.get();
  }

  private static Map<String, String> headers(InputStream in) throws IOException {
    Map<String, String> headers = new HashMap<>();
    for (String line = line(in); !line.isEmpty(); line = line(in)) {
      int colon = line.indexOf(':');
      headers.put(line.substring(0, colon).toLowerCase(Locale.ROOT), line.substring(colon + 2));
    }
    return headers;
  }

  private void publish(InputStream in, OutputStream out) throws IOException {
    long accepted = 0;
    int size;
    String rest = "";
    Set<Integer> open = new TreeSet<>();
    try {
      while ((size = Integer.parseInt(line(in), 16)) > 0) {
        String[] lines = (rest + new String(in.readNBytes(size), UTF_8)).split("\n", -1);
        line(in);
        rest = lines[lines.length - 1];
        for (int i = 0; i < lines.length - 1; i++) {
          accepted++;
          Event event = event(lines[i]);
          reader(event.stream()).note(event, open);
          script.on(event, this);
        }
      }
      line(in);
    } catch (IOException e) {
      for (int stream : open) {
        reader(stream).loseProducer();
      }
      throw e;
    }
    answer(out, accepted);
  }

  private void answer(OutputStream out, long accepted) throws IOException {
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

  /** One chat, and its one reader: what is sent is kept, so that it can be resumed. */
  static final class Reader {
    private final Map<Long, String> chunks = new TreeMap<>();
    private final List<String> runs = new ArrayList<>();
    private @Nullable Socket socket;
    private boolean follows;
    private long offset;

    private synchronized void subscribe(
        Socket subscriber, String head, String lastEventId, boolean following) throws IOException {
      socket = subscriber;
      follows = following;
      subscriber.getOutputStream().write(head.getBytes(UTF_8));
      long after = Long.parseLong(lastEventId.substring(lastEventId.indexOf('-') + 1));
      for (Map.Entry<Long, String> chunk : chunks.entrySet()) {
        if (chunk.getKey() > after) {
          write(chunk.getValue());
        }
      }
    }

    /** Sends the event as a frame of its own; completes the body after {@code end}. */
    void send(Event event) throws IOException {
      sendFrame(event, 1);
      if (event.name().equals("end") && !follows) {
        complete();
      }
    }

    /** Keeps what became of the runs, and which of them are open. */
    private synchronized void note(Event event, Set<Integer> open) {
      if (event.name().equals("start")) {
        runs.add("open");
        open.add(event.stream());
      } else if (event.name().equals("end")) {
        runs.set(runs.size() - 1, "completed");
        open.remove(event.stream());
      }
    }

    /** The connection of its publisher broke. */
    private synchronized void loseProducer() throws IOException {
      runs.set(runs.size() - 1, "producer_lost");
      offset++;
      sendText(
          "id:170-"
              + offset
              + "\nmessage:\ndata:{\"event\":\"error\",\"data\":\"lost\","
              + "\"detail\":{\"code\":\"producer_lost\"}}\n\n");
      send(new Event(0, "end", "[DONE]", null));
    }

    private synchronized String state() {
      List<String> states = runs.stream().map(run -> "{\"state\":\"" + run + "\"}").toList();
      return "{\"lastId\":\"170-" + offset + "\",\"runs\":[" + String.join(",", states) + "]}";
    }

    synchronized void sendFrame(Event event, int merged) throws IOException {
      offset += merged;
      String type = event.type() == null ? "" : ",\"type\":\"" + event.type() + "\"";
      String retry = offset == 1 ? "retry:2800\n" : "";
      String data = "{\"event\":\"" + event.name() + "\",\"data\":\"" + event.dataJson() + "\"";
      sendText("id:170-" + offset + "\n" + retry + "message:\ndata:" + data + type + "}\n\n");
    }

    synchronized void sendText(String body) throws IOException {
      byte[] bytes = body.getBytes(UTF_8);
      keep(Integer.toHexString(bytes.length) + "\r\n" + body + "\r\n");
    }

    synchronized void complete() throws IOException {
      keep("0\r\n\r\n");
    }

    synchronized void closeSocket() throws IOException {
      if (socket != null) {
        socket.close();
      }
    }

    private void keep(String chunk) throws IOException {
      chunks.merge(offset, chunk, String::concat);
      write(chunk);
    }

    private void write(String text) {
      try {
        if (socket != null) {
          socket.getOutputStream().write(text.getBytes(UTF_8));
        }
      } catch (IOException e) {
        socket = null; // It is kept for the one that resumes.
      }
    }
  }
}
