package dev.sluice.http;

import dev.sluice.chat.Cursor;
import dev.sluice.chat.Wakeups;
import dev.sluice.frame.Utf8Buffer;
import dev.sluice.metrics.LoopMetrics;
import io.netty.buffer.ByteBuf;
import io.netty.buffer.ByteBufAllocator;
import io.netty.channel.EventLoop;
import io.netty.channel.SingleThreadEventLoop;
import java.time.ZoneOffset;
import java.time.ZonedDateTime;
import java.time.format.DateTimeFormatter;
import java.util.LinkedHashSet;
import java.util.List;
import java.util.Locale;
import java.util.PriorityQueue;
import java.util.Set;
import java.util.concurrent.Executor;
import java.util.concurrent.Future;
import java.util.concurrent.TimeUnit;
import java.util.function.Consumer;
import java.util.function.Predicate;
import org.jspecify.annotations.Nullable;

/**
 * What the connections of one event loop share: wake-ups, scratch memory, the newest encoded read,
 * the timer. Only that loop may call it.
 */
final class StreamLoop {
  private static final DateTimeFormatter HTTP_DATE =
      DateTimeFormatter.ofPattern("EEE, dd MMM yyyy HH:mm:ss 'GMT'", Locale.ENGLISH);
  private static final int SCRATCH_BYTES = 64 * 1024;
  private static final int KEEP_SCRATCH_BYTES = 512 * 1024;
  private static final byte[] HEX = {
    '0', '1', '2', '3', '4', '5', '6', '7', '8', '9', 'a', 'b', 'c', 'd', 'e', 'f'
  };
  private static final int LAST_CHUNK_BYTES = 5;
  private static final long PROBE_NANOS = TimeUnit.MILLISECONDS.toNanos(100);

  /** How long after a refusal there may be room; what is held up is in no hurry. */
  private static final long AGAIN_MS = 5;

  private record Due(long atNanos, SseStream stream) {}

  private final EventLoop eventLoop;
  private final Edge edge;
  private final LoopMetrics metrics;
  private final Wakeups wakeups;
  private final Outbound outbound;
  private final Utf8Buffer scratch = new Utf8Buffer(SCRATCH_BYTES);
  private final FrameReads frameReads;
  private final Future<?> ticking;
  private final Future<?> probing;
  private final PriorityQueue<Due> paced =
      new PriorityQueue<>((a, b) -> Long.compare(a.atNanos - b.atNanos, 0));
  private final Set<RequestHandler> held = new LinkedHashSet<>(0);
  private @Nullable Future<?> pacedTimer;
  private long pacedTimerNanos;
  private boolean releasing;
  private @Nullable TimedHandler first;
  private String date = "";
  private long dateAtNanos;
  private long probeDueNanos;

  StreamLoop(EventLoop eventLoop, Edge edge, long tickMs, OutboundBudget budget) {
    this.eventLoop = eventLoop;
    this.edge = edge;
    metrics = edge.metrics().newLoop();
    outbound = new Outbound(this, budget);
    Executor afterTurn =
        eventLoop instanceof SingleThreadEventLoop single
            ? single::executeAfterEventLoopIteration
            : null;
    wakeups = new Wakeups(eventLoop, this::forgetShared, this::nowNanos, afterTurn);
    frameReads = new FrameReads(this, wakeups.tally());
    probeDueNanos = nowNanos() + PROBE_NANOS;
    probing =
        eventLoop.scheduleWithFixedDelay(
            this::probe, PROBE_NANOS, PROBE_NANOS, TimeUnit.NANOSECONDS);
    dateAtNanos = nowNanos() - TimeUnit.SECONDS.toNanos(2);
    ticking = eventLoop.scheduleWithFixedDelay(this::tick, tickMs, tickMs, TimeUnit.MILLISECONDS);
  }

  EventLoop eventLoop() {
    return eventLoop;
  }

  /** What all loops of the server work with. */
  Edge edge() {
    return edge;
  }

  /** What this loop counts with. */
  LoopMetrics metrics() {
    return metrics;
  }

  Wakeups wakeups() {
    return wakeups;
  }

  /** What waits to be taken by clients. */
  Outbound outbound() {
    return outbound;
  }

  long nowNanos() {
    return eventLoop.ticker().nanoTime();
  }

  /** True while several streams in a row are told to read, so that they may share what is read. */
  boolean isBurst() {
    return wakeups.isDelivering() || releasing;
  }

  /** Memory to assemble frames in; the content is gone with the next caller. */
  Utf8Buffer scratch() {
    return scratch.clear(KEEP_SCRATCH_BYTES);
  }

  /** Reads for the streams. */
  FrameReads frameReads() {
    return frameReads;
  }

  /** The value of the Date field, exact to a second. */
  String date() {
    long nowNanos = nowNanos();
    if (nowNanos - dateAtNanos >= TimeUnit.SECONDS.toNanos(1)) {
      date = HTTP_DATE.format(ZonedDateTime.now(ZoneOffset.UTC));
      dateAtNanos = nowNanos;
    }
    return date;
  }

