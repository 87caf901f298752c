package dev.sluice.clients;

import static java.nio.charset.StandardCharsets.UTF_8;

import java.io.ByteArrayOutputStream;
import java.io.IOException;
import java.net.InetSocketAddress;
import java.net.URI;
import java.nio.ByteBuffer;
import java.nio.channels.SelectionKey;
import java.nio.channels.Selector;
import java.nio.channels.SocketChannel;
import java.util.ArrayList;
import java.util.List;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.atomic.AtomicInteger;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;
import tools.jackson.databind.JsonNode;
import tools.jackson.databind.json.JsonMapper;

/**
 * Thousands of readers that follow chats as a browser's EventSource does: when a stream ends they
 * come again after the time that they were told, with the id that they have seen last; when nobody
 * is there they try again. One thread; HTTP/1.0, whose bodies need no decoding.
 */
final class FollowingReaders implements AutoCloseable {
  /** One of them. What it has is to be looked at from any thread. */
  final class Reader {
    final String chatId;
    final AtomicInteger refusals = new AtomicInteger();
    volatile boolean open;

    /** When it was to come again after its first stream, in ms; negative before. */
    volatile double firstReturnMs = -1;

    private final StringBuilder text = new StringBuilder();
    private final ByteArrayOutputStream line = new ByteArrayOutputStream();
    private boolean inHead;
    private long retryMs = 3000;
    private @Nullable String lastId;
    private long dueNanos;
    private @Nullable SocketChannel channel;

    Reader(String chatId) {
      this.chatId = chatId;
    }

    String text() {
      synchronized (text) {
        return text.toString();
      }
    }

    private void connect() throws IOException {
      SocketChannel connecting = SocketChannel.open();
      channel = connecting;
      connecting.configureBlocking(false);
      connecting.register(selector, SelectionKey.OP_CONNECT, this);
      connecting.connect(address);
    }

    private void ask() throws IOException {
      SocketChannel connected = channel();
      connected.finishConnect();
      String resume = lastId == null ? "" : "Last-Event-ID: " + lastId + "\r\n";
      String request = "GET /v1/chats/" + chatId + "/stream?mode=follow HTTP/1.0\r\n" + resume;
      connected.write(ByteBuffer.wrap((request + "\r\n").getBytes(UTF_8)));
      line.reset();
      inHead = true;
      connected.register(selector, SelectionKey.OP_READ, this);
    }

    private void read() throws IOException {
      buffer.clear();
      int count = channel().read(buffer);
      for (int i = 0; i < count; i++) {
        byte b = buffer.get(i);
        if (b == '\n') {
          take(line.toString(UTF_8));
          line.reset();
        } else if (b != '\r') {
          line.write(b);
        }
      }
      if (count < 0) {
        over();
      }
    }

    private void take(String said) {
      if (inHead) {
        inHead = !said.isEmpty();
        if (said.startsWith("HTTP/1.1 ") && !said.startsWith("HTTP/1.1 200 ")) {
          refusals.incrementAndGet();
        }
        open = !inHead;
      } else if (said.startsWith("id:")) {
        lastId = said.substring(3);
      } else if (said.startsWith("retry:")) {
        retryMs = Long.parseLong(said.substring(6));
      } else if (said.startsWith("data:")) {
        JsonNode message = JsonMapper.shared().readTree(said.substring(5));
        if (Frame.event(message).equals("token")) {
          synchronized (text) {
            text.append(message.path("data").asString());
          }
        }
      }
    }

    private void over() throws IOException {
      channel().close();
      open = false;
      dueNanos = System.nanoTime() + TimeUnit.MILLISECONDS.toNanos(retryMs);
      if (firstReturnMs < 0) {
        firstReturnMs = (dueNanos - startNanos) / 1e6;
      }
      away.add(this);
    }

    private SocketChannel channel() {
      SocketChannel now = channel;
      if (now == null) {
        throw new IllegalStateException("never connected");
      }
      return now;
    }
  }

  private static final int CONNECTING_MAX = 200;

  private final long startNanos = System.nanoTime();
  private final InetSocketAddress address;
  private final Selector selector;
  private final ByteBuffer buffer = ByteBuffer.allocate(64 * 1024);
  private final List<Reader> readers = new ArrayList<>();
  private final List<Reader> away = new ArrayList<>();
  private final Thread thread = new Thread(this::run, "following readers");
  private volatile boolean closed;
  private volatile @Nullable Throwable failure;

  private FollowingReaders(URI server, List<ChatOverHttp> chats, int count) throws IOException {
    address = new InetSocketAddress(server.getHost(), server.getPort());
    selector = Selector.open();
    for (int i = 0; i < count; i++) {
      readers.add(new Reader(chats.get(i % chats.size()).chatId()));
    }
    away.addAll(readers);
  }

  /** Spreads that many readers over the chats; returns when all have their head. */
  static FollowingReaders open(URI server, List<ChatOverHttp> chats, int count) {
    try {
      FollowingReaders all = new FollowingReaders(server, chats, count);
      all.thread.setDaemon(true);
      all.thread.start();
      all.await(reader -> reader.open);
      return all;
    } catch (IOException e) {
      throw new AssertionError("no readers", e);
    }
  }

  /** Waits until it is so for each of them. */
  void await(Predicate<Reader> what) {
    Deadline.await(
        () -> {
          if (failure != null) {
            throw new AssertionError("the readers broke down", failure);
          }
          return readers.stream().allMatch(what);
        },
        () -> readers.stream().filter(what.negate()).count() + " are not there yet");
  }

  List<Reader> all() {
    return readers;
  }

  private void run() {
    try {
      while (!closed) {
        selector.select(this::handle, 5);
        comeAgain();
      }
      selector.close();
    } catch (IOException | RuntimeException e) {
      failure = e;
    }
  }

  private void handle(SelectionKey key) {
    Reader reader = (Reader) key.attachment();
    try {
      if (key.isConnectable()) {
        reader.ask();
      } else {
        reader.read();
      }
    } catch (IOException e) {
      // Refused, or cut: both are a reason to come again.
      try {
        reader.over();
      } catch (IOException closing) {
        failure = closing;
      }
    }
  }

  private void comeAgain() throws IOException {
    long nowNanos = System.nanoTime();
    int started = 0;
    for (int i = 0; i < away.size() && started < CONNECTING_MAX; i++) {
      Reader reader = away.get(i);
      if (reader.dueNanos - nowNanos <= 0 || reader.dueNanos == 0) {
        away.remove(i--);
        started++;
        reader.connect();
      }
    }
  }

  @Override
  public void close() {
    closed = true;
    selector.wakeup();
    try {
      thread.join(Deadline.PATIENCE.toMillis());
    } catch (InterruptedException e) {
      throw Deadline.interrupted(e);
    }
    for (Reader reader : readers) {
      try {
        if (reader.channel != null) {
          reader.channel.close();
        }
      } catch (IOException e) {
        throw new AssertionError(e);
      }
    }
  }
}
