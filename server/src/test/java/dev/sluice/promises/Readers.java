package dev.sluice.promises;

import java.io.FilterInputStream;
import java.io.IOException;
import java.io.InputStream;
import java.net.URI;
import java.util.ArrayList;
import java.util.List;
import java.util.Random;
import java.util.concurrent.TimeUnit;
import java.util.concurrent.locks.LockSupport;
import org.jspecify.annotations.Nullable;

/** Readers of different tempers; each returns all the events that it got. */
final class Readers {
  private Readers() {}

  /** Reads what it gets, as fast as it can. */
  static List<Event> fast(EventStream stream) throws IOException {
    try (stream) {
      return stream.all();
    }
  }

  /** A small receive buffer, a few bytes at a time, and a pause after each. */
  static EventStream openSlow(URI server, String chatId, int bytesAtATime) {
    RawConnection connection = RawConnection.open(server, 2048);
    return EventStream.open(connection, chatId, "", null, in -> new SlowInput(in, bytesAtATime));
  }

  /** One byte at a time off the socket, without any buffer in between. */
  static EventStream openByteWise(URI server, String chatId) {
    return EventStream.open(RawConnection.open(server), chatId, "", null, ByteWiseInput::new);
  }

  /** Breaks the connection again and again, and goes on where it was. */
  static List<Event> resuming(URI server, String chatId, Random random) throws IOException {
    List<Event> events = new ArrayList<>();
    String lastId = null;
    while (true) {
      try (EventStream stream =
          EventStream.open(RawConnection.open(server), chatId, "", lastId, in -> in)) {
        if (stream.head().status() == 204) {
          return events;
        }
        int patience = 1 + random.nextInt(12);
        for (int i = 0; i < patience; i++) {
          Event event = stream.next();
          if (event == null) {
            return events;
          }
          events.add(event);
          lastId = event.id();
        }
        cut(stream, random);
      }
    }
  }

  private static void cut(EventStream stream, Random random) throws IOException {
    if (random.nextBoolean()) {
      // Somewhere inside the next frame, if there is one already.
      InputStream in = stream.connection().in();
      in.readNBytes(Math.min(in.available(), random.nextInt(40)));
    }
    if (random.nextBoolean()) {
      stream.connection().reset();
    }
  }

  private static final class SlowInput extends FilterInputStream {
    private final int bytesAtATime;
    private final byte[] buffer;
    private int position;
    private int limit;

    SlowInput(InputStream in, int bytesAtATime) {
      super(in);
      this.bytesAtATime = bytesAtATime;
      buffer = new byte[bytesAtATime];
    }

    @Override
    public int read() throws IOException {
      if (position == limit) {
        LockSupport.parkNanos(TimeUnit.MICROSECONDS.toNanos(200));
        position = 0;
        limit = in.read(buffer, 0, bytesAtATime);
        if (limit < 0) {
          limit = 0;
          return -1;
        }
      }
      return buffer[position++] & 0xFF;
    }

    @Override
    public int read(byte[] target, int from, int count) throws IOException {
      return readOne(this, target, from);
    }
  }

  private static final class ByteWiseInput extends FilterInputStream {
    ByteWiseInput(InputStream in) {
      super(in);
    }

    @Override
    public int read(byte[] target, int from, int count) throws IOException {
      return readOne(this, target, from);
    }
  }

  private static int readOne(InputStream in, byte[] target, int from) throws IOException {
    int b = in.read();
    if (b < 0) {
      return -1;
    }
    target[from] = (byte) b;
    return 1;
  }

  /** The text of the tokens of one run and type, in the order in which they came. */
  static String text(List<Event> events, @Nullable String run, String type) {
    StringBuilder text = new StringBuilder();
    for (Event event : events) {
      if (event.is("token") && event.type().equals(type)) {
        if (run == null || event.run().equals(run)) {
          text.append(event.text());
        }
      }
    }
    return text.toString();
  }
}