  void add(TimedHandler handler) {
    handler.next = first;
    if (first != null) {
      first.previous = handler;
    }
    first = handler;
  }

  void remove(TimedHandler handler) {
    TimedHandler before = handler.previous;
    TimedHandler after = handler.next;
    if (before != null) {
      before.next = after;
    } else if (first == handler) {
      first = after;
    }
    if (after != null) {
      after.previous = before;
    }
    handler.previous = null;
    handler.next = null;
  }

  /** Has the stream look at its cursor again at that time. */
  void pace(SseStream stream, long atNanos) {
    paced.add(new Due(atNanos, stream));
    armPaced();
  }

  /** Has a request that is held up tried again in a little while. One timer for all of them. */
  void tryAgain(RequestHandler request) {
    if (held.isEmpty()) {
      eventLoop.schedule(this::runHeld, AGAIN_MS, TimeUnit.MILLISECONDS);
    }
    held.add(request);
  }

  /**
   * Copies what a stream has read, which ends its body if nothing can follow; null if that is
   * nothing. The caller owns it.
   *
   * @param status where the read has stopped
   */
  @Nullable ByteBuf encodeRead(
      ByteBufAllocator allocator, Utf8Buffer frames, StreamOptions options, Cursor.Status status) {
    boolean last = status == Cursor.Status.AT_END && !options.follow();
    return frames.isEmpty() ? null : encode(allocator, frames, options.chunked(), last);
  }

  /**
   * Copies bytes into a direct buffer that the caller owns.
   *
   * @param chunked as one HTTP chunk, header included
   * @param last with the chunk that ends the body
   */
  ByteBuf encode(ByteBufAllocator allocator, Utf8Buffer bytes, boolean chunked, boolean last) {
    int length = bytes.length();
    if (!chunked) {
      return allocator.directBuffer(length).writeBytes(bytes.array(), 0, length);
    }
    ByteBuf chunk = allocator.directBuffer(length + 12 + LAST_CHUNK_BYTES);
    if (length > 0) {
      int digits = (35 - Integer.numberOfLeadingZeros(length)) >> 2;
      for (int i = digits - 1; i >= 0; i--) {
        chunk.writeByte(HEX[(length >> (i << 2)) & 15]);
      }
      chunk.writeShort('\r' << 8 | '\n');
      chunk.writeBytes(bytes.array(), 0, length);
      chunk.writeShort('\r' << 8 | '\n');
    }
    if (last) {
      chunk.writeByte('0').writeShort('\r' << 8 | '\n').writeShort('\r' << 8 | '\n');
    }
    return chunk;
  }

  /**
   * Runs the command for every connection of this loop; it may remove the one it is called with.
   */
  void forEach(Consumer<TimedHandler> command) {
    TimedHandler handler = first;
    while (handler != null) {
      TimedHandler after = handler.next;
      command.accept(handler);
      handler = after;
    }
  }

  /** True if it is so for one connection of this loop. */
  boolean isAny(Predicate<TimedHandler> what) {
    for (TimedHandler handler = first; handler != null; handler = handler.next) {
      if (what.test(handler)) {
        return true;
      }
    }
    return false;
  }

  /** Cuts all connections and ends the timer: the loop may go on for others. */
  void close() {
    ticking.cancel(false);
    probing.cancel(false);
    frameReads.forgetJoins();
    forEach(TimedHandler::cut);
  }

  private void tick() {
    long nowNanos = nowNanos();
    frameReads.forgetJoins();
    forEach(handler -> handler.tick(nowNanos));
  }

  private void probe() {
    long nowNanos = nowNanos();
    metrics.delayed(nowNanos - probeDueNanos);
    probeDueNanos = nowNanos + PROBE_NANOS;
  }

  private void runHeld() {
    List<RequestHandler> due = List.copyOf(held);
    held.clear();
    due.forEach(RequestHandler::takeAgain);
  }

  private void forgetShared() {
    frameReads.forget();
  }

  /** One timer for all that are paced, set to the first of them. */
  private void armPaced() {
    Due head = paced.peek();
    if (head == null || (pacedTimer != null && head.atNanos - pacedTimerNanos >= 0)) {
      return;
    }
    if (pacedTimer != null) {
      pacedTimer.cancel(false);
    }
    pacedTimerNanos = head.atNanos;
    long delayNanos = Math.max(0, head.atNanos - nowNanos());
    pacedTimer = eventLoop.schedule(this::runPaced, delayNanos, TimeUnit.NANOSECONDS);
  }

  private void runPaced() {
    pacedTimer = null;
    long nowNanos = nowNanos();
    releasing = true;
    wakeups.beginTurn();
    try {
      Due head = paced.peek();
      while (head != null && head.atNanos - nowNanos <= 0 && !wakeups.isSpent()) {
        paced.poll();
        head.stream.paced();
        head = paced.peek();
      }
    } finally {
      releasing = false;
      forgetShared();
    }
    armPaced();
  }
}
